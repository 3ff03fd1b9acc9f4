// The whole desk, as a person sees it: signing in as somebody of the demonstration, the inbox, a request; and what it says
// when the hub lies.

import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import common from '@/i18n/words/en/common.json';
import forms from '@/i18n/words/en/forms.json';
import inbox from '@/i18n/words/en/inbox.json';
import proof from '@/i18n/words/en/proof.json';
import settings from '@/i18n/words/en/settings.json';
import shell from '@/i18n/words/en/shell.json';
import type { Tab } from './kit/browser';
import { openTab } from './kit/browser';
import { alteredObjects, forgedAct, forkOf, swappedRingKey } from './kit/lies';
import type { Lie, Proxy } from './kit/proxy';
import { raise, type Stage } from './kit/stage';

const KE = 'au:ke:central-authority';
// What France's officer wrote as the subject, sealed: to be read behind an honest door, and nowhere behind a lying one.
const subject = /Identité et connexions de trois comptes/;
let stage: Stage;
let desk: Proxy;
let tab: Tab;
let name: string;
let reference: string;
const notValid = common['proof.mark.failed'];
const red = forms['proof.red.title'];
beforeAll(async () => {
  stage = await raise();
  desk = await stage.desk();
  const { people } = (await (await fetch(`${stage.hub.url}/v1/demonstration`)).json()) as { people: { name: string; authority: string; roles: string[] }[] };
  name = people.find((one) => one.authority === KE && !one.roles.includes('administrator'))?.name ?? '';
});
afterAll(async () => stage?.end());

