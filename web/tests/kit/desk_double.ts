// A desk without a hub, for tests of screens: one request out of the rulebook's own examples, drafts in memory. It answers
// what a screen asks; what a test wants otherwise, it changes.

import type { Desk, Draft, OpenedAct, OpenedCase, Prepared, Sent, SessionState, Step, VerifiedDirectory } from '@/api/desk';
import { DeskError } from '@/api/error';
import { partAnswers, validate, type JsonObject, type Rulebook } from '@/forms';

export const kFrance = 'au:fr:central-authority';
export const kKenya = 'au:ke:central-authority';
const kTime = '2026-11-22T02:00:00Z';
const kSigner = 'CN=Signature key of officer k7tq2m (demonstration)';

const holds = (check: Step['check'], params: Step['params'] = {}): Step => ({ check, finding: 'holds', params, rule: null, detail: `${check} holds` });
/** As long as that of a ledger of a million entries. */
const kReceipt = `c2sp.org/tlog-proof@v1\nindex 40\n${`${'Hq8v'.repeat(11)}\n`.repeat(20)}\nlocalhost/ledger\n60\n${'r'.repeat(43)}=\n\n— localhost/ledger ${'s'.repeat(92)}\n`;

export const goodVerdict = { good: true, steps: [
  holds('receipt', { index: 40 }), holds('signature', { count: 1 }), holds('directory'), holds('seal', { what: 'doc', authority: kKenya }),
  holds('document', { signer: kSigner }),
] };
export const badVerdict = {
  good: false,
  steps: [holds('receipt', { index: 40 }), { check: 'commitment', finding: 'fails', params: {}, rule: 'seal.commitment', detail: 'the opened content is not what the signer committed to' } as const],
};

export interface World {
  rules: Rulebook;
  files: { readonly [path: string]: string };
  /** Answers of the request, in the language of the requesting side and in English. */
  answers: JsonObject;
  translated: JsonObject;
  seat: string;
  role?: string;
}

function actOf(world: World, index: number, type: string, by: string, to: string, answers: JsonObject | null, more: Partial<OpenedAct> = {}): OpenedAct {
  const form = world.rules.transition(type)?.form ?? '';
  return {
    id: `act${index}`.padEnd(43, 'x'), index, time: new Date(Date.parse(kTime) + index * 600_000).toISOString().replace('.000', ''), type, by: `of:${by.slice(3, 5)}:k7tq2m`, for: by, to: [to],
    at: kTime, device: 'device-key'.padEnd(43, 'k'), routing: { basis: 'uncc.44', urgency: 'urgent' }, readers: [kFrance, kKenya], verdict: goodVerdict,
    document: answers === null ? null : {
      form, rulebook: world.rules.digest, basis: 'uncc.44', issuing: by, receiving: [to], answers, signer: kSigner, signedAt: kTime, commitment: 'c'.repeat(43),
    },
    summary: null, translations: [], files: [], unopened: null, mine: by === world.seat, ...more,
  };
}

/** The demonstration request: France asks, Kenya has acknowledged and asks for a supplement. */
export function caseOf(world: World): OpenedCase {
  const acts = [
    actOf(world, 40, 'assistance.request', kFrance, kKenya, world.answers, {
      summary: 'Données d’abonné et de trafic de trois comptes, dossier de messagerie piégée',
      translations: [{ language: 'en', maker: 'machine (demonstration)', checkedBy: '', answers: world.translated }],
      files: [{ fid: 'f'.repeat(22), name: 'ordonnance-du-juge.pdf', type: 'application/pdf', size: 214_311, sha256: '9f2c'.padEnd(43, 'a'), note: '' }],
    }),
    actOf(world, 42, 'assistance.acknowledge', kKenya, kFrance, { reference: 'KE-MLA-2031-0090', received_on: '2031-03-02T09:14:00Z', handling_authority: 'Central Authority (demonstration)' }),
    actOf(world, 47, 'assistance.ask-supplement', kKenya, kFrance, { answer_by: '2031-03-20', missing: ['identifier', 'a9'], supplement_text: 'Please give the end of the period for the second account.' }),
  ];
  const due = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
  const file = {
    case: 'case'.padEnd(43, 'z'), reference: 'FR-2031-00017', kind: 'assistance', state: 'supplement-asked', requesting: kFrance, requested: kKenya, parties: [kFrance, kKenya], basis: 'uncc.44',
    threads: [{ kind: 'assistance', state: 'supplement-asked', final: false, basis: 'uncc.44', requesting: kFrance, requested: kKenya, label: { urgency: 'urgent' } }],
    label: { urgency: 'urgent' }, rulebook: world.rules.digest, opened_at: kTime, changed_at: kTime, last_index: 47, turn: kFrance,
    clocks: [
      { id: 'assistance.supply', kind: 'assistance', owner: kFrance, started_at: kTime, due_at: due(26), state: 'running', alarms: [] },
      { id: 'assistance.execute', kind: 'assistance', owner: kKenya, started_at: kTime, due_at: due(700), state: 'running', alarms: [] },
    ],
    summary: null, can: world.seat === kFrance ? ['assistance.supply', 'assistance.withdraw', 'assistance.inquire', 'message.open'] : ['assistance.consult', 'assistance.answer', 'message.open'],
    acts: [], notes: [],
  } as unknown as OpenedCase['file'];
  return { file, acts, good: true, fetchedAt: kTime, offline: false };
}

