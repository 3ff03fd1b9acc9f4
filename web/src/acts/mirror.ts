// The verified copy: every entry of the ledger between the checkpoint that this browser holds and the new one is
// fetched and appended to the tree that it holds; the new checkpoint is believed only if that gives its root. So the
// ledger cannot take anything back, and no act of the directory, a revocation above all, can be kept from this browser.
// A fork or a rollback is an alarm: written down with its evidence until a person has looked.

import { base64, base64url, fromBase64urlSized } from '@/sealing/base64';
import type { Bytes } from '@/sealing/bytes';
import { equal } from '@/sealing/bytes';
import { Fault, wordsOf } from '@/sealing/fault';
import type { KeyId } from '@/sealing/keys';
import type { Act, SignedAct } from '@/proof/act';
import { isDirectoryAct, parseAct, verifyAct } from '@/proof/act';
import { Directory } from '@/proof/directory';
import type { Checkpoint } from '@/proof/note';
import { parseCheckpoint, parseVkey, verifyCheckpoint } from '@/proof/note';
import type { Policy } from '@/proof/policy';
import { genesisPolicy, parsePolicy } from '@/proof/policy';
import type { ReceiptVerdict } from '@/proof/receipt';
import { verifyReceipt } from '@/proof/receipt';
import { timeText } from '@/proof/time';
import { LeafTree, TILE_WIDTH } from '@/proof/tree';

import type { Door } from './door';
import type { DirectoryEntry, Known, Staged } from './mirror_step';
import { leafOf, logOf, notAuthentic, takeEntries, takeFeed } from './mirror_step';

export type { DirectoryEntry } from './mirror_step';

export interface StoredEntry {
  readonly index: number;
  readonly time: number;
  /** base64url */
  readonly blind: string;
  readonly body: string;
}
export interface MirrorAlarm {
  readonly at: string;
  readonly rule: string;
  readonly detail: string;
  readonly evidence: string;
}
export interface MirrorState {
  readonly genesis: string | null;
  readonly note: string;
  readonly size: number;
  readonly entries: readonly StoredEntry[];
  readonly sent: { readonly [device: string]: { readonly [authority: string]: number } };
  readonly alarms: readonly MirrorAlarm[];
  /** Keys of other authorities that this browser has sealed to. */
  readonly sealedTo: readonly KeyId[];
}
export interface MirrorStore {
  load(): Promise<{ readonly state: MirrorState; readonly tiles: readonly Bytes[] } | null>;
  /** `tiles`: those that are new or have grown, by number. All or nothing. */
  save(state: MirrorState, tiles: ReadonlyMap<number, Bytes>): Promise<void>;
  /** One of all tabs at a time. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}
export class Mirror {
  genesis: string | null = null;
  checkpoint: Checkpoint | null = null;
  directory = new Directory();
  entries: DirectoryEntry[] = [];
  alarms: MirrorAlarm[] = [];
  /** Called when an alarm has been written down, whatever found it. */
  onAlarm: () => void = () => undefined;
  checkedAt = 0;
  private tree = new LeafTree();
  private readonly sent = new Map<KeyId, Map<string, number>>();
  private readonly sealedTo = new Set<KeyId>();
  private readonly before = new Map<number, Directory>();

  constructor(
    private readonly store: MirrorStore,
    private readonly now: () => number,
    /** The genesis that this build trusts; null: the first one that is seen is kept for ever. */
    private readonly anchor: string | null = null,
  ) {}

  get size(): number {
    return this.tree.size;
  }
  get root(): Bytes {
    return this.tree.root();
  }

