// A hub that dies, a line that breaks, a device that is lost, an officer who has left.

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Tab } from './kit/browser';
import { until } from './kit/hub';
import type { Proxy } from './kit/proxy';
import { raise, ruleOf, type Stage } from './kit/stage';

const FR = 'au:fr:central-authority';
const KE = 'au:ke:central-authority';
let stage: Stage;
let door: Proxy;
let french: Tab;
beforeAll(async () => {
  stage = await raise();
  door = await stage.door();
  french = await stage.as(door, FR);
});
afterAll(async () => stage?.end());

const prepare = (tab: Tab, text: string) => tab.page.evaluate(async ([from, to, words]) => (await window.desk.prepare({
  type: 'message.open', authority: from!, to: [to!], case: null, basis: 'use.2.2', answers: { basis: 'use.2.2', text: words! }, language: 'fr', summary: 'a letter', translations: [], files: [],
})).id, [FR, KE, text]);
const rule = (tab: Tab, id: string) => ruleOf(tab.page.evaluate((which) => window.desk.send(which).catch((error: { rule: string }) => { throw new Error(error.rule); }), id));
const outbox = (tab: Tab) => tab.page.evaluate(() => window.desk.outbox());
const letters = (tab: Tab) => tab.page.evaluate(async (authority) => (await window.desk.cases({ authority, view: 'all', kind: 'message', limit: 200 })).items.length, FR);

it('an act whose answer was lost on the way is sent again, the very same, and counts once', async () => {
  const before = await letters(french);
  const id = await prepare(french, 'the answer will be lost');
  door.lies.push((asked) => (asked.method === 'POST' && asked.path === '/v1/acts' ? { status: 503, body: '{}' } : null));
  expect(await rule(french, id)).toContain('http.status');
  const [waiting] = await outbox(french);
  expect(waiting?.state).toBe('waiting');
  door.lies.splice(0);
  await french.page.evaluate(() => window.desk.sendWaiting());
  expect(await outbox(french)).toEqual([]);
  expect(await letters(french)).toBe(before + 1);
});
it('kill -9 of the hub in the middle loses nothing', async () => {
  const before = await letters(french);
  const id = await prepare(french, 'the hub will die');
  await stage.hub.kill();
  expect(await rule(french, id)).toContain('desk.offline');
  expect(await outbox(french)).toHaveLength(1);
  await french.page.reload();
  await french.page.waitForFunction(() => document.title === 'ready');
  await stage.hub.again();
  await french.page.evaluate(() => window.desk.status());
  await until('the outbox to be empty', 40, async () => {
    await french.page.evaluate(() => window.desk.sendWaiting());
    return (await outbox(french)).length === 0;
  });
  expect(await letters(french)).toBe(before + 1);
  expect(await french.page.evaluate(() => window.desk.alarms())).toEqual([]);
});
it('offline: what was read can be read, what is written waits, and goes when the line is back', async () => {
  const reference = await french.page.evaluate(async (authority) => {
    const [first] = (await window.desk.cases({ authority, view: 'all' })).items;
    await window.desk.openCase(authority, first!.reference);
    return first!.reference;
  }, FR);
  const id = await prepare(french, 'written offline');
  door.cut = true;
  const kept = await french.page.evaluate(([au, which]) => window.desk.openCase(au!, which!), [FR, reference]);
  expect(kept.offline).toBe(true);
  expect(kept.acts.length).toBeGreaterThan(0);
  expect(await rule(french, id)).toContain('desk.offline');
  door.cut = false;
  await french.page.evaluate(() => window.desk.status());
  await until('the outbox to be empty', 30, async () => (await outbox(french)).length === 0);
});
it('events go on after the line was cut, each once', async () => {
  await french.page.evaluate((authority) => {
    const heard: number[] = [];
    Object.assign(window, { heard });
    window.desk.events(authority, (event) => { if (event.name === 'act') heard.push(event.data.index); });
  }, FR);
  const kenyan = await stage.as(await stage.door(), KE);
  const write = (text: string) => kenyan.page.evaluate(async ([from, to, words]) => {
    const { id } = await window.desk.prepare({ type: 'message.open', authority: from!, to: [to!], case: null, basis: 'use.2.2', answers: { basis: 'use.2.2', text: words! }, language: 'en', summary: 'a letter', translations: [], files: [] });
    return (await window.desk.send(id)).index;
  }, [KE, FR, text]);
  const heard = () => french.page.evaluate(() => (window as unknown as { heard: number[] }).heard);
  const first = await write('before');
  await until('the first event', 30, async () => (await heard()).includes(first));
  await stage.hub.kill();
  await stage.hub.again();
  await french.page.evaluate(() => window.desk.status());
  const second = await write('after');
  await until('the second event', 60, async () => (await heard()).includes(second));
  const all = await heard();
  expect(new Set(all).size).toBe(all.length);
});

