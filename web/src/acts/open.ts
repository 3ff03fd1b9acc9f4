// Reading an act that others have made: fetched, every check of the hub repeated, opened, and judged step by step.

import { fromBase64 } from '@/sealing/base64';
import { Fault, ruleOf, wordsOf } from '@/sealing/fault';
import { hashText, open, parseJwe } from '@/sealing/jwe';
import type { SealRef, SignedAct } from '@/proof/act';
import { isDirectoryAct, isSeal, parseAct, verifyAct } from '@/proof/act';
import { countryOf } from '@/proof/subject';
import { timeText } from '@/proof/time';
import { Verdicts } from '@/proof/verdict';
import type { Rulebook } from '@/forms';

import type { Content, ManifestEntry } from './content';
import { checkContent } from './content';
import type { Door } from './door';
import type { Mirror } from './mirror';
import type { OpenedAct, Unopened } from './model';
import type { RingReader } from './rings';

export interface Reader {
  readonly door: Door;
  readonly mirror: Mirror;
  /** Null: keys are locked, nothing is opened. */
  readonly rings: RingReader | null;
  readonly authority: string;
  /** The rulebook of that digest; null when it is not to be had. */
  rules(digest: string): Promise<Rulebook | null>;
}
/** An act and what only this floor needs of it. */
export interface Opening {
  readonly act: OpenedAct;
  readonly signed: SignedAct;
  readonly receipt: string;
  readonly manifest: readonly ManifestEntry[];
  readonly plaintexts: readonly { readonly hash: string; readonly bytes: Uint8Array }[];
  /** Content commitments of what was opened and holds. */
  readonly opened: readonly string[];
}
/** Which of its sealed objects are opened. */
export type Wanted = 'all' | 'sum';

const nameOf = (ref: SealRef): string => ({ doc: 'document', sum: 'summary', tr: 'translation' })[ref.r];

async function checkSigners(reader: Reader, verdict: Verdicts, signed: SignedAct, index: number, seconds: number): Promise<void> {
  const then = reader.mirror.directoryBefore(index);
  const verified = await verdict.note('signature', () => verifyAct(signed, then), `every signature on the act verifies, ${signed.signatures.length} of them`, { count: signed.signatures.length });
  if (verified === null) return;
  if (isDirectoryAct(signed.act.type)) {
    await verdict.note('directory', () => then.copy().admit(verified, index, seconds), 'the directory admits it, as it was at that index');
    return;
  }
  await verdict.note('chain', () => then.authorise(verified, seconds),
    (actor) => `the device of ${actor.officers[0]?.officer ?? ''} spoke for ${actor.authority} when the act was admitted: genesis, country, authority, officer and device were each checked`,
    (actor) => ({ officer: actor.officers[0]?.officer ?? '', authority: actor.authority }));
}

interface Opened {
  readonly hash: string;
  readonly content: Content | null;
  readonly plaintext: Uint8Array | null;
  readonly unopened: Unopened | null;
}

