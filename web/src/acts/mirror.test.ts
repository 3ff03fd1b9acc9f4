// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest';

import { Ledger, Shelf } from '../../tests/kit/ledger';
import { refused } from '../../tests/kit/vectors';
import { NOW, World } from '../../tests/kit/world';
import { timeText } from '@/proof/time';

import { Mirror } from './mirror';

const FR = 'au:fr:central';
let world: World;
let ledger: Ledger;
let shelf: Shelf;
let mirror: Mirror;
let now = NOW;
const fresh = (place = shelf, anchor: string | null = null) => new Mirror(place, () => now, anchor);
beforeEach(async () => {
  now = NOW;
  ledger = await Ledger.make();
  world = new World();
  world.log = ledger.vkey;
  await world.begin();
  await world.country('fr');
  await world.authority(FR);
  await world.officer(FR);
  ledger.follow(world);
  shelf = new Shelf();
  mirror = fresh();
});

describe('the verified copy', () => {
  it('takes over the ledger and computes the directory from it', async () => {
    await mirror.update(ledger);
    expect(mirror.size).toBe(ledger.tree.size);
    expect(mirror.genesis).toBe(world.acts[0]!.verified.id);
    expect([...mirror.directory.devices.keys()]).toEqual([...world.directory.devices.keys()]);
    await world.ring(FR, 1);
    ledger.follow(world);
    await mirror.update(ledger);
    expect(mirror.directory.authorities.get(FR)?.rings).toHaveLength(1);
    expect(mirror.directoryBefore(ledger.tree.size - 1).authorities.get(FR)?.rings).toHaveLength(0);
  });
  it('is read back and checked again, and notices when it was altered meanwhile', async () => {
    await mirror.update(ledger);
    const again = fresh();
    await again.load();
    expect(again.root).toEqual(mirror.root);
    const { state, tiles } = shelf.kept!;
    for (const bent of [
      { ...state, size: state.size - 1 }, { ...state, note: state.note.replace(/\n\d+\n/, '\n1\n') },
      { ...state, entries: state.entries.slice(0, -2) .concat({ ...state.entries.at(-1)!, body: state.entries.at(-2)!.body }) },
    ]) {
      shelf.kept = { state: bent, tiles };
      expect(await refused(() => fresh().load())).toBe('mirror.state');
    }
  });
  it('trusts the genesis that the build names, and no other', async () => {
    const right = fresh(new Shelf(), world.acts[0]!.verified.id);
    await right.update(ledger);
    expect(await refused(() => fresh(new Shelf(), world.acts[1]!.verified.id).update(ledger))).toBe('mirror.genesis');
    await mirror.update(ledger);
    expect(await refused(() => fresh(shelf, world.acts[1]!.verified.id).load())).toBe('mirror.genesis');
  });
  it('believes no checkpoint that the log did not sign', async () => {
    ledger.bend = { checkpoint: (text) => text.replace(/\n(\d+)\n/, (_, n: string) => `\n${Number(n) + 1}\n`) };
    expect(await refused(() => mirror.update(ledger))).toBe('mirror.checkpoint');
    const other = await Ledger.make();
    for (const entry of ledger.entries) other.append(entry.body);
    const foreign = await other.checkpoint();
    ledger.bend = { checkpoint: () => foreign };
    expect(await refused(() => mirror.update(ledger))).toBe('mirror.checkpoint');
    ledger.bend = { checkpoint: () => 'hello' };
    expect(await refused(() => mirror.update(ledger))).toBe('mirror.checkpoint');
    expect(mirror.size).toBe(0);
  });
  it('takes nothing over when entries are altered or do not give the root', async () => {
    ledger.bend = { bundle: (bytes) => bytes.map((byte, i) => (i === 70 ? byte ^ 1 : byte)) };
    expect(await refused(() => mirror.update(ledger))).toBe('mirror.bundle');
    ledger.bend = { bundle: (bytes) => bytes.slice(0, -1) };
    expect(await refused(() => mirror.update(ledger))).toBe('mirror.bundle');
    expect([mirror.size, mirror.alarms.length, shelf.kept]).toEqual([0, 0, null]);
  });
  it.each<[string, (entries: { index: number; body: string; blind: string; time: string }[]) => unknown[]]>([
    ['keeps one back', (entries) => entries.filter((_, i) => i !== 2)],
    ['keeps the last back', (entries) => entries.slice(0, -1)],
    ['gives one twice', (entries) => [entries[0], ...entries]],
    ['gives them in another order', (entries) => [entries[1], entries[0], ...entries.slice(2)]],
    ['gives another body', (entries) => entries.map((one, i) => (i === 2 ? { ...one, body: entries[3]!.body } : one))],
    ['gives another blind', (entries) => entries.map((one, i) => (i === 2 ? { ...one, blind: entries[3]!.blind } : one))],
    ['gives another time', (entries) => entries.map((one, i) => (i === 2 ? { ...one, time: timeText(NOW + 1) } : one))],
    ['gives nothing', () => []],
  ])('takes nothing over when the feed %s', async (_, bend) => {
    ledger.bend = { feed: (entries) => (entries.length > 1 ? bend(entries as never) : entries) };
    expect(await refused(() => mirror.update(ledger))).toBe('mirror.feed');
    expect(mirror.size).toBe(0);
  });
});

