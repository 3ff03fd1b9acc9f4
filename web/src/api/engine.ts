// The worker's side of the facade: every method of the protocol, by name.

import { Mirror } from '@/acts/mirror';
import { Outbox } from '@/acts/outbox';
import { Store } from '@/sealing/store';

import { Certificates } from './certificates';
import { Room } from './desk_room';
import { Http } from './http';
import { Live } from './live';
import type { Engine, Told } from './protocol';
import { Reading } from './reading';
import { mirrorShelf, outboxShelf } from './shelves';
import { SigningIn } from './signing_in';
import type { DutyState, LiveEvent } from './types_people';

const now = (): number => Date.now() / 1000;

/** The genesis that this build trusts, where the build names one. */
const ANCHOR: string | null = (import.meta.env['VITE_ENTRAIDE_GENESIS'] as string | undefined) ?? null;

/** A part of the engine that reading does not need: its code is fetched when it is first asked for. */
interface Part<T> {
  (): Promise<T>;
  loaded: Promise<T> | null;
}
function part<T>(load: () => Promise<T>): Part<T> {
  const given: Part<T> = Object.assign(
    () => {
      given.loaded ??= load().catch((error: unknown) => {
        given.loaded = null; // the line was down: the next call tries again
        throw error;
      });
      return given.loaded;
    },
    { loaded: null },
  );
  return given;
}

