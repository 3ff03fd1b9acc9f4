import countries from './countries.json';
import common from './common.json';
import shell from './shell.json';
import signin from './signin.json';
import inbox from './inbox.json';
import requests from './requests.json';
import directory from './directory.json';
import settings from './settings.json';
import help from './help.json';
import forms from './forms.json';
import drafts from './drafts.json';
import proof from './proof.json';

export const words = { ...common, ...shell, ...signin, ...inbox, ...requests, ...directory, ...settings, ...help, ...forms, ...drafts, ...proof };
export { countries };
