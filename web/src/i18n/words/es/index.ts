import countries from './countries.json';
import common from './common.json';
import shell from './shell.json';
import signin from './signin.json';
import inbox from './inbox.json';
import requests from './requests.json';
import directory from './directory.json';
import forms from './forms.json';
import drafts from './drafts.json';
import proof from './proof.json';

export const words = { ...common, ...shell, ...signin, ...inbox, ...requests, ...directory, ...forms, ...drafts, ...proof };
export { countries };