it('a lost device: forgotten here, a new one enrolled with four words that both sides see, and the ring given to it', async () => {
  const administrators = await stage.as(await stage.door(), FR, 'administrator');
  const officer = await french.page.evaluate(() => { const state = window.desk.session(); return state.state === 'open' ? state.identity.officer : ''; });
  const { code } = await administrators.page.evaluate(([au, of]) => window.desk.invite(au!, of!), [FR, officer]);
  const newcomer = await stage.tab(await stage.door());
  const applied = await newcomer.page.evaluate((text) => window.desk.enrol(text, 'New laptop'), code);
  expect(applied.words).toHaveLength(4);
  const [seen] = await administrators.page.evaluate((au) => window.desk.enrolments(au), FR);
  expect(seen?.words).toEqual(applied.words);
  expect(seen?.verdict.good).toBe(true);
  expect(await newcomer.page.evaluate((kid) => window.desk.enrolmentState(kid), applied.identity.kid)).toBe('pending');
  await administrators.page.evaluate((id) => window.desk.admitDevice(id, 'N. Laptop'), seen?.enrolment ?? '');
  expect(await newcomer.page.evaluate((kid) => window.desk.enrolmentState(kid), applied.identity.kid)).toBe('admitted');
  await newcomer.page.evaluate((kid) => window.desk.signIn(kid), applied.identity.kid);
  const read = () => newcomer.page.evaluate(async (authority) => {
    const { items } = await window.desk.cases({ authority, view: 'all' });
    return Object.values(await window.desk.summaries(authority, items)).map((one) => (one.state === 'closed' ? one.why : one.state));
  }, FR);
  expect(await read()).toContain('no-key');
  await french.page.evaluate(([au, kid]) => window.desk.grantRing(au!, kid!), [FR, applied.identity.kid]);
  expect(await read()).not.toContain('no-key');

  await administrators.page.evaluate(([au, kid]) => window.desk.revoke({ kid: kid! }, au!, 'lost'), [FR, applied.identity.kid]);
  expect(await ruleOf(newcomer.page.evaluate(() => window.desk.me().catch((error: { rule: string }) => { throw new Error(error.rule); })))).toContain('act.device.revoked');
  await newcomer.page.evaluate(() => window.desk.forgetEverything());
  expect(await newcomer.page.evaluate(() => window.desk.identities())).toEqual([]);
});
it('an officer who was revoked reads nothing more and signs nothing more', async () => {
  const administrators = await stage.as(await stage.door(), FR, 'administrator');
  const officer = await french.page.evaluate(() => { const state = window.desk.session(); return state.state === 'open' ? state.identity.officer : ''; });
  const id = await prepare(french, 'too late');
  await administrators.page.evaluate(([au, of]) => window.desk.revoke({ subject: of! }, au!, 'has left'), [FR, officer]);
  expect(await rule(french, id)).toMatch(/act\.(device\.revoked|officer\.closed)/);
  expect(await ruleOf(french.page.evaluate(() => window.desk.me().catch((error: { rule: string }) => { throw new Error(error.rule); })))).toMatch(/act\.(device|officer)/);
});