export async function makeEngine(base: string, tell: (told: Told) => void): Promise<Engine> {
  const store = await Store.open();
  const mirror = new Mirror(mirrorShelf(store), now, ANCHOR);
  let language = 'en';
  let connection = { online: true, skewSeconds: null as number | null };
  const reached = (online: boolean, hubTime: number | null): void => {
    const skewSeconds = hubTime === null ? connection.skewSeconds : Math.round(now() - hubTime);
    const changed = online !== connection.online || (skewSeconds === null) !== (connection.skewSeconds === null) || Math.abs((skewSeconds ?? 0) - (connection.skewSeconds ?? 0)) > 5;
    const back = online && !connection.online;
    connection = { online, skewSeconds };
    if (changed) tell({ told: 'connection', value: connection });
    if (!back) return;
    for (const stream of streams.values()) stream.wake();
    void sendWaiting([]).catch(() => undefined);
  };
  // A mandate may have ended, or an authority been closed, since the hub said who we are.
  let askedAgain = 0;
  const refused = (rule: string): void => {
    if (rule !== 'api.authority' || room.state.state !== 'open' || now() - askedAgain < 5) return;
    askedAgain = now();
    void signing.me().catch(() => undefined);
  };
  const http: Http = new Http({ base, language: () => language, now, reached, refused, renew: () => signing.open() });
  const outboxTold = (): void => void outbox.items().then((value) => tell({ told: 'outbox', value }));
  const outbox: Outbox = new Outbox(outboxShelf(store), http, mirror, now, outboxTold);
  const room = new Room(http, store, mirror, outbox, now, tell);
  const signing: SigningIn = new SigningIn(room);
  const reading = new Reading(room);
  const certificates = new Certificates(room);
  const writing = part(async () => new (await import('./writing')).Writing(room, reading, (token, done, total) => tell({ told: 'progress', token, done, total })));
  const drafting = part(async () => new (await import('./drafting')).Drafting(room));
  const newcomer = part(async () => new (await import('./newcomer')).Newcomer(room, signing));
  const waiting = part(async () => new (await import('./waiting')).Waiting(room));
  const mandates = part(() => import('@/acts/mandates'));
  const people = part(async () => new (await import('./people')).People(room, certificates, await waiting()));
  const streams = new Map<string, Live>();
  const sendWaiting = async (confirmed: readonly string[]): Promise<void> => outbox.sendWaiting(new Set(confirmed), room.resigner());
  const hushed = (): void => {
    for (const stream of streams.values()) stream.close();
    streams.clear();
    reading.forget();
    void writing.loaded?.then((one) => one.forget());
  };
  mirror.onAlarm = () => tell({ told: 'alarms', value: [...mirror.alarms] });
  const afterSignIn = async <T>(me: T): Promise<T> => {
    hushed();
    await room.freshen().catch(() => undefined);
    const { seat } = room;
    if (seat !== null && http.hasSession) await mirror.reconcileSent(seat.me.device, seat.me.sent).catch(() => undefined);
    if (seat !== null && http.hasSession && certificates.wanting(seat.identity)) await certificates.fetch().catch(() => null);
    void sendWaiting([]).catch(() => undefined);
    // Whoever is signed in may write, also when the line is down a minute later.
    void Promise.all([writing(), drafting()]).catch(() => undefined);
    return me;
  };

  return {
    async start(given) {
      language = given;
      await mirror.load();
      if (mirror.alarms.length > 0) tell({ told: 'alarms', value: mirror.alarms });
      await signing.resume();
      if (room.seat !== null) await afterSignIn(null);
      outboxTold();
    },
    setLanguage: async (given) => void (language = given),
    status: () => signing.status(),
    identities: () => signing.identities(),
    beginSignIn: (kid) => signing.begin(kid),
    finishSignIn: async (kid, nonce, assertion, prf) => afterSignIn(await signing.finish(kid, assertion, prf, nonce)),
    lock: async () => (hushed(), signing.lock()),
    signOut: async () => (hushed(), signing.signOut()),
    async forgetEverything() {
      hushed();
      await signing.forgetEverything();
      mirror.empty();
      outboxTold();
    },
    me: () => signing.me(),
    async endedMandates() {
      await room.freshen();
      const { identity, me } = room.require();
      return (await mandates()).endedMandates(mirror.directory, mirror.entries, identity.officer, me.authorities.map((one) => one.authority), now());
    },
    demonstrationPeople: () => signing.people(),
    openAs: async (subject, number) => afterSignIn(await signing.openAs(subject, number ?? 1)),

    cases: (query) => reading.cases(query),
    summaries: (authority, cases) => reading.summaries(authority, cases),
    openCase: (authority, which) => reading.openCase(authority, which),
    openAct: (authority, act) => reading.openAct(authority, act),
    caseAbilities: (caseId) => reading.caseAbilities(caseId),
    abilities: (authority) => reading.abilities(authority),
    directory: () => reading.directory(),
    async rulebook(digest) {
      const wanted = digest ?? (await room.rulebookInForce());
      return { digest: wanted, files: await room.bundle(wanted) };
    },
    openFileAs: async (token, authority, act, fid) => (await writing()).openFile(token, authority, act, fid),
    proof: (authority, act) => reading.proof(authority, act),
    exportProof: (authority, acts, disclose) => reading.exportProof(authority, acts, disclose),
    async checkLedger() {
      await mirror.update(http);
      const { size, root } = mirror.checkpointRef();
      const step = { check: 'receipt', finding: 'holds', params: { size }, rule: null, detail: `all ${size} entries of the ledger give the root that its log signed` } as const;
      return { size, root, checkedAt: new Date(mirror.checkedAt * 1000).toISOString().replace(/\.[0-9]+Z$/, 'Z'), verdict: { steps: [step], good: true } };
    },
    alarms: async () => mirror.alarms,
    async clearAlarms() {
      await mirror.clearAlarms();
      tell({ told: 'alarms', value: [] });
    },

    attachAs: async (token, file, note) => (await writing()).attach(token, file, note),
    prepare: async (intention) => (await writing()).prepare(intention),
    dropPrepared: async (id) => (await writing()).drop(id),
    send: async (id) => (await writing()).send(id),
    outbox: () => outbox.items(),
    sendWaiting: (confirmed) => sendWaiting(confirmed ?? []),
    dropWaiting: (act) => outbox.drop(act),

    async listen(authority) {
      if (streams.has(authority)) return;
      const { identity, me } = room.require();
      const arrived = async (id: string): Promise<void> => reading.acknowledge(authority, await reading.opening(authority, id, 'sum'), 'ack.delivered');
      const take = (value: LiveEvent, leading: boolean): void => {
        tell({ told: 'event', authority, value });
        if (leading && value.name === 'act' && value.data.id !== undefined && value.data.to?.includes(authority) === true) void arrived(value.data.id).catch(() => undefined);
      };
      streams.set(authority, new Live(http, authority, `entraide-live:${identity.kid}:${authority}`, me.checkpoint.n - 1, take));
    },
    async listenNoMore(authority) {
      streams.get(authority)?.close();
      streams.delete(authority);
    },
    async presence(caseId, state) {
      await http.send('POST', `/v1/cases/${encodeURIComponent(caseId)}/presence`, { state }, { session: true });
    },
    async duty(authority): Promise<DutyState> {
      const given = (await http.json(`/v1/duty?authority=${encodeURIComponent(authority)}`)) as { authority: string; listening: boolean; unheard_since: string | null; officers: readonly { officer: string; armed: boolean; since: string; seen_at: string }[] };
      const officers = given.officers.map((one) => ({ officer: one.officer, armed: one.armed, since: one.since, seenAt: one.seen_at }));
      return { authority: given.authority, listening: given.listening, unheardSince: given.unheard_since, officers };
    },
    async armDuty(authority, armed) {
      await http.send('POST', '/v1/duty', { authority, armed }, { session: true });
    },

    saveDraft: async (draft) => (await drafting()).save(draft),
    loadDraft: async (id) => (await drafting()).load(id),
    listDrafts: async () => (await drafting()).list(),
    exportDrafts: async () => (await drafting()).exported(),
    deleteDraft: async (id) => (await drafting()).remove(id),
    shareDraft: async (draft, etag) => (await drafting()).share(draft, etag),
    teamDrafts: async (authority) => (await drafting()).team(authority),
    openTeamDraft: async (authority, id) => (await drafting()).openTeam(authority, id),
    deleteTeamDraft: async (authority, id, etag) => (await drafting()).removeTeam(authority, id, etag),

    openInvitation: async (code) => (await newcomer()).openInvitation(code),
    beginEnrolment: async (code, name) => (await newcomer()).begin(code, name),
    finishEnrolment: async (_kid, passkey) => (await newcomer()).finish(passkey),
    enrolmentState: async (kid) => (await newcomer()).state(kid),
    invite: async (authority, officer) => (await people()).invite(authority, officer),
    invitations: async (authority) => (await people()).invitations(authority),
    withdrawInvitation: async (id) => (await people()).withdraw(id),
    enrolments: async (authority) => (await people()).enrolments(authority),
    enrolmentWords: async (id, code) => (await people()).words(id, code),
    admitDevice: async (enrolment, name) => (await people()).admit(enrolment, name),
    canCertify: async () => certificates.canIssue,
    certifyDevice: (authority, device, name) => certificates.issue(authority, device, name),
    certificates: (authority) => certificates.issued(authority),
    documentCertificate: async () => (http.hasSession ? certificates.fetch() : certificates.mine()),
    refuseEnrolment: async (enrolment) => (await people()).refuse(enrolment),
    addOfficer: async (authority, roles, until, officer) => (await people()).addOfficer(authority, roles, until, officer),
    waitingActs: async () => (await waiting()).list(),
    countersign: async (id) => (await waiting()).countersign(id),
    declineWaiting: async (id, why) => (await waiting()).decline(id, why),
    revoke: async (what, authority, why) => (await people()).revoke(what, authority, why),
    newRing: async (authority, keepHistory) => (await people()).newRing(authority, keepHistory),
    grantRing: async (authority, device) => (await people()).grantRing(authority, device),
    passkeys: async () => (await newcomer()).passkeys(),
    async beginPasskey() {
      const { kid } = room.require().identity;
      const [{ nonce }, known] = await Promise.all([signing.challenge(kid), newcomer().then((one) => one.passkeys())]);
      return { nonce, kid, known: known.map((one) => one.passkey) };
    },
    finishPasskey: async (nonce, made) => (await newcomer()).addPasskey(nonce, made),
    removePasskey: async (id) => (await newcomer()).removePasskey(id),
  };
}
