// A ledger in memory with a log that signs, and the door that a hub would open to it; for tests of the verified copy.

import { base64, base64url } from '@/sealing/base64';
import type { Bytes } from '@/sealing/bytes';
import { concat, randomBytes, toHex, utf8 } from '@/sealing/bytes';
import { Fault } from '@/sealing/fault';
import { sha256 } from '@/sealing/sha256';
import { isDirectoryAct, parseAct } from '@/proof/act';
import { commit, entryText, receiptText } from '@/proof/receipt';
import { timeText } from '@/proof/time';
import { LeafTree, leafHash } from '@/proof/tree';
import type { Door, SubmitAnswer } from '@/acts/door';
import type { MirrorState, MirrorStore } from '@/acts/mirror';
import type { OutboxStore, Waiting } from '@/acts/outbox';

import { NOW, World } from './world';

const ORIGIN = 'hub.example/ledger';

export class Ledger implements Door {
  readonly tree = new LeafTree();
  readonly entries: { text: string; body: string; blind: Bytes; seconds: number; kind: 'act' | 'dir' }[] = [];
  /** Acts that were sent, by id: what the hub answered. */
  readonly answers = new Map<string, SubmitAnswer>();
  /** What the next submissions fail with; `taken` says whether the hub took the act all the same. */
  failures: { fault: Fault; taken: boolean }[] = [];
  /** Changes what goes through the door. */
  bend: { checkpoint?: (text: string) => string; feed?: (entries: unknown[]) => unknown[]; bundle?: (bytes: Bytes) => Bytes; answer?: (answer: SubmitAnswer) => SubmitAnswer } = {};
  private constructor(
    private readonly key: CryptoKeyPair,
    readonly vkey: string,
  ) {}
  static async make(): Promise<Ledger> {
    const key = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
    const raw = concat(new Uint8Array([1]), new Uint8Array(await crypto.subtle.exportKey('raw', key.publicKey)));
    return new Ledger(key, `${ORIGIN}+${toHex(sha256(ORIGIN, '\n', raw).subarray(0, 4))}+${base64(raw)}`);
  }

  append(body: string, seconds = NOW): number {
    const { act, bodyDigest } = parseAct(body);
    const kind = isDirectoryAct(act.type) ? 'dir' : 'act';
    const blind = randomBytes(32);
    const text = entryText({ kind, seconds, commitment: commit(blind, bodyDigest) });
    this.entries.push({ text, body, blind, seconds, kind });
    this.tree.append(leafHash(text));
    return this.tree.size - 1;
  }
  /** Takes over what a world has enacted since. */
  follow(world: World): void {
    for (const act of world.acts.slice(this.entries.length)) this.append(act.body);
    world.index = this.tree.size;
  }
  async checkpoint(size = this.tree.size, root = this.tree.rootAt(size)): Promise<string> {
    const text = `${ORIGIN}\n${size}\n${base64(root)}\n`;
    const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', this.key.privateKey, utf8(text)));
    const id = Uint8Array.from(this.vkey.split('+')[1]?.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    return `${text}\n\u2014 ${ORIGIN} ${base64(concat(id, signature))}\n`;
  }
  async receipt(index: number): Promise<string> {
    const { blind, seconds } = this.entries[index]!;
    return receiptText({ blind, seconds, index, proof: this.tree.inclusion(index, this.tree.size) }, await this.checkpoint());
  }

  async json(path: string): Promise<unknown> {
    const from = Number(/from=(\d+)/.exec(path)?.[1] ?? '0');
    const limit = Number(/limit=(\d+)/.exec(path)?.[1] ?? '500');
    const all = this.entries.map((entry, index) => ({ entry, index })).filter(({ entry, index }) => entry.kind === 'dir' && index >= from).slice(0, limit);
    const entries = all.map(({ entry, index }) => ({ index, time: timeText(entry.seconds), kind: 'dir', blind: base64url(entry.blind), body: entry.body }));
    return { entries: this.bend.feed?.(entries) ?? entries, next: null, tree_size: this.tree.size };
  }
  async text(): Promise<string> {
    throw new Fault('not_found', 'api.not_found', 'nothing else here');
  }
  async publicText(): Promise<string> {
    const text = await this.checkpoint();
    return this.bend.checkpoint?.(text) ?? text;
  }
  async publicBytes(path: string): Promise<Uint8Array> {
    const number = Number(/entries\/(\d+)/.exec(path)?.[1]);
    const width = Number(/\.p\/(\d+)/.exec(path)?.[1] ?? '256');
    const bytes = concat(...this.entries.slice(number * 256, number * 256 + width).flatMap(({ text }) => [new Uint8Array([text.length >> 8, text.length & 255]), utf8(text)]));
    return this.bend.bundle?.(bytes) ?? bytes;
  }
  async submit(body: string): Promise<SubmitAnswer> {
    const failure = this.failures.shift();
    if (failure !== undefined && !failure.taken) throw failure.fault;
    const { id, act } = parseAct(body);
    let answer = this.answers.get(id);
    if (answer === undefined) {
      const index = this.append(body);
      answer = { id, index, time: timeText(NOW), receipt: await this.receipt(index), case: act.case, reference: null };
      this.answers.set(id, answer);
    }
    if (failure !== undefined) throw failure.fault;
    return this.bend.answer?.(answer) ?? answer;
  }
  async pause(): Promise<void> {}
}

/** Shelves in memory, as another tab would find them. */
export class Shelf implements MirrorStore, OutboxStore {
  kept: { state: MirrorState; tiles: Bytes[] } | null = null;
  readonly waiting = new Map<string, Waiting>();
  async load() {
    return this.kept === null ? null : { state: structuredClone(this.kept.state), tiles: this.kept.tiles.map((tile) => tile.slice()) };
  }
  async save(state: MirrorState, tiles: ReadonlyMap<number, Bytes>) {
    const all = this.kept?.tiles.slice() ?? [];
    for (const [number, bytes] of tiles) all[number] = bytes;
    this.kept = { state: structuredClone(state), tiles: all };
  }
  async list() {
    return [...this.waiting.values()];
  }
  async put(item: Waiting) {
    this.waiting.set(item.id, item);
  }
  async remove(id: string) {
    this.waiting.delete(id);
  }
  async alone<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}
