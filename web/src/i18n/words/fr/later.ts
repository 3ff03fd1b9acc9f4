import administration from './administration.json';
import formChange from './form-change.json';
import help from './help.json';
import outbox from './outbox.json';
import revoked from './revoked.json';
import settings from './settings.json';
import team from './team.json';

export const words = { ...administration, ...revoked, ...outbox, ...team, ...formChange, ...settings, ...help };
