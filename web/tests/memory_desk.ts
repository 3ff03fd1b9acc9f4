import type { Alarm, Case, CasePage, Clock, Desk, DirectoryOfficer, DirectoryAuthority, EndedMandate, Identity, LiveEvent, Me, OutboxItem, SessionState, VerifiedDirectory } from '@/api/desk';
import { DeskError } from '@/api/error';

/** A desk in memory, for tests of screens alone: everything that a screen asks is answered from `world`, nothing is checked. */
export type World = {
  now: number;
  cases: Case[];
  summaries: Record<string, string>;
  directory: VerifiedDirectory;
  rulebook: { digest: string; files: Record<string, string> };
  session: SessionState;
  identities: Identity[];
  online: boolean;
  outbox: OutboxItem[];
  alarms: Alarm[];
  ended?: readonly EndedMandate[];
  /** What `prepare` and `send` were asked to do. */
  sent: string[];
  failing: Partial<Record<keyof Desk, DeskError>>;
};

export const MINE = 'au:ke:contact-point';
const MINUTE = 60_000;

const stamp = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

export function aClock(now: number, owner: string, dueIn: number, kind = 'preservation'): Clock {
  return { id: `${kind}.acknowledge`, kind, owner, started_at: stamp(now - 60 * MINUTE), due_at: stamp(now + dueIn * MINUTE), state: 'running', alarms: [] };
}

export function aCase(now: number, number: number, dueIn: number | null, change: Partial<Case> = {}): Case {
  const kind = change.kind ?? ['preservation', 'assistance', 'police-information', 'contact-point'][number % 4] ?? 'preservation';
  const requesting = `au:${['fr', 'ma', 'mx', 'sn'][number % 4]}:${number % 2 ? 'central-authority' : 'contact-point'}`;
  const state = { preservation: 'asked', assistance: 'requested', 'police-information': 'requested', 'contact-point': 'requested' }[kind] ?? 'asked';
  return {
    case: `case-${number}`, reference: `FR-2026-${String(number).padStart(5, '0')}`, kind, state, requesting, requested: MINE, parties: [requesting, MINE], basis: 'uncc.42', label: {},
    threads: [{ kind, state, final: false, basis: 'uncc.42', requesting, requested: MINE, label: {} }], rulebook: 'r', opened_at: stamp(now - 60 * MINUTE), changed_at: stamp(now - 60 * MINUTE), last_index: number,
    turn: dueIn === null ? requesting : MINE, clocks: dueIn === null ? [] : [aClock(now, MINE, dueIn, kind)], summary: { act: 'a', h: `h${number}`, n: 100 }, can: [`${kind}.acknowledge`, `${kind}.refuse`], ...change,
  };
}

export function anOfficer(change: Partial<DirectoryOfficer> = {}): DirectoryOfficer {
  return {
    officer: 'of:ke:7h2k9m4q', authority: MINE, roles: ['duty-officer', 'officer'], until: '2027-11-22T00:00:00Z', status: 'active',
    devices: [{ kid: '1hkh7hC0DDkHMZ5KihcwcjGYdR7csZARSvLvKIMF2ZA', aal: 'prf', status: 'active', since: '2026-11-01T08:00:00Z', revokedAt: null, ringMember: true, document: true }], ...change,
  };
}

function authority(id: string): DirectoryAuthority {
  const [, country = '', kind = ''] = id.split(':');
  return {
    authority: id, country, kind, name: {}, competence: [], details: {}, status: 'active', administrators: [], ringStale: false,
    ring: { generation: 1, kid: '1hkh7hC0DDkHMZ5KihcwcjGYdR7csZARSvLvKIMF2ZA', since: '2026-11-01T08:00:00Z' },
  };
}

export function me(roles: string[]): Me {
  return {
    subject: 'of:ke:7h2k9m4q', device: '1hkh7hC0DDkHMZ5KihcwcjGYdR7csZARSvLvKIMF2ZA', authorities: [{ authority: MINE, kind: 'contact-point', roles, until: '2027-11-22T00:00:00Z', ring: null }],
    sent: {}, rulebook: 'r', checkpoint: { size: 1, root: 'x' } as unknown as Me['checkpoint'],
  };
}

export function anIdentity(change: Partial<Identity> = {}): Identity {
  return { kid: '1hkh7hC0DDkHMZ5KihcwcjGYdR7csZARSvLvKIMF2ZA', officer: 'of:ke:7h2k9m4q', authority: MINE, name: 'Wanjiru Otieno', custody: 'demonstration', state: 'ready', lastUsed: '2026-11-22T00:10:00Z', ...change };
}