  /** Reads the state, checking every act in it again. Rules: mirror.state, mirror.genesis. */
  async load(): Promise<void> {
    const stored = await this.store.load();
    if (stored === null) return;
    try {
      await this.take(stored.state, stored.tiles);
    } catch (error) {
      throw notAuthentic('mirror.state', `what this browser kept of the ledger is damaged: ${wordsOf(error)}`);
    }
    if (this.anchor !== null && this.genesis !== null && this.genesis !== this.anchor) throw notAuthentic('mirror.genesis', `this browser holds the ledger of ${this.genesis}, and trusts ${this.anchor}`);
  }
  private async take(state: MirrorState, tiles: readonly Bytes[]): Promise<void> {
    const directory = new Directory();
    const entries: DirectoryEntry[] = [];
    for (const one of state.entries) {
      const act = await verifyAct(parseAct(one.body), directory);
      directory.admit(act, one.index, one.time);
      entries.push({ index: one.index, time: one.time, blind: fromBase64urlSized(one.blind, 32, 'blind'), act });
    }
    const tree = LeafTree.from(tiles, state.size);
    for (const entry of entries) if (entry.index >= tree.size || !equal(leafOf(entry), tree.leaf(entry.index))) throw notAuthentic('mirror.state', 'an act of the directory is not the one in the tree');
    let checkpoint: Checkpoint | null = null;
    if (state.note !== '') {
      checkpoint = parseCheckpoint(state.note);
      await verifyCheckpoint(checkpoint, parseVkey(directory.genesis?.log ?? ''));
      if (checkpoint.size !== tree.size || !equal(checkpoint.root, tree.root())) throw notAuthentic('mirror.state', 'the tree is not that of the checkpoint');
    }
    Object.assign(this, { genesis: state.genesis, checkpoint, directory, entries, tree, alarms: [...state.alarms] });
    this.before.clear();
    for (const [device, counters] of Object.entries(state.sent)) for (const [authority, count] of Object.entries(counters)) this.count(device, authority, count);
    for (const kid of state.sealedTo) this.sealedTo.add(kid);
  }
  /** What another tab has written since counts too. */
  private async refresh(): Promise<void> {
    const stored = await this.store.load();
    if (stored === null) return;
    for (const [device, counters] of Object.entries(stored.state.sent)) for (const [authority, count] of Object.entries(counters)) this.count(device, authority, count);
    const unknown = stored.state.alarms.filter((alarm) => !this.alarms.some((known) => known.evidence === alarm.evidence));
    this.alarms.push(...unknown);
    if (unknown.length > 0) this.onAlarm();
    for (const kid of stored.state.sealedTo) this.sealedTo.add(kid);
    if (stored.state.size > this.size) await this.take({ ...stored.state, alarms: this.alarms }, stored.tiles);
  }
  private async save(fromSize: number): Promise<void> {
    const tiles = new Map<number, Bytes>();
    for (let tile = Math.floor(fromSize / TILE_WIDTH); tile * TILE_WIDTH < this.size; ++tile) tiles.set(tile, this.tree.tile(tile));
    const entries = this.entries.map(({ index, time, blind, act }) => ({ index, time, blind: base64url(blind), body: act.body }));
    const sent = Object.fromEntries([...this.sent].map(([device, counters]) => [device, Object.fromEntries(counters)]));
    const note = this.checkpoint?.text ?? '';
    await this.store.save({ genesis: this.genesis, note, size: this.size, entries, sent, alarms: this.alarms, sealedTo: [...this.sealedTo] }, tiles);
  }

