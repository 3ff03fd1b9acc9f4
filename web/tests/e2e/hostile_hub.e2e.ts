// A hub that lies: each lie is caught by the desk, and said. What a person sees of it: screens.e2e.ts.

import { afterAll, beforeAll, expect, it } from 'vitest';

import { parseCheckpoint } from '@/proof/note';
import type { Tab } from './kit/browser';
import { alteredObjects, feed, forgedAct, forkOf, swappedRingKey } from './kit/lies';
import { bent, type Lie, type Proxy } from './kit/proxy';
import { raise, ruleOf, type Stage } from './kit/stage';

const FR = 'au:fr:central-authority';
const KE = 'au:ke:central-authority';
let stage: Stage;
let honest: Proxy;
let french: Tab;
beforeAll(async () => {
  stage = await raise();
  honest = await stage.door();
  french = await stage.as(honest, FR);
});
afterAll(async () => stage?.end());

const letter = (tab: Tab, text: string) => tab.page.evaluate(async ([from, to, words]) => {
  const prepared = await window.desk.prepare({ type: 'message.open', authority: from!, to: [to!], case: null, basis: 'use.2.2', answers: { basis: 'use.2.2', text: words! }, language: 'fr', summary: 'a letter', translations: [], files: [] });
  return window.desk.send(prepared.id);
}, [FR, KE, text]);
/** A fresh browser that meets this door for the first time. */
async function meets(lies: readonly Lie[]): Promise<{ tab: Tab; rule: string }> {
  const door = await stage.door();
  const people = await french.page.evaluate(() => window.desk.demonstrationPeople());
  const subject = people.find((one) => one.authority === KE && !one.roles.includes('administrator'))?.subject ?? '';
  const tab = await stage.tab(door);
  door.lies.push(...lies);
  await tab.page.evaluate((who) => window.desk.openAs(who).catch(() => undefined), subject);
  return { tab, rule: await ruleOf(tab.page.evaluate(() => window.desk.checkLedger().catch((error: { rule: string; message: string }) => { throw new Error(`${error.rule}: ${error.message}`); }))) };
}
it('that swaps the key of a ring in the feed', async () => {
  const { rule } = await meets([swappedRingKey]);
  expect(rule).toContain('mirror.feed');
});
it('that keeps an act of the directory back', async () => {
  const { rule } = await meets([feed((entries) => void entries.splice(Math.min(9, entries.length - 1), 1))]);
  expect(rule).toContain('mirror.feed');
});
it('that shows a checkpoint which its log did not sign', async () => {
  const { rule } = await meets([(asked, said) => (asked.path === '/ledger/checkpoint' ? { body: said.body.toString().replace(/\n(\d+)\n/, (_, n: string) => `\n${Number(n) + 1}\n`) } : null)]);
  expect(rule).toContain('mirror.checkpoint');
});
it('that alters an entry of the ledger', async () => {
  const { rule } = await meets([(asked, said) => (asked.path.startsWith('/ledger/tile/entries/') ? { body: Buffer.from(said.body.toString('latin1').replace(/\n(\d{10})\n/, (_, n: string) => `\n${Number(n) + 1}\n`), 'latin1') } : null)]);
  expect(rule).toContain('mirror.bundle');
});
it('that shows a fork: two trees of one size, both signed by its log', async () => {
  const { tab, rule } = await meets([]);
  expect(rule).toBe('');
  const real = await (await fetch(`${stage.hub.url}/ledger/checkpoint`)).text();
  const other = forkOf(stage.hub, real);
  await tab.page.route('**/ledger/checkpoint', (route) => route.fulfill({ body: other, contentType: 'text/plain' }));
  expect(await ruleOf(tab.page.evaluate(() => window.desk.checkLedger().catch((error: { rule: string }) => { throw new Error(error.rule); })))).toContain('mirror.fork');
  const alarms = await tab.page.evaluate(() => window.desk.alarms());
  expect(alarms[0]?.rule).toBe('mirror.fork');
  expect(alarms[0]?.evidence).toContain(other);
  await tab.page.unroute('**/ledger/checkpoint');
  // It stays until a person has looked, also over a reload.
  await tab.page.reload();
  await tab.page.waitForFunction(() => document.title === 'ready');
  expect(await ruleOf(tab.page.evaluate(() => window.desk.checkLedger().catch((error: { rule: string }) => { throw new Error(error.rule); })))).toContain('mirror.alarm');
  await tab.page.evaluate(() => window.desk.clearAlarms());
  expect((await tab.page.evaluate(() => window.desk.checkLedger())).size).toBe(parseCheckpoint(real).size);
});
it('that goes back behind what it has shown', async () => {
  const before = await (await fetch(`${stage.hub.url}/ledger/checkpoint`)).text();
  await letter(french, 'one more');
  const { tab } = await meets([]);
  await tab.page.route('**/ledger/checkpoint', (route) => route.fulfill({ body: before, contentType: 'text/plain' }));
  expect(await ruleOf(tab.page.evaluate(() => window.desk.checkLedger().catch((error: { rule: string }) => { throw new Error(error.rule); })))).toContain('mirror.rollback');
});

