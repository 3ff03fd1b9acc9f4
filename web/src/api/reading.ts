// Cases, acts, summaries, the directory, proofs: fetched, checked, opened.

import { base64, base64url } from '@/sealing/base64';
import { Fault, ruleOf, wordsOf } from '@/sealing/fault';
import { isDirectoryAct } from '@/proof/act';
import { currentRing } from '@/proof/directory';
import { parseReceipt, receiptText } from '@/proof/receipt';
import { timeText } from '@/proof/time';
import { Verdicts } from '@/proof/verdict';
import type { ManifestEntry } from '@/acts/content';
import type { Fetched, Opening, Wanted } from '@/acts/open';
import { fetchAct, openAct } from '@/acts/open';

import type { CaseQuery } from './desk';
import type { Room } from './desk_room';
import { inParallel } from './desk_room';
import type { Ability, Case, CaseAct, CaseFile, CasePage } from './generated';
import type { OpenedAct, OpenedCase, Summary } from './types';
import type { DirectoryAuthority, DirectoryOfficer, ProofPage, VerifiedDirectory } from './types_people';

/** An act that could not even be read: shown in red with what the hub says of it. */
function unreadable(of: Pick<CaseAct, 'id' | 'index' | 'time' | 't' | 'by' | 'for' | 'to' | 'at'>, authority: string, error: unknown): OpenedAct {
  const verdict = new Verdicts();
  verdict.fails('format', ruleOf(error), wordsOf(error));
  const { id, index, time, by, to, at } = of;
  return { id, index, time, type: of.t, by, for: of.for, to, at, device: '', routing: {}, readers: [], verdict: verdict.done(), document: null, summary: null, translations: [], files: [], unopened: 'not-valid', mine: of.for === authority };
}
const passes = (error: unknown): boolean => !(error instanceof Fault) || ['unavailable', 'unauthenticated', 'internal'].includes(error.kind);

export class Reading {
  private readonly fetched = new Map<string, Fetched>();
  private readonly manifests = new Map<string, ManifestEntry>();
  private readonly summariesOpen = new Map<string, Summary>();
  constructor(private readonly room: Room) {}

  forget(): void {
    this.fetched.clear();
    this.manifests.clear();
    this.summariesOpen.clear();
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
    if (this.fetched.size > 2000) this.fetched.clear();
    this.fetched.set(id, fresh);
    return fresh;
  }
  async opening(authority: string, id: string, wanted: Wanted = 'all'): Promise<Opening> {
    const opening = await openAct(this.room.reader(authority), id, await this.fetch(id), wanted);
    for (const file of opening.manifest) this.manifests.set(`${id}/${file.fid}`, file);
    return opening;
  }
  async openAct(authority: string, id: string): Promise<OpenedAct> {
    return this.withFirstSight((await this.opening(authority, id)).act);
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

  async summaries(authority: string, cases: readonly Case[]): Promise<{ [caseId: string]: Summary }> {
    await this.room.freshen();
    const found = await inParallel(cases, 16, (one) => this.summary(authority, one));
    return Object.fromEntries(cases.map((one, i) => [one.case, found[i] as Summary]));
  }
  private async summary(authority: string, of: Case): Promise<Summary> {
    if (of.summary === null) return { state: 'none' };
    const { act, h } = of.summary;
    const known = this.summariesOpen.get(`${authority}/${h}`);
    if (known !== undefined) return known;
    try {
      const opening = (await this.opening(authority, act, 'sum')).act;
      const summary: Summary = opening.summary !== null && opening.verdict.good
        ? { state: 'open', text: opening.summary, verdict: opening.verdict }
        : { state: 'closed', why: opening.unopened ?? 'not-valid', verdict: opening.verdict };
      if (summary.state === 'open') this.summariesOpen.set(`${authority}/${h}`, summary);
      return summary;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return { state: 'closed', why: passes(error) || error.kind === 'not_found' ? 'not-fetched' : 'not-valid', verdict: null };
    }
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
        return unreadable(one, authority, error);
      }
    });
    if (this.room.mirror.alarms.length > 0) this.room.tell({ told: 'alarms', value: this.room.mirror.alarms });
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
          ringMember: directory.isMember(authority, device.sign, now),
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
      const subject = [act.d['of'], act.d['au'], act.d['cc']].find((name): name is string => typeof name === 'string') ?? 'org';
      return [{ act: one, type: act.type, subject, index: entry.index, time: timeText(entry.time) }];
    });
    const witnesses = receipt.checkpoint.note.signatures.map((one) => one.name).filter((name) => name !== receipt.checkpoint.origin);
    return {
      act: opening.act, verdict: opening.act.verdict, genesis: mirror.genesis ?? '', body: opening.signed.body, receipt: opening.receipt, treeSize: mirror.size, root: base64(mirror.root), chain, witnesses,
    };
  }

  /** docs/formats/proof-bundle: every receipt made anew for the one newest verified checkpoint. */
  async exportProof(authority: string, ids: readonly string[], disclose: boolean): Promise<Blob> {
    await this.room.freshen();
    const { mirror } = this.room;
    const note = mirror.checkpoint?.text ?? '';
    const renewed = (blind: Uint8Array<ArrayBuffer>, seconds: number, index: number): string => receiptText({ blind, seconds, index, proof: mirror.inclusion(index) }, note);
    const directoryItems = new Map<number, string>();
    const items: { index: number; item: unknown }[] = [];
    for (const id of ids) {
      const opening = await this.opening(authority, id);
      const failed = opening.act.verdict.steps.find((step) => step.finding === 'fails');
      if (failed !== undefined) throw new Fault('not_authentic', 'proof.not-good', `act ${id} does not hold here (${failed.detail}); no proof of it is made`);
      for (const signature of opening.signed.signatures) for (const act of mirror.directory.chain(signature.kid, opening.signed.act.for)) directoryItems.set(mirror.entry(act)?.index ?? -1, act);
      if (isDirectoryAct(opening.signed.act.type)) {
        for (const entry of mirror.entries) if (entry.index <= opening.act.index) directoryItems.set(entry.index, entry.act.id);
        continue;
      }
      const receipt = parseReceipt(opening.receipt);
      const documents = disclose ? opening.plaintexts.map((one) => ({ h: one.hash, plaintext: base64url(one.bytes) })) : [];
      const files = disclose ? opening.manifest.map(({ fid, name, sha256 }) => ({ fid, name, sha256 })) : [];
      items.push({ index: receipt.index, item: { act: opening.signed.body, receipt: renewed(receipt.blind, receipt.seconds, receipt.index), role: 'act', documents, files } });
    }
    const before = [...directoryItems.keys()].filter((index) => index >= 0).sort((a, b) => a - b).flatMap((index) => {
      const entry = mirror.entry(directoryItems.get(index) ?? '');
      return entry === null ? [] : [{ act: entry.act.body, receipt: renewed(entry.blind, entry.time, index), role: 'directory', documents: [], files: [] }];
    });
    const all = [...before, ...items.sort((a, b) => a.index - b.index).map((one) => one.item)];
    const text = JSON.stringify({ format: 'entraide-proof/1', genesis: mirror.genesis, policy: mirror.policyText(), items: all }, null, 2);
    return new Blob([`${text}\n`], { type: 'application/json' });
  }
}
