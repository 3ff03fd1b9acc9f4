// Cases, acts, summaries, the directory, proofs: fetched, checked, opened.

import { base64 } from '@/sealing/base64';
import { Fault, ruleOf, wordsOf } from '@/sealing/fault';
import { isDirectoryAct } from '@/proof/act';
import { currentRing } from '@/proof/directory';
import { parseReceipt } from '@/proof/receipt';
import { timeText } from '@/proof/time';
import { Verdicts } from '@/proof/verdict';
import { acknowledgementOf } from '@/acts/acknowledge';
import type { ManifestEntry } from '@/acts/content';
import type { Fetched, Opening, Wanted } from '@/acts/open';
import { fetchAct, fetchWithSummaries, openAct } from '@/acts/open';

import type { CaseQuery } from './desk';
import type { Room } from './desk_room';
import { inParallel } from './desk_room';
import type { Ability, Case, CaseAct, CaseFile, CasePage } from './generated';
import type { OpenedAct, OpenedCase, Summary, Unopened } from './types';
import { passes, Summaries } from './summaries';
import type { DirectoryAuthority, DirectoryOfficer, ProofPage, VerifiedDirectory } from './types_people';

type Label = Pick<CaseAct, 'id' | 'index' | 'time' | 't' | 'by' | 'for' | 'to' | 'at'>;

/** An act without its content: the hub's label of it, and why there is no more. */
function labelOnly({ id, index, time, t, by, for: of, to, at }: Label, authority: string, verdict: Verdicts, unopened: Unopened): OpenedAct {
  return { id, index, time, type: t, by, for: of, to, at, device: '', routing: {}, readers: [], verdict: verdict.done(), document: null, summary: null, translations: [], files: [], unopened, mine: of === authority };
}
/** An act that could not even be read: shown in red with what the hub says of it. */
function unreadable(of: Label, authority: string, error: unknown): OpenedAct {
  const verdict = new Verdicts();
  verdict.fails('format', ruleOf(error), wordsOf(error));
  return labelOnly(of, authority, verdict, 'not-valid');
}
/** The hub gives the acts of a case to those who were parties of it then. Who came later sees that there was one. */
function beforeUs(of: Label, authority: string): OpenedAct {
  const verdict = new Verdicts();
  verdict.notShown('seal', 'seal.not-mine', `written before ${authority} came into the case`, { what: 'doc' });
  return labelOnly(of, authority, verdict, 'before-us');
}
const ACTS_HELD = 2000;

export class Reading {
  private readonly fetched = new Map<string, Fetched>();
  private readonly manifests = new Map<string, ManifestEntry>();
  private readonly summariesOf: Summaries;
  private readonly told = new Set<string>();
  constructor(private readonly room: Room) {
    this.summariesOf = new Summaries(room, this);
  }

  forget(): void {
    this.fetched.clear();
    this.manifests.clear();
    this.summariesOf.forget();
  }