it('that alters a sealed object', async () => {
  const sent = await letter(french, 'as it was written');
  const { tab } = await meets([alteredObjects((path) => path.includes(sent.id))]);
  const opened = await tab.page.evaluate(([au, which]) => window.desk.openCase(au!, which!), [KE, sent.reference ?? '']);
  expect(opened.good).toBe(false);
  expect(opened.acts[0]?.verdict.steps.find((step) => step.finding === 'fails')?.check).toBe('object');
  expect(opened.acts[0]?.document).toBeNull();
});
it('that alters one sealed summary among many, and keeps another back', async () => {
  const altered = await letter(french, 'its summary is altered');
  const missing = await letter(french, 'its summary is kept back');
  const keptBack: Lie = (asked, said) => (asked.path.startsWith('/v1/acts?') ? { body: bent<{ items: { id: string }[] }>(said.body, (page) => { page.items = page.items.filter((item) => item.id !== missing.id); }) } : null);
  const { tab } = await meets([alteredObjects((path) => path.includes(altered.id)), keptBack]);
  const found = await tab.page.evaluate(async (authority) => {
    const page = await window.desk.cases({ authority, view: 'all', kind: 'message', limit: 200 });
    const opened = await window.desk.summaries(authority, page.items);
    return page.items.map((one) => [one.reference, opened[one.case]] as const);
  }, KE);
  const of = (reference: string | null) => found.find(([name]) => name === reference)?.[1];
  expect(of(altered.reference)).toMatchObject({ state: 'closed', why: 'not-valid', verdict: { good: false } });
  expect(of(missing.reference)).toMatchObject({ state: 'closed', why: 'before-us' });
  const others = found.filter(([name]) => name !== altered.reference && name !== missing.reference);
  expect(others.length).toBeGreaterThan(0);
  for (const [, summary] of others) expect(summary).toMatchObject({ state: 'open', verdict: { good: true } });
});
it('that forges an act in the name of an officer', async () => {
  const sent = await letter(french, 'not forged');
  const { tab } = await meets([forgedAct(sent.id)]);
  const opened = await tab.page.evaluate(([au, which]) => window.desk.openCase(au!, which!), [KE, sent.reference ?? '']);
  expect(opened.good).toBe(false);
  expect(opened.acts[0]?.document).toBeNull();
});
it('that gives a receipt of something else', async () => {
  const first = await letter(french, 'first');
  const lie: Lie = (asked, said) => (asked.method === 'POST' && asked.path === '/v1/acts' ? { body: bent<{ receipt: string }>(said.body, (answer) => { answer.receipt = first.receipt; }) } : null);
  honest.lies.push(lie);
  const rule = await ruleOf(letter(french, 'second'));
  honest.lies.splice(honest.lies.indexOf(lie), 1);
  expect(rule).toContain('receipt');
});
