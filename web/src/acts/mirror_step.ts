// A step forward of the verified copy: what is fetched from the hub, and how each piece is held to the signed tree. Nothing
// of it counts until the root is the signed one.

import { fromBase64urlSized } from '@/sealing/base64';
import type { Bytes } from '@/sealing/bytes';
import { equal, fromUtf8 } from '@/sealing/bytes';
import { Fault, wordsOf } from '@/sealing/fault';
import type { Json } from '@/sealing/json';
import { isObject, ObjectReader } from '@/sealing/json';
import type { VerifiedAct } from '@/proof/act';
import { parseAct, verifyAct } from '@/proof/act';
import { Directory } from '@/proof/directory';
import type { Checkpoint, NoteVerifier } from '@/proof/note';
import { parseVkey } from '@/proof/note';
import { commit, entryText, parseEntry } from '@/proof/receipt';
import { readTime } from '@/proof/time';
import type { LeafTree } from '@/proof/tree';
import { bundlePath, leafHash, parseBundle, TILE_WIDTH } from '@/proof/tree';

import type { Door } from './door';

export interface DirectoryEntry {
  readonly index: number;
  readonly time: number;
  readonly blind: Bytes;
  readonly act: VerifiedAct;
}

export const notAuthentic = (rule: string, words: string): Fault => new Fault('not_authentic', rule, words);
const FEED_LIMIT = 500;

/** What the entry of a directory act must be in the tree. */
export const leafOf = ({ time, blind, act }: Omit<DirectoryEntry, 'index'>): Bytes => leafHash(entryText({ kind: 'dir', seconds: time, commitment: commit(blind, act.bodyDigest) }));

export interface Staged {
  readonly target: Checkpoint;
  readonly tree: LeafTree;
  readonly directory: Directory;
  readonly entries: DirectoryEntry[];
  readonly leaves: Map<number, Bytes>;
}

/** What the copy knows before the step. */
export interface Known {
  readonly directory: Directory;
  readonly size: number;
  readonly genesis: string | null;
  readonly anchor: string | null;
}

/** The log that genesis names; before anything is known, that of the first act of the feed. */
export async function logOf(door: Door, known: Known, checkpoint: Checkpoint): Promise<NoteVerifier> {
  if (known.directory.genesis !== null) return parseVkey(known.directory.genesis.log);
  const feed = (await door.json('/v1/directory/feed?from=0&limit=1')) as Json;
  const first = isObject(feed) && Array.isArray(feed['entries']) ? feed['entries'][0] : undefined;
  if (!isObject(first) || typeof first['body'] !== 'string') throw notAuthentic('mirror.feed', 'the hub\'s directory begins with nothing; its ledger has no genesis');
  const directory = new Directory();
  const genesis = await verifyAct(parseAct(first['body']), directory);
  if (known.anchor !== null && genesis.id !== known.anchor) throw notAuthentic('mirror.genesis', `the hub's ledger begins with ${genesis.id}, and this desk trusts ${known.anchor}: this is another organisation's hub, or a false one`);
  directory.admit(genesis, 0, 0);
  const log = parseVkey(directory.genesis?.log ?? '');
  if (log.name !== checkpoint.origin) throw notAuthentic('mirror.checkpoint', `the checkpoint is of "${checkpoint.origin}", genesis names "${log.name}"`);
  return log;
}

/** Appends the hub's entries up to `size`; `onDirectory` is told of those of kind dir. */
export async function takeEntries(door: Door, tree: LeafTree, size: number, onDirectory: (index: number, leaf: Bytes) => void): Promise<void> {
  while (tree.size < size) {
    const first = Math.floor(tree.size / TILE_WIDTH);
    const numbers = Array.from({ length: Math.min(8, Math.ceil(size / TILE_WIDTH) - first) }, (_, i) => first + i);
    const widthOf = (number: number): number => Math.min(TILE_WIDTH, size - number * TILE_WIDTH);
    const bundles = await Promise.all(numbers.map((number) => door.publicBytes(`/ledger/${bundlePath(number, widthOf(number))}`)));
    for (const [i, bytes] of bundles.entries()) {
      try {
        for (const entry of parseBundle(bytes, widthOf(numbers[i] as number)).slice(tree.size % TILE_WIDTH)) {
          const { kind } = parseEntry(fromUtf8(entry) ?? '');
          const leaf = leafHash(entry);
          if (kind === 'dir') onDirectory(tree.size, leaf);
          tree.append(leaf);
        }
      } catch (error) {
        throw notAuthentic('mirror.bundle', `the ledger's entries from ${tree.size} on: ${wordsOf(error)}`);
      }
    }
  }
}

export async function takeFeed(door: Door, known: Known, staged: Staged): Promise<void> {
  let [from] = staged.leaves.keys();
  while (from !== undefined && staged.leaves.size > 0) {
    const page = (await door.json(`/v1/directory/feed?from=${from}&limit=${FEED_LIMIT}`)) as Json;
    if (!isObject(page) || !Array.isArray(page['entries'])) throw notAuthentic('mirror.feed', 'the hub\'s directory feed has no entries');
    for (const item of page['entries']) await admit(known, staged, item);
    if (staged.leaves.size === 0) return;
    const next = page['next'];
    if (typeof next !== 'number' || next <= from) {
      const [missing] = staged.leaves.keys();
      throw notAuthentic('mirror.feed', `the hub keeps back the directory act at index ${missing} of its ledger; it may be a revocation, so nothing was taken over`);
    }
    from = next;
  }
}
async function admit(known: Known, staged: Staged, item: Json): Promise<void> {
  const in_ = new ObjectReader(item, 'feed', 'mirror.feed');
  const index = in_.integer('index');
  if (index >= staged.target.size || index < known.size) return; // newer than the checkpoint, or known already
  const wrong = (words: string): Fault => notAuthentic('mirror.feed', `the directory act at index ${index}: ${words}`);
  const [expected] = staged.leaves.keys();
  if (!staged.leaves.has(index)) throw wrong('the ledger has no directory act there, or it was given twice');
  if (index !== expected) throw wrong('came before one that stands earlier in the ledger');
  try {
    const time = readTime(in_.string('time'));
    const blind = fromBase64urlSized(in_.string('blind'), 32, 'blind');
    const act = await verifyAct(parseAct(in_.string('body')), staged.directory);
    if (!equal(leafOf({ time, blind, act }), staged.leaves.get(index) as Bytes)) throw wrong('is not what the ledger committed to');
    if (known.genesis === null && staged.entries.length === 0 && (index !== 0 || (known.anchor !== null && act.id !== known.anchor))) throw notAuthentic('mirror.genesis', 'the ledger does not begin with the genesis that this desk trusts');
    staged.directory.admit(act, index, time);
    staged.entries.push({ index, time, blind, act });
  } catch (error) {
    if (error instanceof Fault && error.rule.startsWith('mirror.')) throw error;
    throw wrong(wordsOf(error));
  }
  staged.leaves.delete(index);
}
