// An officer whose mandate ends: told so on a plain page, by which act and who can renew it, signed in or signing in; and
// back at work when it is renewed.

import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { words as en } from '@/i18n/words/en/all';
import fr from '@/i18n/words/fr/ended.json';
import type { DemonstrationPerson } from '@/api/desk';
import type { Tab } from './kit/browser';
import type { Hands } from './kit/hands';
import { until } from './kit/hub';
import { openCard, peopleOf } from './kit/people';
import { raise, type Stage } from './kit/stage';

vi.setConfig({ testTimeout: 240_000 });
const FR = 'au:fr:central-authority';
const tabs: Tab[] = [];
let stage: Stage;
let administrators: Tab;
let officer: DemonstrationPerson;
let who: Hands;

beforeAll(async () => {
  stage = await raise();
  const desk = await stage.desk();
  officer = (await peopleOf(stage)).find((one) => one.authority === FR && !one.roles.includes('administrator'))!;
  administrators = await stage.as(await stage.door(), FR, 'administrator');
  who = await openCard(stage, desk, officer, tabs);
  await who.page.locator('main .subj').first().waitFor({ timeout: 60_000 });
});
afterAll(async () => stage?.end());

/** A mandate of `seconds` from now on, by an administrator. */
const mandate = (seconds: number) => administrators.page.evaluate(async ([authority, subject, left]) => {
  const until = `${new Date(Date.now() + (left as number) * 1000).toISOString().slice(0, 19)}Z`;
  await window.desk.addOfficer(authority as string, ['officer'], until, subject as string);
}, [FR, officer.subject, seconds] as const);
const ended = () => who.page.getByRole('heading', { name: en['ended.title'], level: 1 });
const panel = () => who.page.locator('section.panel').filter({ hasText: en['ended.what'] });

it('an officer who is at work learns it with the next thing that is asked of the hub', async () => {
  await mandate(3);
  let turn = 0;
  await until('the page', 60, async () => {
    const link = who.page.getByRole('link', { name: en[turn++ % 2 === 0 ? 'nav.drafts' : 'nav.directory'], exact: true });
    if ((await link.count()) > 0) await link.click({ timeout: 5000 });
    return (await ended().count()) > 0;
  });
});
it('the page says what ended, since when, by which act, and who can renew it', async () => {
  await panel().getByText(en['ended.why.until']).waitFor({ timeout: 30_000 });
  const said = await panel().innerText();
  expect(said).toMatch(new RegExp(String(new Date().getUTCFullYear())));
  expect(said).toMatch(/Entry [0-9,]+, verified/);
  expect(said).toContain('an administrator of');
  expect(said).toContain(en['ended.renew']);
  expect(await who.page.getByRole('navigation').count()).toBe(0);
});
it('after a reload it says so again, in the language of the reader, and nothing loads for ever', async () => {
  await who.page.evaluate(() => localStorage.setItem('entraide.settings', JSON.stringify({ lang: 'fr' })));
  await who.page.reload();
  await who.page.getByRole('heading', { name: fr['ended.title'], level: 1 }).waitFor({ timeout: 60_000 });
  await who.page.getByText(fr['ended.why.until']).waitFor({ timeout: 30_000 });
  expect(await who.page.locator('.skeleton').count()).toBe(0);
  await who.page.evaluate(() => localStorage.setItem('entraide.settings', JSON.stringify({ lang: 'en' })));
  await who.page.reload();
});
it('signed out and in again, it is the first page; renewed, the desk goes on', async () => {
  await ended().waitFor({ timeout: 60_000 });
  await who.press(en['strip.signOut']);
  await who.page.waitForURL(/\/sign-in/, { timeout: 30_000 });
  await who.page.getByRole('button', { name: new RegExp(`^Sign in.*${officer.name}`) }).first().click({ timeout: 60_000 });
  await ended().waitFor({ timeout: 60_000 });
  await mandate(12);
  await who.press(en['ended.look']);
  await who.page.getByRole('navigation').waitFor({ timeout: 60_000 });
});
it('in the second in which it ends the page is there, whatever the officer does not do', async () => {
  await ended().waitFor({ timeout: 30_000 });
  await mandate(86_400 * 30);
  await who.press(en['ended.look']);
  await who.press(new RegExp(`^${en['nav.inbox']}`), 'link');
  await who.page.locator('main .subj').first().waitFor({ timeout: 60_000 });
});
it('nobody complained in the console of what was done', () => {
  expect(tabs.flatMap((tab) => tab.complaints).filter((one) => !/40[0-9]|ERR_|Failed to load/.test(one))).toEqual([]);
});
