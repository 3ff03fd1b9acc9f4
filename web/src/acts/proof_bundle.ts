// Proof bundles: what a court or an auditor checks with no network and no account. Which acts of the directory go along,
// and every receipt anew for one tree.

import { base64url } from '@/sealing/base64';
import type { Bytes } from '@/sealing/bytes';
import { Fault } from '@/sealing/fault';
import type { KeyId } from '@/sealing/keys';
import { kidOf, readJwk } from '@/sealing/keys';
import type { Act } from '@/proof/act';
import { announcedKeys, isDirectoryAct } from '@/proof/act';
import { parseReceipt, receiptText } from '@/proof/receipt';
import { countryOf } from '@/proof/subject';

import type { DirectoryEntry, Mirror } from './mirror';
import type { Opening } from './open';

/**
 * The acts of the directory that say something of the signers: the chain that makes them who they are, and whatever was
 * decided later about a key or a subject in it, revocations above all. Who signed such an act is explained too.
 */
class Relevant {
  private readonly entries = new Map<number, DirectoryEntry>();
  private readonly waiting: DirectoryEntry[] = [];
  private readonly subjects = new Set<string>();
  private readonly keys = new Set<KeyId>();
  constructor(private readonly mirror: Mirror) {}

  addChain(signer: KeyId, authority: string): void {
    for (const id of this.mirror.directory.chain(signer, authority)) this.add(this.mirror.entry(id));
    this.subjects.add(authority).add(countryOf(authority));
  }
  addAllUntil(index: number): void {
    for (const entry of this.mirror.entries) if (entry.index <= index) this.add(entry);
  }
  /** Goes on until nothing new is found. */
  close(): readonly DirectoryEntry[] {
    for (let entry = this.waiting.shift(); entry !== undefined; entry = this.waiting.shift()) {
      this.note(entry);
      for (const signer of entry.act.signers) this.add(this.announcing(signer));
      if (this.waiting.length === 0) for (const other of this.mirror.entries) if (this.concernsUs(other.act.act)) this.add(other);
    }
    return [...this.entries.values()].sort((a, b) => a.index - b.index);
  }

  private add(entry: DirectoryEntry | null): void {
    if (entry === null || this.entries.has(entry.index)) return;
    this.entries.set(entry.index, entry);
    this.waiting.push(entry);
  }
  private note({ act }: DirectoryEntry): void {
    for (const key of announcedKeys(act.act)) this.keys.add(kidOf(key));
    if (Object.hasOwn(act.act.d, 'seal')) this.keys.add(kidOf(readJwk(act.act.d['seal'])));
    for (const name of ['au', 'of']) if (typeof act.act.d[name] === 'string') this.subjects.add(act.act.d[name]);
  }
  private announcing(kid: KeyId): DirectoryEntry | null {
    return this.mirror.entries.find((entry) => announcedKeys(entry.act.act).some((key) => kidOf(key) === kid)) ?? null;
  }
  private concernsUs({ type, d }: Act): boolean {
    const named = (member: string, among: ReadonlySet<string>): boolean => typeof d[member] === 'string' && among.has(d[member]);
    if (type === 'dir.rulebook') return true;
    if (type === 'dir.officer') return named('of', this.subjects);
    return type === 'dir.revoke' && (named('subject', this.subjects) || named('kid', this.keys));
  }
}

/** `rulebook` gives the text of a version as the hub gives it. Rule: proof.not-good. */
export async function proofBundle(mirror: Mirror, openings: readonly Opening[], disclose: boolean, rulebook: (digest: string) => Promise<string>): Promise<string> {
  const note = mirror.checkpoint?.text ?? '';
  const renewed = (blind: Bytes, seconds: number, index: number): string => receiptText({ blind, seconds, index, proof: mirror.inclusion(index) }, note);
  const directory = new Relevant(mirror);
  const acts = new Map<number, unknown>();
  const digests = new Set<string>();
  for (const { act, signed, receipt, manifest, plaintexts } of openings) {
    const failed = act.verdict.steps.find((step) => step.finding === 'fails');
    if (failed !== undefined) throw new Fault('not_authentic', 'proof.not-good', `act ${act.id} does not hold here (${failed.detail}); no proof of it is made`);
    for (const signature of signed.signatures) directory.addChain(signature.kid, signed.act.for);
    if (isDirectoryAct(act.type)) {
      directory.addAllUntil(act.index); // judged by the directory before it: all of that goes along
      continue;
    }
    digests.add(signed.act.rulebook);
    const { blind, seconds, index } = parseReceipt(receipt);
    const documents = disclose ? plaintexts.map((one) => ({ h: one.hash, plaintext: base64url(one.bytes) })) : [];
    const files = disclose ? manifest.map(({ fid, name, sha256 }) => ({ fid, name, sha256 })) : [];
    acts.set(index, { act: signed.body, receipt: renewed(blind, seconds, index), role: 'act', documents, files });
  }
  const before = directory.close().map((entry) => ({ act: entry.act.body, receipt: renewed(entry.blind, entry.time, entry.index), role: 'directory', documents: [], files: [] }));
  const after = [...acts].sort(([a], [b]) => a - b).map(([, item]) => item);
  const rulebooks = await Promise.all([...digests].map(rulebook));
  return `${JSON.stringify({ format: 'entraide-proof/1', genesis: mirror.genesis, policy: mirror.policyText(), rulebooks, items: [...before, ...after] }, null, 2)}\n`;
}