function directoryOf(): VerifiedDirectory {
  const authority = (id: string, kind: string, name: { [language: string]: string }) => ({
    authority: id, country: id.slice(3, 5), kind, name, competence: [], details: {}, status: 'active' as const, ring: { generation: 1, kid: 'r'.repeat(43), since: kTime }, administrators: [], ringStale: false,
  });
  return {
    authorities: [
      authority(kFrance, 'central-authority', { fr: 'Bureau de l’entraide (démonstration)', en: 'Mutual Assistance Office (demonstration)' }),
      authority(kKenya, 'central-authority', { en: 'Central Authority (demonstration)' }),
      authority('au:ke:contact-point', 'contact-point', { en: '24/7 Contact Point, Nairobi (demonstration)' }),
      authority('au:sn:central-authority', 'central-authority', { fr: 'Autorité centrale de Dakar (démonstration)' }),
    ],
    countries: ['fr', 'ke', 'sn'].map((cc) => ({ cc, status: 'active', since: kTime })), officers: [], genesis: 'g'.repeat(43), rulebook: '', size: 60, checkedAt: kTime,
  };
}

/** `change` replaces single answers of the desk. What no screen under test asks is not there and throws. */
export function deskDouble(world: World, change: Partial<Desk> = {}): Desk & { drafts: Map<string, Draft>; sent: Prepared[] } {
  const drafts = new Map<string, Draft>();
  const prepared = new Map<string, Prepared>();
  const sent: Prepared[] = [];
  const me = {
    subject: `of:${world.seat.slice(3, 5)}:k7tq2m`, device: 'device-key'.padEnd(43, 'k'), sent: {}, rulebook: world.rules.digest, checkpoint: { size: 60, root: 'r' },
    authorities: [{ authority: world.seat, kind: 'central-authority', roles: [world.role ?? 'officer'], until: '2031-12-31T00:00:00Z', ring: null }],
  };
  const session = {
    state: 'open', me, expiresAt: '2031-12-31T00:00:00Z',
    identity: { kid: me.device, officer: me.subject, authority: world.seat, name: 'A. Duval (demonstration)', custody: 'demonstration', state: 'ready', lastUsed: null },
  } as unknown as SessionState;
  const abilities = world.rules.kinds.flatMap((kind) => kind.transitions.filter((transition) => transition.by !== 'clock').map((transition) => ({ transition })));
  const opened = caseOf(world);
  const allowed = (t: string) => opened.file.can.includes(t);
  const answers: Partial<Desk> = {
    status: async () => ({ hub: 'https://hub.example', demonstration: true } as unknown as Awaited<ReturnType<Desk['status']>>),
    session: () => session,
    onSession: (listener) => (listener(session), () => undefined),
    rulebook: async () => ({ digest: world.rules.digest, files: world.files }),
    directory: async () => directoryOf(),
    onConnection: (listener) => (listener({ online: true, skewSeconds: 0 }), () => undefined),
    events: () => () => undefined,
    presence: async () => undefined,
    duty: async (authority) => ({ authority, listening: true, unheardSince: null, officers: [] }),
    armDuty: async () => undefined,
    speak: () => undefined,
    identities: async () => [],
    lock: async () => undefined,
    alarms: async () => [],
    onAlarm: () => () => undefined,
    cases: async () => ({ items: [opened.file], next: null } as unknown as Awaited<ReturnType<Desk['cases']>>),
    summaries: async () => ({}),
    openCase: async () => opened,
    openAct: async (_, act) => opened.acts.find((one) => one.id === act) ?? opened.acts[0]!,
    abilities: async () => abilities.filter(({ transition }) => transition.from === null).map(({ transition }) => ({
      act: transition.t, allowed: transition.t !== 'police-information.request', form: transition.form ?? '', assurance: transition.assurance ?? 'session', ...(transition.t === 'police-information.request' ? { rule: 'decide.authority-kind', source: 'use.3.1' } : {}),
    })),
    caseAbilities: async () => abilities.map(({ transition }) => ({
      act: transition.t, allowed: allowed(transition.t), form: transition.form ?? '', assurance: transition.assurance ?? 'session', ...(allowed(transition.t) ? {} : { rule: 'decide.state', source: 'use.3.1' }),
    })),
    proof: async (_, act) => {
      const found = opened.acts.find((one) => one.id === act) ?? opened.acts[0]!;
      return {
        act: found, verdict: found.verdict, genesis: 'g'.repeat(43), body: '{"payload":"…","signatures":[]}', receipt: kReceipt, treeSize: 60, root: 'r'.repeat(43),
        chain: [{ act: 'a0', type: 'dir.genesis', subject: 'org', index: 0, time: kTime }, { act: 'a1', type: 'dir.country', subject: 'cc:fr', index: 1, time: kTime }, { act: 'a9', type: 'dir.device', subject: found.by, index: 9, time: kTime }],
        witnesses: [],
      };
    },
    exportProof: async () => new Blob(['{}']),
    openFile: async () => new Blob(['file']),
    attach: async (file, note) => ({ fid: 'f'.repeat(22), name: file.name, type: file.type, size: file.size, sha256: 's'.repeat(43), note }),
    prepare: async (intention) => {
      const { type } = intention;
      const form = world.rules.formOf(type);
      const given = { basis: intention.basis, profile: world.rules.profile((intention.to[0] ?? '').slice(3, 5)), now: Date.now() };
      const defects = form ? validate(world.rules, form, intention.answers, given) : [];
      const parted = form ? partAnswers(world.rules, form, intention.answers, given) : { routing: {}, sealed: {}, removed: [] };
      const one: Prepared = {
        id: `p${prepared.size}`, intention, defects, removed: parted.removed, readers: [...intention.to, intention.authority], hubSees: parted.routing,
        assurance: world.rules.transition(type)?.assurance ?? 'session', sealedBytes: 18_412, signer: me.subject, device: me.device,
        newKeys: [{ authority: intention.to[0] ?? '', kid: 'k'.repeat(43), generation: 2, since: kTime }], rehearsal: { allowed: true, rule: null, title: null },
      };
      prepared.set(one.id, one);
      return one;
    },
    dropPrepared: async (id) => void prepared.delete(id),
    send: async (id): Promise<Sent> => {
      const one = prepared.get(id);
      if (!one) throw new DeskError({ kind: 'not_found', rule: 'desk.prepared', detail: id });
      sent.push(one);
      return { id: 'new'.padEnd(43, 'n'), index: 61, time: kTime, case: opened.file.case, reference: opened.file.reference, verdict: goodVerdict, receipt: '', witnessed: false };
    },
    outbox: async () => [],
    onOutbox: () => () => undefined,
    saveDraft: async (draft) => {
      drafts.set(draft.id, draft);
      return kTime;
    },
    loadDraft: async (id) => drafts.get(id) ?? null,
    listDrafts: async () => [...drafts.values()].map((draft) => ({ id: draft.id, authority: draft.authority, kind: draft.kind, form: draft.form, updatedAt: kTime, updatedBy: null, etag: null, bytes: 1 })),
    deleteDraft: async (id) => void drafts.delete(id),
    shareDraft: async () => ({ etag: 'e1', updatedAt: kTime }),
    teamDrafts: async () => [],
    openTeamDraft: async () => {
      throw new DeskError({ kind: 'not_found', rule: 'draft.unknown', detail: 'none' });
    },
  };
  return Object.assign(answers, { drafts, sent }, change) as Desk & { drafts: Map<string, Draft>; sent: Prepared[] };
}