describe('alarms', () => {
  beforeEach(() => mirror.update(ledger));
  it('ring when the ledger goes back, and stay until a person has looked', async () => {
    const before = await ledger.checkpoint(ledger.tree.size - 1);
    ledger.bend = { checkpoint: () => before };
    expect(await refused(() => mirror.update(ledger))).toBe('mirror.rollback');
    ledger.bend = {};
    expect(await refused(() => mirror.update(ledger))).toBe('mirror.alarm');
    const again = fresh();
    await again.load();
    expect(again.alarms[0]?.evidence).toContain(before);
    await again.clearAlarms();
    await again.update(ledger);
    expect(again.alarms).toEqual([]);
  });
  it('ring when there are two trees of one size', async () => {
    const other = await ledger.checkpoint(ledger.tree.size, new Uint8Array(32).fill(5));
    ledger.bend = { checkpoint: () => other };
    expect(await refused(() => mirror.update(ledger))).toBe('mirror.fork');
  });
  it('ring when a longer ledger does not begin with ours', async () => {
    const [first] = ledger.entries;
    const changed = ledger.entries.map((entry) => entry.body);
    Object.assign(ledger, { entries: [] });
    Object.assign(ledger, { tree: new (ledger.tree.constructor as new () => typeof ledger.tree)() });
    for (const body of changed) ledger.append(body); // other blinds: another history, signed by the same log
    ledger.append(first!.body);
    expect(await refused(() => mirror.update(ledger))).toBe('mirror.fork');
  });
  it('ring when the hub knows of fewer acts than it gave receipts for', async () => {
    const device = world.administrators[0]!.kid;
    const act = { ...world.acts[0]!.verified.act, device, sent: { [FR]: 3 } };
    await mirror.noteSent(act);
    expect(mirror.lastSent(device, FR)).toBe(3);
    await mirror.reconcileSent(device, { [FR]: 5 });
    expect(mirror.lastSent(device, FR)).toBe(5);
    expect(await refused(() => mirror.reconcileSent(device, { [FR]: 4 }))).toBe('mirror.rollback');
    expect(mirror.alarms).toHaveLength(1);
  });
});

describe('beginnings of the tree', () => {
  it('are known at every size, and nothing else is one', async () => {
    await mirror.update(ledger);
    for (const size of [0, 1, 3, ledger.tree.size]) mirror.requirePrefix(size, ledger.tree.rootAt(size));
    expect(await refused(() => mirror.requirePrefix(3, ledger.tree.rootAt(4)))).toBe('mirror.fork');
    expect(await refused(() => mirror.requirePrefix(ledger.tree.size + 1, ledger.tree.root()))).toBe('mirror.ahead');
  });
});
