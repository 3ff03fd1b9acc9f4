// A laptop is lost on the train: revoked, said plainly on its own screen, replaced by another that reads the old cases; and the
// authority's key is a new one. All of it by hand.

import { mkdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';

import { words as en } from '@/i18n/words/en/all';
import { realRules } from '@/forms/rulebook_for_test';
import type { Tab } from './kit/browser';
import type { Hands } from './kit/hands';
import { addressOf, browse, newDevice, openCard, panelOf, peopleOf } from './kit/people';
import type { Proxy } from './kit/proxy';
import { raise, type Stage } from './kit/stage';

vi.setConfig({ testTimeout: 240_000 });
const FR = 'au:fr:central-authority';
const pictures = process.env['ENTRAIDE_E2E_PICTURES'] ?? '';
const tabs: Tab[] = [];
let stage: Stage;
let desk: Proxy;
let administrator: Hands;
let keeper: Hands;
let lost: Hands;
let found: Hands;
let officer = '';
let subjects: string[] = [];
let shots = 0;
const look = async (who: Hands, name: string): Promise<void> => {
  if (pictures === '') return;
  mkdirSync(pictures, { recursive: true });
  await who.page.screenshot({ path: `${pictures}/l${String(++shots).padStart(2, '0')}-${name}.png`, fullPage: true });
};

beforeAll(async () => {
  stage = await raise();
  desk = await stage.desk();
  const people = await peopleOf(stage);
  const own = people.filter((one) => one.authority === FR && !one.roles.includes('administrator'));
  const keeps = own.find((one) => one.roles.includes('ring-admin'))!;
  const loses = own.find((one) => one.subject !== keeps.subject)!;
  officer = loses.subject;
  keeper = await openCard(stage, desk, keeps, tabs);
  lost = await openCard(stage, desk, loses, tabs);
  administrator = await openCard(stage, desk, people.find((one) => one.authority === FR && one.roles.includes('administrator'))!, tabs);
});
afterAll(async () => stage?.end());
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const [i, who] of [administrator, keeper, lost, found].entries()) if (who !== undefined) await look(who, `failed-${i}`).catch(() => undefined);
});

const go = (who: Hands, name: string) => who.page.getByRole('link', { name: new RegExp(name) }).first().click();
/** Subjects of the requests, once this browser has opened them all. */
async function readSubjects(who: Hands): Promise<string[]> {
  await go(who, en['nav.requests']);
  await who.page.locator('main .subj').first().waitFor({ timeout: 60_000 });
  const closed = () => who.page.evaluate(() => document.querySelectorAll('main .subj').length - document.querySelectorAll('main .subj [dir=auto]').length);
  await expect.poll(closed, { timeout: 60_000 }).toBe(0);
  return (await who.page.locator('main .subj').allInnerTexts()).map((text) => text.trim());
}