export function aWorld(change: Partial<World> = {}, roles: string[] = ['duty-officer', 'officer', 'administrator']): World {
  const now = change.now ?? Date.now();
  const identity = anIdentity();
  const subjects = [
    'Conserver les données de trafic de trois comptes de messagerie', 'Subscriber data for a telephone number', 'Congelar una transferencia de 410 000 EUR', 'حفظ بيانات خادم قبل حذفها',
    'Identify the person behind a threat to a school, life at risk, very long subject that does not fit into the row at all and is cut off',
  ];
  const dues = [-12, 41, 146, 300, 557, 1240, 2160, 3420, 5000];
  const cases = dues.map((due, index) => aCase(now, 4817 + index * 13, due, index === 1 ? { label: { urgency: 'emergency' } } : index > 3 ? { can: [] } : {}));
  return {
    now, cases, summaries: Object.fromEntries(cases.map((one, index) => [one.case, subjects[index % subjects.length] ?? ''])), identities: [identity], online: true, outbox: [], alarms: [], sent: [], failing: {},
    session: { state: 'open', identity, me: me(roles), expiresAt: stamp(now + 480 * MINUTE) }, rulebook: { digest: 'r', files: { 'rulebook.json': '{}' } },
    directory: {
      authorities: ['ke', 'fr', 'ma', 'mx', 'sn'].flatMap((cc) => ['central-authority', 'contact-point', 'ncb'].map((kind) => authority(`au:${cc}:${kind}`))),
      countries: ['ke', 'fr', 'ma', 'mx', 'sn'].map((cc) => ({ cc, status: 'active' as const, since: '2026-11-01T08:00:00Z' })),
      officers: [anOfficer(), anOfficer({ officer: 'of:ke:9d3x5t1w', until: stamp(now + 5 * 1440 * MINUTE), roles: ['magistrate'], devices: [] })],
      genesis: 'g', rulebook: 'r', size: 245, checkedAt: stamp(now),
    },
    ...change,
  };
}

/** A mandate for each way in which one ends. */
export const kEnded: readonly EndedMandate[] = (['until', 'authority', 'country', 'unexplained'] as const).map((why, index) => ({
  authority: ['au:ke:contact-point', 'au:ke:ncb', 'au:sn:ncb', 'au:ke:central-authority'][index] ?? MINE, roles: ['duty-officer', 'officer'], why, since: '2026-11-21T22:00:00Z',
  act: why === 'unexplained' ? null : { index: 88_213 + index, time: '2026-05-20T09:30:00Z', by: ['au:ke:contact-point', 'cc:ke', 'org'][index] ?? 'org', key: '1hkh7hC0DDkHMZ5KihcwcjGYdR7csZARSvLvKIMF2ZA' },
}));

type Answerer = { [Name in keyof Desk]?: Desk[Name] };

