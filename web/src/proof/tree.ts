// The Merkle tree of RFC 6962 with the verification of RFC 9162, and a copy of all its leaf hashes, kept in tiles of
// 256. Whoever holds every leaf needs nobody's proof: the root of any beginning is computed here.

import type { Bytes } from '@/sealing/bytes';
import { concat, equal } from '@/sealing/bytes';
import { ensure, Fault } from '@/sealing/fault';
import { sha256 } from '@/sealing/sha256';

export const TILE_WIDTH = 256;
const HASH_BYTES = 32;
const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

export const leafHash = (entry: Uint8Array | string): Bytes => sha256(LEAF, entry);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Bytes => sha256(NODE, left, right);
export const emptyRoot = (): Bytes => sha256(new Uint8Array(0));

const wrong = (rule: string, words: string): Fault => new Fault('not_authentic', rule, `proof: ${words}`);
const isOdd = (n: number): boolean => n % 2 === 1;
const half = (n: number): number => Math.floor(n / 2);

/** The root that an inclusion proof leads to. Rules: merkle.proof.index, merkle.proof.length. */
export function rootOfInclusion(leaf: Bytes, index: number, size: number, proof: readonly Bytes[]): Bytes {
  if (index >= size) throw wrong('merkle.proof.index', `leaf ${index} is not below size ${size}`);
  let fn = index;
  let sn = size - 1;
  let r = leaf;
  for (const p of proof) {
    if (sn === 0) throw wrong('merkle.proof.length', `${proof.length} hashes, more than the tree has levels`);
    if (isOdd(fn) || fn === sn) {
      r = nodeHash(p, r);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      r = nodeHash(r, p);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0) throw wrong('merkle.proof.length', `${proof.length} hashes do not reach the root of a tree of size ${size}`);
  return r;
}

/** That the tree (oldSize, oldRoot) is the beginning of (newSize, newRoot). Rules: merkle.proof.*. */
export function verifyConsistency(oldSize: number, oldRoot: Bytes, newSize: number, newRoot: Bytes, proof: readonly Bytes[]): void {
  if (oldSize > newSize) throw wrong('merkle.proof.sizes', `size ${oldSize} is not before size ${newSize}`);
  if (oldSize === 0 || oldSize === newSize) {
    if (proof.length > 0) throw wrong('merkle.proof.length', 'hashes where there is nothing to prove');
    if (!equal(oldRoot, oldSize === 0 ? emptyRoot() : newRoot)) throw wrong('merkle.proof.old_root', `two different roots for size ${oldSize}`);
    return;
  }
  if (proof.length === 0) throw wrong('merkle.proof.length', `no hash between size ${oldSize} and size ${newSize}`);
  const prepended = Number.isInteger(Math.log2(oldSize));
  const path = prepended ? [oldRoot, ...proof] : proof;
  let fn = oldSize - 1;
  let sn = newSize - 1;
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  let fr = path[0] as Bytes;
  let sr = fr;
  for (const c of path.slice(1)) {
    if (sn === 0) throw wrong('merkle.proof.length', `${proof.length} hashes, more than the tree has levels`);
    if (isOdd(fn) || fn === sn) {
      fr = nodeHash(c, fr);
      sr = nodeHash(c, sr);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      sr = nodeHash(sr, c);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0) throw wrong('merkle.proof.length', `${proof.length} hashes do not reach the root of size ${newSize}`);
  if (!equal(fr, oldRoot)) throw wrong('merkle.proof.old_root', `does not lead to the root of size ${oldSize}`);
  if (!equal(sr, newRoot)) throw wrong('merkle.proof.root', `does not lead to the root of size ${newSize}`);
}

/** The largest power of two below n, for n > 1. */
const split = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

/** Subtrees of fewer leaves are quicker worked out than kept. */
const KEPT_LEAVES = 32;

/** All leaf hashes of a ledger, appended in order. Tiles can be written down and read back one by one. */
export class LeafTree {
  private readonly tiles: Bytes[] = [];
  private readonly tileRoots: Bytes[] = []; // of full tiles
  // Of whole subtrees, which never change: a root of any size is then some twenty hashes and not as many as there are tiles.
  private readonly whole = new Map<string, Bytes>();
  private count = 0;

  static from(tiles: readonly Bytes[], size: number): LeafTree {
    const out = new LeafTree();
    for (const tile of tiles) for (let at = 0; at + HASH_BYTES <= tile.length && out.count < size; at += HASH_BYTES) out.append(tile.slice(at, at + HASH_BYTES));
    if (out.count !== size) throw new Fault('invalid', 'merkle.frontier', 'tree: the tiles do not hold as many leaves as said');
    return out;
  }
  copy(): LeafTree {
    const out = new LeafTree();
    out.tiles.push(...this.tiles.map((tile) => tile.slice()));
    out.tileRoots.push(...this.tileRoots);
    // A copy may take in what is refused later: what it works out stays its own.
    for (const [place, hash] of this.whole) out.whole.set(place, hash);
    out.count = this.count;
    return out;
  }

  get size(): number {
    return this.count;
  }
  append(leaf: Uint8Array): void {
    ensure(leaf.length === HASH_BYTES, 'a leaf hash has 32 bytes');
    const within = this.count % TILE_WIDTH;
    if (within === 0) this.tiles.push(new Uint8Array(TILE_WIDTH * HASH_BYTES));
    (this.tiles.at(-1) as Bytes).set(leaf, within * HASH_BYTES);
    ++this.count;
    if (within === TILE_WIDTH - 1) this.tileRoots.push(this.range(this.count - TILE_WIDTH, this.count, false));
  }
  leaf(index: number): Bytes {
    ensure(index >= 0 && index < this.count, 'a leaf of the tree');
    const at = (index % TILE_WIDTH) * HASH_BYTES;
    return (this.tiles[Math.floor(index / TILE_WIDTH)] as Bytes).slice(at, at + HASH_BYTES);
  }
  /** The bytes of a tile, as many leaves as it has by now. */
  tile(index: number): Bytes {
    const width = Math.min(TILE_WIDTH, this.count - index * TILE_WIDTH);
    return (this.tiles[index] as Bytes).slice(0, width * HASH_BYTES);
  }

  root(): Bytes {
    return this.rootAt(this.count);
  }
  /** Of the first `size` leaves. */
  rootAt(size: number): Bytes {
    ensure(size >= 0 && size <= this.count, 'a beginning of the tree');
    return size === 0 ? emptyRoot() : this.range(0, size, true);
  }
  /** The proof for the leaf at `index` in the tree of the first `size`. */
  inclusion(index: number, size: number): Bytes[] {
    ensure(index < size && size <= this.count, 'a leaf of the beginning');
    const path = (m: number, begin: number, end: number): Bytes[] => {
      if (end - begin === 1) return [];
      const k = begin + split(end - begin);
      return m < k ? [...path(m, begin, k), this.range(k, end, true)] : [...path(m, k, end), this.range(begin, k, true)];
    };
    return path(index, 0, size);
  }

  /** The hash over [begin, end); `begin` is where such a subtree may begin. */
  private range(begin: number, end: number, useRoots: boolean): Bytes {
    if (end - begin === 1) return this.leaf(begin);
    if (useRoots && end - begin === TILE_WIDTH && begin % TILE_WIDTH === 0) return this.tileRoots[begin / TILE_WIDTH] as Bytes;
    const k = begin + split(end - begin);
    const keeps = end - begin >= KEPT_LEAVES && 2 * (k - begin) === end - begin;
    const place = `${begin}/${end}`;
    const known = keeps ? this.whole.get(place) : undefined;
    if (known !== undefined) return known;
    const hash = nodeHash(this.range(begin, k, useRoots), this.range(k, end, useRoots));
    if (keeps) this.whole.set(place, hash);
    return hash;
  }
}

/** `x001/x234/067`, and `.p/17` for a tile that is not full. */
export function bundlePath(index: number, width: number): string {
  const group = (n: number): string => String(n).padStart(3, '0');
  let out = group(index % 1000);
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) out = `x${group(rest % 1000)}/${out}`;
  return `tile/entries/${out}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
}

/** Rule: merkle.bundle. */
export function parseBundle(bytes: Uint8Array, width: number): readonly Bytes[] {
  const out: Bytes[] = [];
  let at = 0;
  while (at < bytes.length && out.length < width) {
    if (at + 2 > bytes.length) throw new Fault('invalid', 'merkle.bundle', 'bundle: ends within a length');
    const size = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    at += 2;
    if (at + size > bytes.length) throw new Fault('invalid', 'merkle.bundle', 'bundle: ends within an entry');
    out.push(concat(bytes.subarray(at, at + size)));
    at += size;
  }
  if (out.length !== width || at !== bytes.length) throw new Fault('invalid', 'merkle.bundle', `bundle: does not hold ${width} entries`);
  return out;
}
