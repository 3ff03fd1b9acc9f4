// A receipt shows, offline, that a body is in the ledger (c2sp.org/tlog-proof, version 1), and entries are made again here.

import type { Bytes } from '@/sealing/bytes';
import { be64, concat, equal, readBe64 } from '@/sealing/bytes';
import { base64, tryBase64 } from '@/sealing/base64';
import { Fault } from '@/sealing/fault';
import { sha256 } from '@/sealing/sha256';

import { decimal, hashLine, LineReader } from './lines';
import type { Checkpoint } from './note';
import { parseCheckpoint, verifyCheckpoint, verifyNote } from './note';
import type { Policy } from './policy';
import { quorumHolds } from './policy';
import { leafHash, rootOfInclusion } from './tree';
import { timeText } from './time';

const RECEIPT_BYTES_MAX = (256 << 10) + (8 << 10);
const SECONDS_MAX = 253402300799;
const FIRST_LINE = 'c2sp.org/tlog-proof@v1';

export type EntryKind = 'act' | 'dir' | 'map' | 'note';
export interface Entry {
  readonly kind: EntryKind;
  readonly seconds: number;
  readonly commitment: Bytes;
}
export const commit = (blind: Uint8Array, bodyDigest: Uint8Array): Bytes => sha256('entraide/commit/v1\n', blind, bodyDigest);
export const entryText = (entry: Entry): string => `entraide/1 ${entry.kind}\n${entry.seconds}\n${base64(entry.commitment)}\n`;

/** Rule: merkle.entry. */
export function parseEntry(text: string): Entry {
  const lines = new LineReader(text);
  const [first, second, third] = [lines.next(), lines.next(), lines.next()];
  const malformed = (words: string): Fault => new Fault('invalid', 'merkle.entry', `entry: ${words}`);
  if (first === null || second === null || third === null || !lines.atEnd) throw malformed('not three lines that end in newline');
  const kind = /^entraide\/1 (act|dir|map|note)$/.exec(first)?.[1] as EntryKind | undefined;
  if (kind === undefined) throw malformed('does not begin with "entraide/1 " and a kind');
  const seconds = decimal(second, SECONDS_MAX);
  const commitment = hashLine(third);
  if (seconds === null) throw malformed('the time is not a number of seconds');
  if (commitment === null) throw malformed('the commitment is not 32 bytes in base64');
  return { kind, seconds, commitment };
}

export interface Receipt {
  readonly blind: Bytes;
  readonly seconds: number;
  readonly index: number;
  readonly proof: readonly Bytes[];
  readonly checkpoint: Checkpoint;
}

/** Rules: merkle.receipt, and those of `parseCheckpoint`. */
export function parseReceipt(text: string): Receipt {
  if (text.length > RECEIPT_BYTES_MAX) throw new Fault('too_large', 'merkle.receipt', 'receipt: over 264 KiB');
  const wrong = (words: string): Fault => new Fault('invalid', 'merkle.receipt', `receipt: ${words}`);
  const lines = new LineReader(text);
  if (lines.next() !== FIRST_LINE) throw wrong(`does not begin with the line "${FIRST_LINE}"`);
  const extraLine = lines.next();
  if (extraLine === null || !extraLine.startsWith('extra ')) throw wrong('no extra line with blind and time');
  const extra = tryBase64(extraLine.slice(6));
  if (extra === null || extra.length !== 40) throw wrong('the extra line is not 40 bytes in base64');
  const seconds = readBe64(extra, 32);
  if (seconds > BigInt(SECONDS_MAX)) throw wrong('the time is after the year 9999');
  const indexLine = lines.next();
  if (indexLine === null || !indexLine.startsWith('index ')) throw wrong('no index line');
  const index = decimal(indexLine.slice(6));
  if (index === null) throw wrong('the index is not a number');
  const proof: Bytes[] = [];
  for (let line = lines.next(); line !== ''; line = lines.next()) {
    if (line === null) throw wrong('no empty line after the hashes');
    const hash = hashLine(line);
    if (hash === null) throw wrong('a hash is not 32 bytes in base64');
    if (proof.length === 63) throw wrong('over 63 hashes');
    proof.push(hash);
  }
  return { blind: extra.slice(0, 32), seconds: Number(seconds), index, proof, checkpoint: parseCheckpoint(lines.rest()) };
}

export function receiptText(receipt: Omit<Receipt, 'checkpoint'>, checkpointNote: string): string {
  const extra = base64(concat(receipt.blind, be64(receipt.seconds)));
  return `${FIRST_LINE}\nextra ${extra}\nindex ${receipt.index}\n${receipt.proof.map((hash) => `${base64(hash)}\n`).join('')}\n${checkpointNote}`;
}

export interface ReceiptVerdict {
  readonly receipt: Receipt;
  /** Enough witnesses saw the same tree, as the policy counts. */
  readonly witnessed: boolean;
  readonly witnesses: readonly { readonly name: string; readonly at: string }[];
}

/** Rules: merkle.*, receipt.inclusion, receipt.log_signature, receipt.cosignature. */
export async function verifyReceipt(bodyDigest: Bytes, kind: EntryKind, text: string, policy: Policy): Promise<ReceiptVerdict> {
  const receipt = parseReceipt(text);
  const leaf = leafHash(entryText({ kind, seconds: receipt.seconds, commitment: commit(receipt.blind, bodyDigest) }));
  const { checkpoint } = receipt;
  if (!equal(rootOfInclusion(leaf, receipt.index, checkpoint.size, receipt.proof), checkpoint.root))
    throw new Fault('not_authentic', 'receipt.inclusion', 'the hashes do not lead to the checkpoint\'s root: this is not the body, kind, time or place that was logged');
  const logs = policy.logs.filter((log) => log.name === checkpoint.origin);
  let signed = false;
  for (const log of logs) {
    try {
      await verifyCheckpoint(checkpoint, log);
      signed = true;
    } catch (error) {
      if (!(error instanceof Fault) || error.rule === 'merkle.note.forged') throw error;
    }
  }
  if (!signed) throw new Fault('not_authentic', 'receipt.log_signature', `the log ${checkpoint.origin} did not sign the checkpoint with a key of the policy`);
  const witnesses: { name: string; at: string }[] = [];
  for (const witness of policy.witnesses) {
    try {
      const seen = await verifyNote(checkpoint.note, witness.key);
      if (seen !== null) witnesses.push({ name: witness.name, at: timeText(Math.min(seen.seconds ?? 0, SECONDS_MAX)) });
    } catch {
      throw new Fault('not_authentic', 'receipt.cosignature', `the cosignature in the name of witness ${witness.name} does not hold`);
    }
  }
  return { receipt, witnesses, witnessed: policy.quorum !== '' && quorumHolds(policy, new Set(witnesses.map((one) => one.name))) };
}