/** What the desk would say; a call that no test needs fails with `desk.not-here`. `emit` brings a live event. */
export function memoryDesk(world: World): { desk: Desk; emit: (event: LiveEvent) => void; changeSession: (session: SessionState) => void; connect: (online: boolean) => void } {
  const hearers = new Set<(event: LiveEvent) => void>();
  const sessions = new Set<(session: SessionState) => void>();
  const connections = new Set<(state: { online: boolean; skewSeconds: number | null }) => void>();
  const changeSession = (session: SessionState) => {
    world.session = session;
    for (const hearer of sessions) hearer(session);
  };
  const view = (name: string, one: Case) => (name === 'inbox' ? one.clocks.some((clock) => clock.owner === MINE && clock.state === 'running') : name === 'closed' ? one.threads.every((thread) => thread.final) : name === 'sent' ? one.requesting === MINE : true);
  const own: Answerer = {
    speak: () => undefined,
    status: async () => ({ name: 'Test hub', version: '0.1.0', origin: 'localhost/ledger', log_vkey: 'k', genesis: 'g', rulebook: 'r', tree_size: 245, time: stamp(world.now), demonstration: true, desk: null }),
    identities: async () => world.identities,
    session: () => world.session,
    onSession: (hearer) => (sessions.add(hearer), hearer(world.session), () => sessions.delete(hearer)),
    signIn: async () => (changeSession({ state: 'open', identity: anIdentity(), me: me(['duty-officer']), expiresAt: stamp(world.now) }), me(['duty-officer'])),
    openAs: async () => (changeSession({ state: 'open', identity: anIdentity(), me: me(['duty-officer']), expiresAt: stamp(world.now) }), me(['duty-officer'])),
    me: async () => (world.session.state === 'open' ? world.session.me : me([])),
    endedMandates: async () => world.ended ?? [],
    listDrafts: async () => [],
    teamDrafts: async () => [],
    openTeamDraft: async () => Promise.reject(new DeskError({ kind: 'not_found', rule: 'api.not_found', detail: 'nothing yet' })),
    lock: async () => changeSession({ state: 'locked', identity: anIdentity() }),
    signOut: async () => changeSession({ state: 'none' }),
    demonstrationPeople: async () =>
      ['fr', 'ke', 'ma', 'mx', 'sn'].flatMap((country) => ['central-authority', 'contact-point', 'ncb'].map((kind) => ({ subject: `of:${country}:${kind}`, name: `${kind === 'ncb' ? 'Amina' : 'Bilel'} ${country.toUpperCase()}`, authority: `au:${country}:${kind}`, kind, country, roles: ['officer'], languages: ['en'], title: { en: 'Duty officer', fr: 'Agent de permanence', es: 'Agente de guardia', ar: 'ضابط المناوبة' } }))),
    cases: async (query): Promise<CasePage> => {
      const all = world.cases.filter((one) => view(query.view, one) && (!query.kind || one.kind === query.kind));
      const from = Number(query.cursor ?? 0);
      const to = from + (query.limit ?? all.length);
      return { items: all.slice(from, to), next: to < all.length ? String(to) : null };
    },
    summaries: async (_, cases) => Object.fromEntries(cases.map((one) => [one.case, { state: 'open' as const, text: world.summaries[one.case] ?? '', verdict: { steps: [], good: true } }])),
    directory: async () => world.directory,
    rulebook: async () => world.rulebook,
    alarms: async () => world.alarms,
    onAlarm: () => () => undefined,
    outbox: async () => world.outbox,
    onOutbox: () => () => undefined,
    events: (_, hearer) => (hearers.add(hearer), () => hearers.delete(hearer)),
    onConnection: (hearer) => (connections.add(hearer), hearer({ online: world.online, skewSeconds: 0 }), () => connections.delete(hearer)),
    presence: async () => undefined,
    duty: async () => ({ authority: MINE, listening: false, unheardSince: null, officers: [] }),
    armDuty: async () => undefined,
    passkeys: async () => [],
    canCertify: async () => true,
    certificates: async () => ({}),
    waitingActs: async () => [],
    documentCertificate: async () => ({ name: 'C=KE, O=au:ke:contact-point, CN=Bilel KE', from: stamp(world.now), until: stamp(world.now + 1_000_000 * MINUTE) }),
    invitations: async () => [{ invitation: 'i1', authority: MINE, officer: 'of:ke:9d3x5t1w', state: 'open', createdAt: stamp(world.now), expiresAt: stamp(world.now + 4320 * MINUTE) }],
    enrolments: async () => [{ enrolment: 'e1', invitation: 'i1', officer: 'of:ke:9d3x5t1w', authority: MINE, device: '9kqR2mCWqk3XvJ6wqf0mVbqf7zq8yRtQhZc1aYbN5uE', aal: 'prf', state: 'pending', words: ['harbor', 'lemon', 'quiet', 'stone'], verdict: { steps: [], good: true }, createdAt: stamp(world.now), expiresAt: stamp(world.now + 4320 * MINUTE) }],
    prepare: async (intention) => {
      world.sent.push(`prepare ${intention.type}`);
      return { id: 'p1', actId: 'act', intention, defects: [], removed: [], readers: [], hubSees: {}, assurance: 'session', sealedBytes: 1, signer: 'of', device: 'd', newKeys: [], rehearsal: null };
    },
    send: async (id) => (world.sent.push(`send ${id}`), { id: 'act-1', index: 88213, time: stamp(world.now), case: null, reference: null, verdict: { steps: [], good: true }, receipt: '', witnessed: false }),
    dropPrepared: async (id) => void world.sent.push(`drop ${id}`),
    checkLedger: async () => ({ size: 245, root: 'x', checkedAt: stamp(world.now), verdict: { steps: [], good: true } }),
  };
  const desk = new Proxy(own, {
    get: (target, name: keyof Desk) => {
      const failure = world.failing[name];
      if (failure) return async () => Promise.reject(failure);
      return target[name] ?? (async () => Promise.reject(new DeskError({ kind: 'internal', rule: 'desk.not-here', detail: `the test does not answer ${name}` })));
    },
  }) as Desk;
  return { desk, changeSession, emit: (event) => hearers.forEach((hearer) => hearer(event)), connect: (online) => { world.online = online; connections.forEach((hearer) => hearer({ online, skewSeconds: 0 })); } };
}