async function openObject(reader: Reader, verdict: Verdicts, signed: SignedAct, ref: SealRef, index: number, seconds: number, given: string | undefined): Promise<Opened> {
  const { act } = signed;
  const closed = (unopened: Unopened): Opened => ({ hash: ref.h, content: null, plaintext: null, unopened });
  const name = nameOf(ref);
  const params = { what: ref.r };
  const mine = ref.to.find((to) => to.au === reader.authority);
  if (mine === undefined) {
    verdict.notShown('seal', 'seal.not-mine', `the ${name} is not sealed to ${reader.authority}`, params);
    return closed('not-sealed-to-me');
  }
  if (reader.rings === null) {
    verdict.notShown('seal', 'key.locked', `the ${name} was not opened: no key is at hand`, params);
    return closed('no-key');
  }
  let text: string;
  try {
    text = given ?? (await reader.door.text(`/v1/acts/${signed.id}/objects/${ref.h}`));
  } catch (error) {
    verdict.notShown('seal', ruleOf(error), `the ${name} is not to be had: ${wordsOf(error)}`, params);
    return closed('not-fetched');
  }
  if (hashText(text) !== ref.h) {
    verdict.fails('object', 'object.hash', `the hub gave another ${name} than the one that the act names`, params);
    return closed('not-valid');
  }
  let key;
  let sealed;
  try {
    sealed = parseJwe(text);
    if (act.case === null || sealed.header.typ !== 'entraide-seal+json' || sealed.header.ctx !== act.case) throw new Fault('not_authentic', 'seal.context', `the ${name} was sealed for another case`);
    if (sealed.recipients.length !== ref.to.length || sealed.recipients.some((kid, i) => kid !== ref.to[i]?.kid)) throw new Fault('not_authentic', 'seal.recipients', `the ${name} is sealed to others than the act says`);
  } catch (error) {
    verdict.fails('seal', ruleOf(error), wordsOf(error), params);
    return closed('not-valid');
  }
  try {
    key = await reader.rings.key(mine.au, mine.g);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.kind === 'not_authentic') verdict.fails('ring', error.rule, error.message, params);
    else verdict.notShown('ring', error.rule, error.message, params);
    return closed(error.kind === 'not_authentic' ? 'not-valid' : 'no-key');
  }
  const good = { sealed, key };
  const plaintext = await verdict.note('seal', () => open(good.sealed, good.key), `the ${name} opens with the ring of ${mine.au}, generation ${mine.g}`, { ...params, authority: mine.au, generation: mine.g });
  if (plaintext === null) return closed('not-valid');
  const pki = reader.mirror.directoryBefore(index).countries.get(countryOf(act.for))?.pki ?? [];
  const content = await checkContent(verdict, act, ref, plaintext, { pki, admitted: seconds, rules: ref.r === 'doc' ? await reader.rules(act.rulebook) : null });
  const nothing = content.document === null && content.summary === null && content.translation === null;
  return { hash: ref.h, content, plaintext, unopened: nothing ? 'not-valid' : null };
}

/** The body and receipt of an act, as the hub gave them. */
export interface Fetched {
  readonly body: string;
  readonly receipt: string;
  /** The hub's word: who has acknowledged it. */
  readonly delivery: readonly { readonly authority: string; readonly delivered_at: string | null; readonly opened_at: string | null }[];
  /** Sealed objects that came along, by their hash as the hub says it. */
  readonly sealed: ReadonlyMap<string, string>;
}
type Answered = Partial<Fetched> & { id?: unknown; act?: unknown; sealed?: unknown };
function readRecord({ act, receipt, delivery, sealed }: Answered): Fetched {
  if (typeof act !== 'string' || typeof receipt !== 'string') throw new Fault('not_authentic', 'act.record', 'the hub gave an act without body or receipt');
  const objects = Array.isArray(sealed) ? (sealed as readonly { h?: unknown; jwe?: unknown }[]) : [];
  const texts = objects.flatMap(({ h, jwe }): [string, string][] => (typeof h === 'string' && typeof jwe === 'string' ? [[h, jwe]] : []));
  return { body: act, receipt, delivery: Array.isArray(delivery) ? delivery : [], sealed: new Map(texts) };
}
export async function fetchAct(door: Door, id: string): Promise<Fetched> {
  return readRecord((await door.json(`/v1/acts/${id}`)) as Answered);
}

/** As many as the hub gives at once. */
const TOGETHER = 100;
/** Many acts at once, each with its sealed summary, by id. Those that are missing are not there, or not for this reader. */
export async function fetchWithSummaries(door: Door, ids: readonly string[]): Promise<ReadonlyMap<string, Fetched>> {
  const out = new Map<string, Fetched>();
  const some = async (wanted: readonly string[]): Promise<void> => {
    for (let rest = wanted; rest.length > 0; ) {
      const { items, next } = (await door.json(`/v1/acts?sealed=sum&ids=${rest.join(',')}`)) as { items?: readonly Answered[]; next?: unknown };
      for (const item of Array.isArray(items) ? (items as readonly Answered[]) : []) out.set(String(item.id), readRecord(item));
      const answered = next === null ? rest.length : rest.indexOf(String(next));
      if (answered < 1) throw new Fault('not_authentic', 'act.record', 'the hub gave a part of many acts, and no way to the rest');
      rest = rest.slice(answered);
    }
  };
  await Promise.all(Array.from({ length: Math.ceil(ids.length / TOGETHER) }, (_, i) => some(ids.slice(i * TOGETHER, (i + 1) * TOGETHER))));
  return out;
}

