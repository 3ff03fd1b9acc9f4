// The screens of the shell in each of their states.
const FAILED = 'fail=cases,directory&rule=http.internal';
const REFUSED = 'fail=cases,directory&kind=refused&rule=api.authority';
const OFFLINE = 'offline=1&fail=cases,directory&kind=unavailable&rule=desk.offline';

const states = (name, path) => [
  { name, path },
  { name: `${name}-loading`, path, world: 'slow=1' },
  { name: `${name}-error`, path, world: FAILED },
  { name: `${name}-offline`, path, world: OFFLINE },
  { name: `${name}-not-allowed`, path, world: REFUSED },
];

const ACT = 'act40'.padEnd(43, 'x');

export const STATES = [
  ...states('inbox', '/'),
  { name: 'inbox-empty', path: '/', world: 'empty=1' },
  ...states('requests', '/requests'),
  { name: 'requests-empty', path: '/requests', world: 'empty=1' },
  ...states('directory', '/directory'),
  ...states('administration', '/administration'),
  { name: 'administration-reader', path: '/administration', world: 'roles=officer' },
  { name: 'administration-invitations', path: '/administration', tab: 1 },
  { name: 'administration-keys', path: '/administration', tab: 2 },
  { name: 'administration-appoint', path: '/administration', press: '.actions .primary' },
  { name: 'settings', path: '/settings' },
  { name: 'help', path: '/help' },
  { name: 'duty', path: '/duty' },
  { name: 'sign-in', path: '/sign-in', world: 'signed-out=1' },
  { name: 'locked', path: '/sign-in', world: 'locked=1' },
  { name: 'enrol', path: '/enrol', world: 'signed-out=1' },
  { name: 'enrol-faults', path: '/enrol', world: 'signed-out=1', press: 'form .primary' },
  { name: 'palette', path: '/', keys: 'Control+k' },
  { name: 'request', path: '/requests/FR-2031-00017', world: 'request=received' },
  { name: 'request-sent', path: '/requests/FR-2031-00017', world: 'request=sent' },
  { name: 'request-red', path: '/requests/FR-2031-00017', world: 'request=received&bad=1' },
  { name: 'request-files', path: '/requests/FR-2031-00017', world: 'request=received', tab: 1 },
  { name: 'request-history', path: '/requests/FR-2031-00017', world: 'request=received', tab: 2 },
  { name: 'request-notes', path: '/requests/FR-2031-00017', world: 'request=received', tab: 3 },
  { name: 'request-print', path: '/requests/FR-2031-00017/print', world: 'request=received' },
  { name: 'proof', path: `/requests/FR-2031-00017/proof/${ACT}`, world: 'request=received' },
  { name: 'receipt', path: `/receipt/${ACT}`, world: 'request=sent' },
  { name: 'outbox', path: '/outbox', world: 'request=sent' },
  { name: 'new', path: '/new', world: 'request=sent' },
  { name: 'new-begin', path: '/new/assistance.request', world: 'request=sent' },
  { name: 'new-begin-faults', path: '/new/assistance.request', world: 'request=sent', press: 'main .primary' },
  { name: 'drafts', path: '/drafts', world: 'request=sent' },
  { name: 'draft', path: '/drafts/begun', world: 'request=sent' },
  { name: 'draft-delete', path: '/drafts/begun', world: 'request=sent', press: '.actions .quiet' },
  { name: 'draft-faults', path: '/drafts/begun/part/facts', world: 'request=sent', press: '.actions .primary' },
  ...['request', 'authorities', 'offences', 'assistance', 'persons', 'stored-data', 'urgency', 'signature'].map((part) => ({ name: `draft-${part}`, path: `/drafts/full/part/${part}`, world: 'request=sent' })),
  { name: 'draft-paste', path: '/drafts/full/part/stored-data', world: 'request=sent', press: '.group-field .actions .btn' },
  { name: 'draft-summary', path: '/drafts/full/summary', world: 'request=sent' },
  { name: 'draft-files', path: '/drafts/full/files', world: 'request=sent' },
  { name: 'draft-translation', path: '/drafts/full/translation', world: 'request=sent' },
  { name: 'draft-conflict', path: '/drafts/forked', world: 'request=sent&conflict=1', press: '.actions .btn:nth-child(2)' },
  { name: 'draft-check', path: '/drafts/full/check', world: 'request=sent' },
  { name: 'rulebook', path: '/rulebook', world: 'request=sent' },
  { name: 'rulebook-words', path: '/rulebook', world: 'request=sent', tab: 4 },
  { name: 'rulebook-kind', path: '/rulebook/kind/preservation', world: 'request=sent' },
  { name: 'rulebook-form', path: '/rulebook/form/assistance.request', world: 'request=sent' },
  { name: 'rulebook-instrument', path: '/rulebook/instrument/budapest', world: 'request=sent' },
];