it('before: the officer reads the cases, and leaves a draft behind', async () => {
  subjects = await readSubjects(lost);
  expect(subjects.length).toBeGreaterThan(0);
  await go(lost, `^${en['command.new']}`);
  await lost.press((await realRules()).word('en', 'act.message.open') ?? '', 'link');
  await lost.choose(lost.page.locator('#begin-country'), 'Kenya');
  await lost.mark(lost.page.locator('#begin-authority'), 'au:ke:central-authority');
  await lost.press(en['new.start']);
  await lost.page.waitForURL(/\/drafts\//, { timeout: 60_000 });
  await look(lost, 'draft');
});
it('revoked: the device itself says so, by whom and when, checked, and keeps the draft', async () => {
  await panelOf(administrator, officer).getByRole('row').last().getByRole('button', { name: /Revoke/ }).click();
  await administrator.page.getByRole('alertdialog').getByText(en['admin.revoke.why.lost']).click();
  await administrator.page.getByRole('alertdialog').getByRole('button', { name: en['admin.revoke.device'], exact: true }).click();
  await administrator.page.getByText(en['admin.revoked.next']).waitFor({ timeout: 60_000 });
  await administrator.press(en['ui.close']);
  await go(lost, en['nav.inbox']);
  await lost.page.getByRole('heading', { name: en['revoked.device.title'] }).waitFor({ timeout: 120_000 });
  const said = await lost.page.locator('section[aria-labelledby=revoked]').innerText();
  expect(said).toContain('an administrator of');
  expect(said).toContain(en['admin.revoke.why.lost']);
  expect(said).not.toContain(en['revoked.unchecked']);
  await lost.page.locator('section[aria-labelledby=revoked] .mark.verified').waitFor();
  await look(lost, 'revoked');
});
it('after a reload it still says so, offers the draft in a file, and keeps it until told to forget', async () => {
  await lost.page.reload();
  await lost.page.getByRole('heading', { name: en['revoked.device.title'] }).waitFor({ timeout: 60_000 });
  const coming = lost.page.waitForEvent('download', { timeout: 60_000 });
  await lost.press(en['revoked.export']);
  const file = JSON.parse(readFileSync(await (await coming).path(), 'utf8')) as { format: string; officer: string; drafts: { content: { intention: { to: string[] } } }[] };
  expect(file.format).toBe('entraide-drafts/1');
  expect(file.officer).toBe(officer);
  expect(file.drafts).toHaveLength(1);
  await lost.press(en['settings.forget']);
  await lost.page.getByRole('alertdialog').getByRole('button', { name: en['settings.forget'], exact: true }).click();
  await lost.page.getByRole('heading', { name: en['revoked.device.title'] }).waitFor({ state: 'detached', timeout: 60_000 });
  expect(await lost.page.evaluate(async () => (await indexedDB.databases()).length)).toBeGreaterThan(0);
});
it('a new device is enrolled and cannot read; a colleague gives it the key, and it reads the old cases', async () => {
  found = await browse(stage, desk, '/enrol', tabs);
  await newDevice(administrator, found, officer, 'Nadia Exemple');
  await go(found, en['nav.inbox']);
  await found.page.getByText(en['sealed.no-key']).first().waitFor({ timeout: 60_000 });
  await go(keeper, en['nav.administration']);
  const row = panelOf(keeper, officer).getByRole('row', { name: new RegExp(en['admin.device.noRing']) });
  await row.getByRole('button', { name: en['admin.grant'] }).click({ timeout: 60_000 });
  await keeper.page.getByRole('alertdialog').getByRole('button', { name: en['admin.grant'], exact: true }).click();
  await row.waitFor({ state: 'detached', timeout: 60_000 });
  await found.page.goto(`${addressOf(desk)}/`);
  await found.page.getByRole('button', { name: /Nadia Exemple/ }).first().click({ timeout: 60_000 });
  await found.page.waitForURL((url) => url.pathname !== '/sign-in', { timeout: 60_000 });
  expect((await readSubjects(found)).sort()).toEqual([...subjects].sort());
  await look(found, 'old-cases');
});
it('the authority makes a new key, and the new device reads what came before it', async () => {
  await administrator.press(en['admin.tab.keys'], 'tab');
  await administrator.page.getByText(en['admin.due.ringStale']).first().waitFor({ timeout: 60_000 });
  await administrator.press(en['admin.keys.new']);
  await administrator.page.getByRole('alertdialog').getByRole('button', { name: en['admin.keys.new'], exact: true }).click();
  await administrator.page.getByText(en['admin.keys.made']).waitFor({ timeout: 60_000 });
  await administrator.press(en['ui.close']);
  await look(administrator, 'new-key');
  await found.page.reload();
  await found.page.getByRole('button', { name: /Nadia Exemple/ }).first().click({ timeout: 60_000 });
  await found.page.waitForURL((url) => url.pathname !== '/sign-in', { timeout: 60_000 });
  expect((await readSubjects(found)).sort()).toEqual([...subjects].sort());
  await look(found, 'old-cases-new-key');
});
it('nobody complained in the console of what was done', () => {
  expect(tabs.flatMap((tab) => tab.complaints).filter((one) => !/40[0-9]|ERR_|Failed to load/.test(one))).toEqual([]);
});