/**
 * Checks receipt, signatures, the signers in the directory as it was at that index, the tree that the signer saw; then each
 * sealed object. Throws only when there was nothing to judge; what does not hold is in the verdict.
 */
export async function openAct(reader: Reader, id: string, fetched: Fetched, wanted: Wanted = 'all'): Promise<Opening> {
  const verdict = new Verdicts();
  const signed = parseAct(fetched.body);
  if (signed.id !== id) throw new Fault('not_authentic', 'act.another', 'the hub gave another act than the one that was asked for');
  const { act } = signed;
  verdict.holds('format', 'the act is well-formed and is the one that was asked for');
  let index = 0;
  let seconds = act.at;
  const contents: Opened[] = [];
  const receipt = await verdict.note('receipt', () => reader.mirror.checkReceipt(reader.door, signed, fetched.receipt),
    (one) => `it stands in the ledger at index ${one.receipt.index}, admitted ${timeText(one.receipt.seconds)}, in the one tree that this browser has verified`,
    (one) => ({ index: one.receipt.index, time: timeText(one.receipt.seconds), size: one.receipt.checkpoint.size }));
  if (receipt !== null) {
    ({ index, seconds } = receipt.receipt);
    if (receipt.witnesses.length > 0) verdict.holds('witness', `${receipt.witnesses.length} witnesses cosigned the checkpoint`, { count: receipt.witnesses.length });
    await checkSigners(reader, verdict, signed, index, seconds);
    await verdict.note('signer-view', () => {
      if (act.checkpoint.size > index) throw new Fault('not_authentic', 'act.checkpoint.ahead', `the signer claims to have seen a tree of ${act.checkpoint.size} entries, before the act stood there`);
      reader.mirror.requirePrefix(act.checkpoint.size, fromBase64(act.checkpoint.root));
    }, 'the ledger that the signer saw is the beginning of ours: nobody was shown another one', { size: act.checkpoint.size });
    // Nothing is opened on the word of somebody unknown.
    if (verdict.good) for (const ref of act.objects) if (isSeal(ref) && (wanted === 'all' || ref.r === wanted)) contents.push(await openObject(reader, verdict, signed, ref, index, seconds, fetched.sealed.get(ref.h)));
  }
  const opened = contents.flatMap((one) => one.content ?? []);
  const manifest = opened.flatMap((one) => one.files);
  const sealed = act.objects.filter(isSeal);
  const found = contents.find((one) => one.unopened !== null)?.unopened ?? null;
  const view: OpenedAct = {
    id, index, time: timeText(seconds), type: act.type, by: act.by, for: act.for, to: act.to, at: timeText(act.at), device: act.device, routing: act.d,
    readers: [...new Set(sealed.flatMap((ref) => ref.to.map((to) => to.au)))], verdict: verdict.done(),
    document: opened.find((one) => one.document !== null)?.document ?? null, summary: opened.find((one) => one.summary !== null)?.summary ?? null,
    translations: opened.flatMap((one) => one.translation ?? []), files: manifest.map(({ fid, name, type, size, sha256, note }) => ({ fid, name, type, size, sha256, note })),
    unopened: found ?? (!verdict.good && sealed.length > 0 ? 'not-valid' : null), mine: act.for === reader.authority,
  };
  const plaintexts = contents.flatMap((one) => (one.plaintext === null ? [] : [{ hash: one.hash, bytes: one.plaintext }]));
  const commitments = sealed.filter((ref) => contents.some((one) => one.hash === ref.h && one.unopened === null)).map((ref) => ref.cc);
  return { act: view, signed, receipt: fetched.receipt, manifest, plaintexts, opened: commitments };
}