  /**
   * Brings the copy up to the hub's newest checkpoint. Rules, all not_authentic: mirror.alarm, .checkpoint, .fork, .rollback,
   * .bundle, .feed, .genesis.
   */
  async update(door: Door): Promise<void> {
    await this.store.alone(async () => {
      await this.refresh();
      const [alarm] = this.alarms;
      if (alarm !== undefined) throw notAuthentic('mirror.alarm', `an alarm stands since ${alarm.at}: ${alarm.detail}`);
      await this.step(door);
      this.checkedAt = this.now();
    });
  }
  private async step(door: Door): Promise<void> {
    const text = await door.publicText('/ledger/checkpoint');
    let target: Checkpoint;
    try {
      target = parseCheckpoint(text);
      await verifyCheckpoint(target, await logOf(door, this.known(), target));
    } catch (error) {
      if (!(error instanceof Fault) || error.rule.startsWith('mirror.') || error.kind === 'unavailable' || error.kind === 'unauthenticated') throw error;
      throw notAuthentic('mirror.checkpoint', `the hub's checkpoint is not signed by the log of genesis: ${error.message}`);
    }
    const evidence = `${this.checkpoint?.text ?? ''}\n${text}`;
    if (target.size < this.size) return this.raise('mirror.rollback', `the ledger went back from ${this.size} to ${target.size} entries`, evidence);
    if (this.checkpoint !== null && target.size === this.size) {
      if (equal(target.root, this.root)) return;
      return this.raise('mirror.fork', `the ledger shows two different trees of ${target.size} entries`, evidence);
    }
    const staged: Staged = { target, tree: this.tree.copy(), directory: this.directory.copy(), entries: [], leaves: new Map() };
    await takeEntries(door, staged.tree, target.size, (index, leaf) => staged.leaves.set(index, leaf));
    if (!equal(staged.tree.root(), target.root)) return this.explainMismatch(door, target, evidence);
    await takeFeed(door, this.known(), staged);
    const fromSize = this.size;
    this.tree = staged.tree;
    this.directory = staged.directory;
    this.entries = [...this.entries, ...staged.entries];
    this.genesis ??= staged.entries[0]?.act.id ?? null;
    this.checkpoint = target;
    await this.save(fromSize);
  }

  private known(): Known {
    return { directory: this.directory, size: this.size, genesis: this.genesis, anchor: this.anchor };
  }

  // Entries that do not give the signed root: either they are not those of the log, or the log has two histories. All of
  // its entries from the first on decide: a signed tree that does not begin with ours is a fork.
  private async explainMismatch(door: Door, target: Checkpoint, evidence: string): Promise<void> {
    const whole = new LeafTree();
    await takeEntries(door, whole, target.size, () => undefined);
    if (equal(whole.root(), target.root) && this.checkpoint !== null && !equal(whole.rootAt(this.size), this.root))
      return this.raise('mirror.fork', `the tree of ${target.size} entries that the log signed does not begin with the ${this.size} entries that it signed before`, evidence);
    throw notAuthentic('mirror.bundle', 'the hub\'s entries do not give the root that its log signed; nothing of them was taken over');
  }

  private async raise(rule: string, detail: string, evidence: string): Promise<never> {
    this.alarms.push({ at: timeText(this.now()), rule, detail, evidence });
    await this.save(this.size);
    this.onAlarm();
    throw notAuthentic(rule, detail);
  }
  /** For what is found elsewhere: a receipt of another tree, a wrap with another key. */
  async alarm(rule: string, detail: string, evidence: string): Promise<void> {
    if (this.alarms.some((known) => known.evidence === evidence)) return;
    this.alarms.push({ at: timeText(this.now()), rule, detail, evidence });
    await this.store.alone(() => this.save(this.size));
    this.onAlarm();
  }
  async clearAlarms(): Promise<void> {
    await this.store.alone(async () => {
      await this.refresh();
      this.alarms = [];
      await this.save(this.size);
    });
  }

  /** Nothing is known any more; the next update begins anew. */
  empty(): void {
    Object.assign(this, { genesis: null, checkpoint: null, directory: new Directory(), entries: [], alarms: [], tree: new LeafTree() });
    this.sent.clear();
    this.sealedTo.clear();
    this.before.clear();
  }

  /** As it was when the entry at `index` was admitted: acts at lower indices only. */
  directoryBefore(index: number): Directory {
    const count = this.entries.findIndex((entry) => entry.index >= index);
    if (count < 0) return this.directory;
    const known = this.before.get(count);
    if (known !== undefined) return known;
    const out = new Directory();
    for (const entry of this.entries.slice(0, count)) out.admit(entry.act, entry.index, entry.time);
    if (this.before.size > 64) this.before.clear();
    this.before.set(count, out);
    return out;
  }
  entry(id: string): DirectoryEntry | null {
    return this.entries.find((entry) => entry.act.id === id) ?? null;
  }
  policy(): Policy {
    const { genesis } = this.directory;
    if (genesis === null) throw new Fault('unavailable', 'mirror.empty', 'nothing of the ledger has been verified yet');
    return parsePolicy(genesisPolicy(genesis.log, genesis.witnesses));
  }
  policyText(): string {
    return genesisPolicy(this.directory.genesis?.log ?? '', this.directory.genesis?.witnesses ?? '');
  }
  inclusion(index: number): Bytes[] {
    return this.tree.inclusion(index, this.size);
  }