const pictures = process.env['ENTRAIDE_E2E_PICTURES'] ?? '';
const look = async (page: Page, picture: string): Promise<void> => {
  if (pictures === '') return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/s-${picture}.png` });
};
/** The desk that was met last, for when a test fails. */
let met: Page | undefined;
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail' && met !== undefined) console.error(`${met.url()}\n${await met.locator('body').innerText()}`);
});
/** The words of a sentence before its first placeholder. */
const start = (text: string): string => text.split('{')[0]?.trim() ?? '';

async function signedIn(door: Proxy): Promise<Tab> {
  const made = await openTab(stage.browser, `${door.url}/`);
  await made.page.getByRole('button', { name: new RegExp(`^Open as ${name}`) }).click({ timeout: 60_000 });
  await made.page.getByText(subject).first().waitFor({ timeout: 90_000 });
  return made;
}

it('anybody of the demonstration is opened with one click, and the inbox shows summaries that this browser opened', async () => {
  tab = await signedIn(desk);
  expect(await tab.page.getByText(subject).count()).toBeGreaterThan(0);
});
it('keys are keys of their place on a keyboard that writes no Latin letters, Arabic or Russian', async () => {
  const { page } = tab;
  const keys = await page.context().newCDPSession(page);
  const press = async (key: string, code: string, modifiers = 0): Promise<void> => {
    for (const type of ['keyDown', 'keyUp'] as const) await keys.send('Input.dispatchKeyEvent', { type, key, code, modifiers, ...(type === 'keyDown' ? { text: key } : {}) });
  };
  const chosen = (): Promise<string | null> => page.locator('tr[data-row][aria-selected=true]').getAttribute('aria-rowindex');
  await page.locator('aside.preview h2').click();
  expect(await chosen()).toBe('2');
  await press('ت', 'KeyJ');
  await expect.poll(chosen).toBe('3');
  await press('о', 'KeyJ');
  await expect.poll(chosen).toBe('4');
  await press('ن', 'KeyK');
  await expect.poll(chosen).toBe('3');
  await press('؟', 'Slash', 8);
  await page.getByRole('heading', { level: 1, name: shell['nav.help'] }).waitFor({ timeout: 20_000 });
  await press('п', 'KeyG');
  await press('ш', 'KeyI');
  await page.getByText(subject).first().waitFor({ timeout: 30_000 });
});
it('a request opens with its content, and the mark of what this browser has checked', async () => {
  reference = /[A-Z]{2}-[0-9]{4}-[0-9]{5}/.exec(await tab.page.locator('main').innerText())?.[0] ?? '';
  expect(reference).not.toBe('');
  await tab.page.goto(`${desk.url}/requests/${reference}`);
  await tab.page.getByText(subject).first().waitFor({ timeout: 60_000 });
  await tab.page.getByText(/^Entry [0-9,]+, verified$/).first().waitFor({ timeout: 20_000 });
  expect(await tab.page.getByText(red).count()).toBe(0);
  expect(await tab.page.getByText(notValid, { exact: true }).count()).toBe(0);
});

/** The desk behind a door that lies, in a browser that has never been here. */
async function meets(...lies: Lie[]): Promise<{ door: Proxy; page: Page }> {
  const door = await stage.desk();
  door.lies.push(...lies);
  const { page } = await openTab(stage.browser, `${door.url}/`);
  met = page;
  await page.getByRole('button', { name: new RegExp(`^Open as ${name}`) }).click({ timeout: 60_000 });
  await page.waitForURL((url) => url.pathname !== '/sign-in', { timeout: 60_000 });
  return { door, page };
}
const openingActOf = async (): Promise<string> => {
  await tab.page.goto(`${desk.url}/requests/${reference}`);
  const href = await tab.page.locator('details.act').last().locator('a[href*="/proof/"]').first().getAttribute('href', { timeout: 60_000 });
  return href?.split('/').at(-1) ?? '';
};
/** What is red says so in words, hides what it found, and shows it to who chooses so. */
async function hidden(page: Page, words: string): Promise<void> {
  const box = page.locator('.redpage').first();
  await box.getByText(red).waitFor({ timeout: 60_000 });
  await box.getByText(words).first().waitFor({ timeout: 10_000 });
  expect(await page.locator('.redpage .formview').count()).toBe(0);
  await box.getByRole('button', { name: forms['proof.red.show'] }).waitFor();
}
/** Where nothing could be believed there is nothing to show: a red page with the words alone. */
async function nothingOf(page: Page, words: string): Promise<void> {
  const box = page.locator('.redpage').first();
  await box.getByText(shell['guard.title']).waitFor({ timeout: 60_000 });
  await box.getByText(words).waitFor({ timeout: 10_000 });
}

it('a hub that alters what is sealed is called out in words, in the inbox and in the request, and nothing of it is shown', async () => {
  const { door, page } = await meets(alteredObjects());
  await page.getByText(reference).first().waitFor({ timeout: 60_000 });
  await page.getByText(inbox['sealed.not-valid']).first().waitFor({ timeout: 60_000 });
  await look(page, 'altered-inbox');
  await page.goto(`${door.url}/requests/${reference}`);
  await hidden(page, start(proof['verdict.object.fails']));
  await look(page, 'altered-request');
  expect(await page.getByText(subject).count()).toBe(0);
});
it('a hub that forges an act is called out in words, in the request and on its proof page', async () => {
  const act = await openingActOf();
  const { door, page } = await meets(forgedAct(act));
  await page.goto(`${door.url}/requests/${reference}`);
  await hidden(page, proof['verdict.format.fails']);
  await look(page, 'forged-request');
  expect(await page.getByText(subject).count()).toBe(0);
  await page.goto(`${door.url}/requests/${reference}/proof/${act}`);
  await nothingOf(page, 'The hub gave another act than the one asked for.');
  await look(page, 'forged-proof');
  expect(await page.getByText(forms['proof.good']).count()).toBe(0);
});
it('a hub that swaps the key of an authority is called out in words, and nothing of its directory is believed', async () => {
  const { door, page } = await meets(swappedRingKey);
  await page.goto(`${door.url}/directory`);
  await nothingOf(page, proof['error.mirror.feed']);
  await look(page, 'swapped-directory');
  await page.goto(`${door.url}/requests/${reference}`);
  await nothingOf(page, proof['error.mirror.feed']);
  await look(page, 'swapped-request');
  expect(await page.getByText(subject).count()).toBe(0);
});
it('a hub that shows a fork is called out on a red page that hides the desk, until a person has reported it', async () => {
  const { door, page } = await meets();
  await page.getByText(subject).first().waitFor({ timeout: 90_000 });
  const real = await (await fetch(`${stage.hub.url}/ledger/checkpoint`)).text();
  const lie: Lie = (asked) => (asked.path === '/ledger/checkpoint' ? { body: forkOf(stage.hub, real) } : null);
  door.lies.push(lie);
  await page.getByRole('link', { name: shell['nav.settings'] }).first().click();
  await page.getByRole('button', { name: settings['settings.check'] }).click({ timeout: 30_000 });
  const box = page.locator('.redpage');
  await box.getByText(proof['error.mirror.fork']).waitFor({ timeout: 60_000 });
  await look(page, 'fork');
  expect(await page.locator('#main').isVisible()).toBe(false);
  // It stays over a reload, and who wants to look all the same can.
  await page.reload();
  await box.getByText(proof['error.mirror.fork']).waitFor({ timeout: 60_000 });
  expect(await page.locator('#main').isVisible()).toBe(false);
  await box.getByRole('button', { name: shell['guard.show'] }).click();
  await page.locator('#main').waitFor();
  await look(page, 'fork-shown');
  door.lies.splice(0);
  await box.getByRole('button', { name: shell['guard.seen'] }).click();
  await box.waitFor({ state: 'detached', timeout: 30_000 });
});
it('the desk keeps to its own policy: nothing foreign, nothing inline', async () => {
  expect(tab.complaints.filter((words) => /Content Security Policy|Trusted Type/i.test(words))).toEqual([]);
});