  async cases(query: CaseQuery): Promise<CasePage> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
    const path = `/v1/cases?${parameters.toString()}`;
    return (await this.room.kept(path, () => this.room.http.json(path) as Promise<CasePage>)).value;
  }

  /** The act as it is in the ledger: it never changes, so it is fetched once. */
  private async fetch(id: string): Promise<Fetched> {
    const known = this.fetched.get(id);
    if (known !== undefined) return known;
    const fresh = await fetchAct(this.room.http, id);
    this.hold(new Map([[id, fresh]]));
    return fresh;
  }
  /** By id; those that are not at hand are fetched together, and those that are missing are not there or not for us. */
  async fetchAll(ids: readonly string[]): Promise<ReadonlyMap<string, Fetched>> {
    const known = ids.flatMap((id): [string, Fetched][] => { const one = this.fetched.get(id); return one === undefined ? [] : [[id, one]]; });
    const fresh = await fetchWithSummaries(this.room.http, [...new Set(ids)].filter((id) => !this.fetched.has(id)));
    this.hold(fresh);
    return new Map([...known, ...fresh]);
  }
  private hold(fresh: ReadonlyMap<string, Fetched>): void {
    if (this.fetched.size + fresh.size > ACTS_HELD) this.fetched.clear();
    for (const [id, one] of fresh) this.fetched.set(id, one);
  }
  async opening(authority: string, id: string, wanted: Wanted = 'all', given?: Fetched): Promise<Opening> {
    const opening = await openAct(this.room.reader(authority), id, given ?? (await this.fetch(id)), wanted);
    for (const file of opening.manifest) this.manifests.set(`${id}/${file.fid}`, file);
    return opening;
  }
  async openAct(authority: string, id: string): Promise<OpenedAct> {
    const opening = await this.opening(authority, id);
    void this.acknowledge(authority, opening, 'ack.opened');
    return this.withFirstSight(opening.act);
  }

  /** Whether this browser has met the counterpart's device before. */
  private async withFirstSight(act: OpenedAct): Promise<OpenedAct> {
    if (act.mine || !act.verdict.good || isDirectoryAct(act.type)) return act;
    const place = `seen/${act.device}`;
    const first = await this.room.store.get<string>('cache', place);
    if (first === null) await this.room.store.put('cache', place, act.id);
    if (first !== null && first !== act.id) return act;
    const step = { check: 'first-seen', finding: 'not_shown', params: { officer: act.by, authority: act.for }, rule: null, detail: 'this browser meets this device for the first time; the directory vouches for it' } as const;
    return { ...act, verdict: { ...act.verdict, steps: [...act.verdict.steps, step] } };
  }

  summaries(authority: string, cases: readonly Case[]): Promise<{ [caseId: string]: Summary }> {
    return this.summariesOf.open(authority, cases);
  }

  async openCase(authority: string, caseOrReference: string): Promise<OpenedCase> {
    const name = `case/${authority}/${caseOrReference}`;
    const { value, offline } = await this.room.kept(name, () => this.openCaseNow(authority, caseOrReference));
    return offline ? { ...value, offline: true } : value;
  }
  private async openCaseNow(authority: string, caseOrReference: string): Promise<OpenedCase> {
    const file = (await this.room.http.json(`/v1/cases/${encodeURIComponent(caseOrReference)}`)) as CaseFile;
    await this.room.freshen();
    const acts = await inParallel(file.acts, 6, async (one) => {
      try {
        return await this.openAct(authority, one.id);
      } catch (error) {
        if (passes(error)) throw error;
        return error instanceof Fault && error.kind === 'not_found' ? beforeUs(one, authority) : unreadable(one, authority, error);
      }
    });
    if (this.room.mirror.alarms.length > 0) this.room.tell({ told: 'alarms', value: this.room.mirror.alarms });
    void this.room.keep(`last/${file.case}`, file.acts.at(-1)?.id ?? null).catch(() => undefined);
    return { file, acts, good: acts.every((act) => act.verdict.good), fetchedAt: timeText(this.room.now()), offline: false };
  }

  async caseAbilities(caseId: string): Promise<readonly Ability[]> {
    const path = `/v1/cases/${encodeURIComponent(caseId)}/abilities`;
    return (await this.room.kept(path, () => this.room.http.json(path) as Promise<readonly Ability[]>)).value;
  }
  async abilities(authority: string): Promise<readonly Ability[]> {
    const path = `/v1/abilities?authority=${encodeURIComponent(authority)}`;
    return (await this.room.kept(path, () => this.room.http.json(path) as Promise<readonly Ability[]>)).value;
  }

  manifestEntry(act: string, fid: string): ManifestEntry | null {
    return this.manifests.get(`${act}/${fid}`) ?? null;
  }

  async directory(): Promise<VerifiedDirectory> {
    await this.room.freshen();
    const { mirror } = this.room;
    const { directory } = mirror;
    const now = this.room.now();
    const at = (seconds: number | null | undefined): string | null => (seconds === null || seconds === undefined ? null : timeText(seconds));
    const authorities = [...directory.authorities.values()].map((one): DirectoryAuthority => {
      const ring = currentRing(one);
      const left = [...directory.devices.values()].some((device) => {
        const key = directory.keys.get(device.sign);
        return ring !== null && (key?.revoked ?? -1) > ring.index && directory.officers.get(device.officer)?.assignments.has(one.authority) === true;
      });
      const name = Object.fromEntries(Object.entries(one.name).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
      const active = directory.activeAuthority(one.authority) !== null;
      return {
        authority: one.authority, country: one.authority.slice(3, 5), kind: one.kind, name, competence: one.competence, details: {}, status: active ? 'active' : 'closed',
        ring: ring === null ? null : { generation: ring.generation, kid: ring.kid, since: timeText(ring.since) }, administrators: one.administrators, ringStale: left,
      };
    });
    const officers = [...directory.officers.values()].flatMap((one) => [...one.assignments].map(([authority, assignment]): DirectoryOfficer => ({
      officer: one.officer, authority, roles: assignment.roles, until: timeText(assignment.until), status: one.status,
      devices: [...directory.devices.values()].filter((device) => device.officer === one.officer).map((device) => {
        const key = directory.keys.get(device.sign);
        return {
          kid: device.sign, aal: device.aal, status: key?.revoked === null ? 'active' as const : 'revoked' as const, since: timeText(key?.since ?? 0), revokedAt: at(key?.revokedAt),
          ringMember: directory.isMember(authority, device.sign, now) && directory.holdsRing(authority, device.sign), document: device.document !== null,
        };
      }),
    })));
    const countries = [...directory.countries.values()].map((one) => ({ cc: one.country.slice(3), status: one.status, since: timeText(one.since) }));
    return { authorities, countries, officers, genesis: mirror.genesis ?? '', rulebook: directory.rulebooks.at(-1) ?? '', size: mirror.size, checkedAt: timeText(mirror.checkedAt) };
  }

  async proof(authority: string, id: string): Promise<ProofPage> {
    const opening = await this.opening(authority, id);
    const { mirror } = this.room;
    const receipt = parseReceipt(opening.receipt);
    const signer = opening.signed.act;
    const chain = mirror.directoryBefore(opening.act.index).chain(signer.device, signer.for).flatMap((one) => {
      const entry = mirror.entry(one);
      if (entry === null) return [];
      const { act } = entry.act;
      const country = act.d['cc'];
      const subject = [act.d['of'], act.d['au'], typeof country === 'string' ? `cc:${country}` : null].find((name): name is string => typeof name === 'string') ?? 'org';
      return [{ act: one, type: act.type, subject, index: entry.index, time: timeText(entry.time) }];
    });
    const witnesses = receipt.checkpoint.note.signatures.map((one) => one.name).filter((name) => name !== receipt.checkpoint.origin);
    return {
      act: opening.act, verdict: opening.act.verdict, genesis: mirror.genesis ?? '', body: opening.signed.body, receipt: opening.receipt, treeSize: mirror.size, root: base64(mirror.root), chain, witnesses,
    };
  }

  /** docs/formats/proof-bundle. */
  async exportProof(authority: string, ids: readonly string[], disclose: boolean): Promise<Blob> {
    await this.room.freshen();
    const openings = await inParallel(ids, 4, (id) => this.opening(authority, id));
    const { proofBundle } = await import('@/acts/proof_bundle');
    const text = await proofBundle(this.room.mirror, openings, disclose, (digest) => this.room.rulebookText(digest));
    return new Blob([text], { type: 'application/json' });
  }

  /** Tells the sender that an act has arrived, or was opened, where nobody of the authority has yet. Never fails. */
  async acknowledge(authority: string, opening: Opening, what: 'ack.delivered' | 'ack.opened'): Promise<void> {
    const { seat, outbox, http } = this.room;
    const { id } = opening.act;
    const record = this.fetched.get(id)?.delivery.find((one) => one.authority === authority);
    const told = { delivered: record?.delivered_at != null || this.told.has(`ack.delivered/${id}`), opened: record?.opened_at != null || this.told.has(`ack.opened/${id}`) };
    const said = record === undefined ? null : acknowledgementOf(opening, authority, told, what);
    if (said === null || seat === null || seat.keys.sign === null || !http.hasSession) return;
    this.told.add(`${what}/${id}`);
    await outbox.sign({ by: seat.identity.officer, for: authority, signer: seat.keys.sign }, said, []).catch(() => undefined); // ack.known: a colleague was first
  }
}
