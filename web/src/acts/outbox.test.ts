// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest';

import { Ledger, Shelf } from '../../tests/kit/ledger';
import { refused } from '../../tests/kit/vectors';
import { NOW, World } from '../../tests/kit/world';
import { Fault } from '@/sealing/fault';
import type { KeyPair } from '@/sealing/keys';
import { parseAct } from '@/proof/act';

import type { Author, Said } from './compose';
import { newCaseId } from './compose';
import { Mirror } from './mirror';
import { Outbox } from './outbox';

const FR = 'au:fr:central';
const KE = 'au:ke:central';
let ledger: Ledger;
let shelf: Shelf;
let mirror: Mirror;
let outbox: Outbox;
let author: Author;
let now: number;
const away = new Fault('unavailable', 'desk.offline', 'no line');
const refusal = (rule: string) => new Fault('refused', rule, 'the hub says no');
const said = (): Said => ({ type: 'message.open', to: [KE], case: newCaseId(), previous: null, objects: [], d: {} });
const counters = () => ledger.entries.filter((entry) => entry.kind === 'act').map((entry) => parseAct(entry.body).act.sent[KE]);
beforeEach(async () => {
  now = NOW;
  ledger = await Ledger.make();
  const world = new World();
  world.log = ledger.vkey;
  await world.begin();
  await world.country('fr');
  await world.authority(FR);
  const officer: { officer: string; sign: KeyPair } = await world.officer(FR);
  ledger.follow(world);
  shelf = new Shelf();
  mirror = new Mirror(shelf, () => now);
  await mirror.update(ledger);
  outbox = new Outbox(shelf, ledger, mirror, () => now, () => undefined);
  author = { by: officer.officer, for: FR, signer: officer.sign };
});

describe('the outbox', () => {
  it('strikes an act out when its receipt has been checked, and counts it', async () => {
    const sent = await outbox.sign(author, said(), []);
    expect(sent.verdict.good).toBe(true);
    expect(await outbox.items()).toEqual([]);
    await outbox.sign(author, said(), []);
    expect(counters()).toEqual([1, 2]);
  });
  it('keeps what may have arrived, and sends the very same again', async () => {
    ledger.failures = [{ fault: away, taken: true }];
    expect(await refused(() => outbox.sign(author, said(), []))).toBe('desk.offline');
    expect((await outbox.items()).map((item) => item.state)).toEqual(['waiting']);
    await outbox.sendWaiting(new Set(), null);
    expect(await outbox.items()).toEqual([]);
    expect(counters()).toEqual([1]);
  });
  it('counts on while several wait, and sends them in order', async () => {
    ledger.failures = [1, 2].map(() => ({ fault: away, taken: false }));
    for (const _ of [1, 2]) expect(await refused(() => outbox.sign(author, said(), []))).toBe('desk.offline');
    await outbox.sendWaiting(new Set(), null);
    expect(counters()).toEqual([1, 2]);
  });
  it('forgets what the hub refuses while a person looks on', async () => {
    ledger.failures = [{ fault: refusal('decide.party'), taken: false }];
    expect(await refused(() => outbox.sign(author, said(), []))).toBe('decide.party');
    expect(await outbox.items()).toEqual([]);
    await outbox.sign(author, said(), []);
    expect(counters()).toEqual([1]);
  });
  it('keeps in sight what was refused while nobody looked', async () => {
    ledger.failures = [{ fault: away, taken: false }, { fault: refusal('decide.state'), taken: false }];
    await refused(() => outbox.sign(author, said(), []));
    await outbox.sendWaiting(new Set(), null);
    const [item] = await outbox.items();
    expect([item?.state, item?.rule]).toEqual(['refused', 'decide.state']);
    await outbox.drop(item!.id);
    expect(await outbox.items()).toEqual([]);
  });
  it('asks again before it sends what has waited for more than a quarter of an hour', async () => {
    ledger.failures = [{ fault: away, taken: false }];
    await refused(() => outbox.sign(author, said(), []));
    now += 16 * 60;
    const [item] = await outbox.items();
    expect(item?.state).toBe('confirm');
    await outbox.sendWaiting(new Set(), null);
    expect(counters()).toEqual([]);
    await outbox.sendWaiting(new Set([item!.id]), null);
    expect(counters()).toEqual([1]);
  });
  it('signs anew what the hub never took and finds too old, and only then', async () => {
    ledger.failures = [{ fault: away, taken: false }, { fault: refusal('act.time.window'), taken: false }];
    await refused(() => outbox.sign(author, said(), []));
    const [item] = await outbox.items();
    now += 600;
    await outbox.sendWaiting(new Set(), () => author);
    expect(await outbox.items()).toEqual([]);
    expect(counters()).toEqual([1]);
    expect(parseAct(ledger.entries.at(-1)!.body).id).not.toBe(item?.id);
    expect(parseAct(ledger.entries.at(-1)!.body).act.at).toBe(now);
  });
  it('does not count an act as sent on a receipt of something else', async () => {
    await outbox.sign(author, said(), []);
    const [first] = ledger.answers.values();
    for (const bend of [{ receipt: first!.receipt }, { id: first!.id }, { index: 3 }, { time: '2030-01-01T00:00:00Z' }]) {
      ledger.bend = { answer: (answer) => ({ ...answer, ...bend }) };
      expect(await refused(() => outbox.sign(author, said(), []))).toBe('outbox.receipt');
    }
    expect((await outbox.items()).map((item) => item.state)).toEqual(['refused', 'refused', 'refused', 'refused']);
    expect(mirror.lastSent(author.signer.kid, KE)).toBe(1);
  });
});
