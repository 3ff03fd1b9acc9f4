// A role that two administrators give: begun in one browser, seen in words in the other, signed by both; or declined. In between
// the hub dies, and lies.

import { mkdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';

import { words as en } from '@/i18n/words/en/all';
import type { Tab } from './kit/browser';
import type { Hands } from './kit/hands';
import { openCard, panelOf, peopleOf } from './kit/people';
import { bent, type Lie, type Proxy } from './kit/proxy';
import { raise, type Stage } from './kit/stage';

vi.setConfig({ testTimeout: 240_000 });
const FR = 'au:fr:central-authority';
const ROLE = 'Supervisor';
const pictures = process.env['ENTRAIDE_E2E_PICTURES'] ?? '';
const tabs: Tab[] = [];
let stage: Stage;
let desk: Proxy;
let liar: Proxy;
let first: Hands;
let second: Hands;
let abroad: Hands;
let officer = '';
let shots = 0;
const look = async (who: Hands, name: string): Promise<void> => {
  if (pictures === '') return;
  mkdirSync(pictures, { recursive: true });
  await who.page.screenshot({ path: `${pictures}/s${String(++shots).padStart(2, '0')}-${name}.png`, fullPage: true });
};

beforeAll(async () => {
  stage = await raise();
  [desk, liar] = [await stage.desk(), await stage.desk()];
  const people = await peopleOf(stage);
  const administrator = (authority: string, number: number) => people.find((one) => one.authority === authority && one.roles.includes('administrator') && one.number === number)!;
  officer = people.find((one) => one.authority === FR && !one.roles.includes('administrator'))?.subject ?? '';
  first = await openCard(stage, desk, administrator(FR, 1), tabs);
  second = await openCard(stage, liar, administrator(FR, 2), tabs);
  abroad = await openCard(stage, desk, administrator('au:ke:central-authority', 1), tabs);
});
afterAll(async () => stage?.end());
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const [i, who] of [first, second].entries()) if (who !== undefined) await look(who, `failed-${i}`).catch(() => undefined);
});

const toSecond = (who: Hands) => who.press(new RegExp(en['admin.tab.waiting']), 'tab');
const waiting = (who: Hands, title: string) => who.page.locator('article.officer', { has: who.page.getByRole('heading', { name: new RegExp(title) }) });
const roleOf = (who: Hands) => panelOf(who, officer).locator('p').first();
/** Without a reload, and long before anybody asks by themselves. */
const AT_ONCE = { timeout: 10_000 };
const again = async (who: Hands): Promise<void> => {
  await who.page.reload();
  await who.page.getByRole('heading', { name: en['nav.administration'], level: 1 }).waitFor({ timeout: 60_000 });
};

