import administration from './administration.json';
import ended from './ended.json';
import formChange from './form-change.json';
import help from './help.json';
import outbox from './outbox.json';
import revoked from './revoked.json';
import settings from './settings.json';
import team from './team.json';

export const words = { ...administration, ...revoked, ...ended, ...outbox, ...team, ...formChange, ...settings, ...help };