  /** That (size, root) is a beginning of the verified tree. Rules: mirror.ahead (conflict), mirror.fork. */
  requirePrefix(size: number, root: Bytes): void {
    if (size > this.size) throw new Fault('conflict', 'mirror.ahead', `a tree of ${size} entries is newer than the verified copy (${this.size})`);
    if (!equal(root, this.tree.rootAt(size))) throw notAuthentic('mirror.fork', `a tree of ${size} entries that the verified ledger does not begin with`);
  }

  /** That an act is in the verified ledger; brings the copy up to date where the receipt is newer. */
  async checkReceipt(door: Door, act: SignedAct, text: string): Promise<ReceiptVerdict> {
    if (this.checkpoint === null) await this.update(door);
    const verdict = await verifyReceipt(act.bodyDigest, isDirectoryAct(act.act.type) ? 'dir' : 'act', text, this.policy());
    const seen = verdict.receipt.checkpoint;
    // The hub answers once the act is on disk; its static files follow a moment later.
    for (let attempt = 0; attempt < 40 && seen.size > this.size; ++attempt) {
      if (attempt > 0) await door.pause(Math.min(10 * 2 ** attempt, 100));
      await this.update(door);
    }
    if (seen.size > this.size) throw new Fault('unavailable', 'mirror.ahead', `the hub does not publish yet the tree of ${seen.size} entries that its receipt speaks of`);
    try {
      this.requirePrefix(seen.size, seen.root);
    } catch (error) {
      // Signed by the log of genesis, and not a beginning of what the same log showed us: two histories.
      await this.alarm('mirror.fork', wordsOf(error), `${this.checkpoint?.text ?? ''}\n${seen.text}`);
      throw error;
    }
    return verdict;
  }

  private count(device: KeyId, authority: string, count: number): void {
    const counters = this.sent.get(device) ?? new Map<string, number>();
    this.sent.set(device, counters);
    counters.set(authority, Math.max(counters.get(authority) ?? 0, count));
  }
  /** The last counter that `device` used towards `authority`; zero at the beginning. */
  lastSent(device: KeyId, authority: string): number {
    return this.sent.get(device)?.get(authority) ?? 0;
  }
  async noteSent(act: Act): Promise<void> {
    await this.store.alone(async () => {
      await this.refresh();
      for (const [authority, count] of Object.entries(act.sent)) this.count(act.device, authority, count);
      for (const ref of act.objects) if (ref.k === 'seal') for (const to of ref.to) this.sealedTo.add(to.kid);
      await this.save(this.size);
    });
  }
  hasSealedTo(kid: KeyId): boolean {
    return this.sealedTo.has(kid);
  }
  /** What the hub says of this device: lower than our receipts is an alarm, higher is taken over. */
  async reconcileSent(device: KeyId, hubSays: { readonly [authority: string]: number }): Promise<void> {
    for (const [authority, last] of this.sent.get(device) ?? []) {
      const said = hubSays[authority] ?? 0;
      if (said < last) {
        const detail = `the hub says that this device has sent ${said} acts to ${authority}, and it holds receipts of ${last}`;
        await this.alarm('mirror.rollback', detail, `${this.checkpoint?.text ?? ''}\n${detail}`);
        throw notAuthentic('mirror.rollback', detail);
      }
    }
    for (const [authority, count] of Object.entries(hubSays)) this.count(device, authority, count);
  }
  checkpointRef(): { size: number; root: string } {
    return { size: this.size, root: base64(this.root) };
  }
}