it('the first administrator signs that a magistrate supervises too, it takes no effect, and the second hears at once', async () => {
  await second.page.getByRole('heading', { name: en['nav.administration'], level: 1 }).waitFor({ timeout: 60_000 });
  await panelOf(first, officer).getByRole('button', { name: /^Change roles: / }).click();
  const dialog = first.page.getByRole('dialog');
  await dialog.getByText(ROLE, { exact: true }).click();
  await dialog.getByText(en['admin.appoint.two']).waitFor();
  await look(first, 'roles');
  await first.press(en['admin.appoint.go.two']);
  await first.page.getByText(en['admin.waiting.left.title']).waitFor({ timeout: 60_000 });
  await second.page.getByText('1 act of a colleague waits for your signature.').waitFor(AT_ONCE);
  await second.page.getByRole('navigation').getByText('1 to sign').waitFor(AT_ONCE);
  await look(second, 'heard');
  await look(first, 'left');
  await first.press(en['ui.close']);
  await toSecond(first);
  await waiting(first, en['admin.waiting.changes']).getByText(en['admin.waiting.mine']).waitFor({ timeout: 30_000 });
  expect(await first.page.getByRole('button', { name: en['admin.waiting.sign'], exact: true }).count()).toBe(0);
  await first.press(en['admin.tab.officers'], 'tab');
  expect(await roleOf(first).innerText()).not.toContain(ROLE);
});
it('it is there after the hub was killed, for the second, and not for another authority', async () => {
  await stage.hub.kill();
  await stage.hub.again();
  await again(second);
  await second.page.getByText(/act of a colleague waits for your signature/).waitFor({ timeout: 60_000 });
  await toSecond(second);
  const panel = waiting(second, en['admin.waiting.changes']);
  await panel.getByText(officer).waitFor();
  expect(await panel.innerText()).toContain(ROLE);
  expect(await panel.innerText()).toContain('administrator 1');
  await look(second, 'waiting');
  await again(abroad);
  await toSecond(abroad);
  await abroad.page.getByText(en['admin.waiting.none']).waitFor({ timeout: 30_000 });
});
it('a hub that shows another text under the first signature is caught, and nothing can be signed', async () => {
  const lie: Lie = (asked, said) =>
    asked.path.startsWith('/v1/waiting?')
      ? {
          body: bent<{ items: { act: string }[] }>(said.body, ({ items }) => {
            for (const item of items) {
              const [payload = '', ...lines] = item.act.split('\n');
              const text = Buffer.from(payload, 'base64url').toString().replace('"supervisor"', '"auditor"');
              item.act = [Buffer.from(text).toString('base64url'), ...lines].join('\n');
            }
          }),
        }
      : null;
  liar.lies.push(lie);
  await again(second);
  await toSecond(second);
  await second.page.getByText(en['admin.waiting.bad']).waitFor({ timeout: 60_000 });
  expect(await second.page.getByRole('button', { name: en['admin.waiting.sign'], exact: true }).count()).toBe(0);
  await look(second, 'altered');
  liar.lies.splice(0);
});
it('the second signs with a device of their own, and both see it in force with its proof', async () => {
  await again(second);
  await toSecond(second);
  await second.press(en['admin.waiting.sign']);
  await second.page.getByRole('alertdialog').getByText(ROLE).waitFor();
  await look(second, 'sign');
  await second.page.getByRole('alertdialog').getByRole('button', { name: en['admin.waiting.sign'], exact: true }).click();
  await second.page.getByText(en['admin.waiting.done']).waitFor({ timeout: 60_000 });
  await look(second, 'signed');
  await expect.poll(() => roleOf(first).innerText(), AT_ONCE).toContain(ROLE);
  await toSecond(first);
  await waiting(first, en['admin.waiting.changes']).getByText(en['admin.waiting.admitted']).waitFor({ timeout: 30_000 });
});
it('what the other begins can be declined, with a reason that they see', async () => {
  await second.press(en['admin.tab.officers'], 'tab');
  await second.press(en['admin.appoint']);
  await second.page.getByRole('dialog').getByText('Magistrate', { exact: true }).click();
  await second.press(en['admin.appoint.go.two']);
  await second.page.getByText(en['admin.waiting.left.title']).waitFor({ timeout: 60_000 });
  await second.press(en['ui.close']);
  await waiting(first, en['admin.waiting.appoints']).getByRole('button', { name: en['admin.waiting.decline'] }).click(AT_ONCE);
  await first.page.getByRole('alertdialog').getByText(en['admin.waiting.why.unexpected']).click();
  await first.page.getByRole('alertdialog').getByRole('button', { name: en['admin.waiting.decline'], exact: true }).click();
  await toSecond(second);
  await waiting(second, en['admin.waiting.appoints']).getByText(new RegExp(en['admin.waiting.why.unexpected'])).waitFor(AT_ONCE);
  await look(second, 'declined');
});
it('nobody complained in the console of what was done', () => {
  expect(tabs.flatMap((tab) => tab.complaints).filter((one) => !/40[0-9]|ERR_|Failed to load/.test(one))).toEqual([]);
});
