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
];
