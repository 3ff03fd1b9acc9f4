// A new device by a person in a browser: invited, made with a passkey that locks its keys, compared by four words, admitted,
// certified, given the authority's key, used, locked and unlocked, lost and revoked. All of it on the screen.

import { mkdirSync } from 'node:fs';
import type { CDPSession } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';

import { words as en } from '@/i18n/words/en/all';
import { realRules } from '@/forms/rulebook_for_test';
import { openTab, type Tab } from './kit/browser';
import { Hands } from './kit/hands';
import { receiptOf } from './kit/job';
import type { Proxy } from './kit/proxy';
import { raise, type Stage } from './kit/stage';

vi.setConfig({ testTimeout: 240_000 });
const FR = 'au:fr:central-authority';
const pictures = process.env['ENTRAIDE_E2E_PICTURES'] ?? '';
let stage: Stage;
let desk: Proxy;
let tabs: Tab[] = [];
let administrator: Hands;
let colleague: Hands;
let newcomer: Hands;
let authenticator: CDPSession;
let officer = '';
let device = '';
let shots = 0;

const look = async (who: Hands, name: string): Promise<void> => {
  if (pictures === '') return;
  mkdirSync(pictures, { recursive: true });
  await who.page.screenshot({ path: `${pictures}/e${String(++shots).padStart(2, '0')}-${name}.png`, fullPage: true });
};
/** Passkeys are for names, not for addresses. */
const address = (): string => desk.url.replace('127.0.0.1', 'localhost');
const browse = async (path: string): Promise<Hands> => {
  const context = await stage.browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', viewport: { width: 1280, height: 900 } });
  const tab = await openTab(stage.browser, `${address()}${path}`, context);
  tabs.push(tab);
  return new Hands(tab.page, false);
};
const openAs = async (name: RegExp): Promise<Hands> => {
  const hands = await browse('/sign-in');
  await hands.page.getByRole('button', { name }).first().click({ timeout: 60_000 });
  await hands.page.waitForURL((url) => url.pathname !== '/sign-in', { timeout: 60_000 });
  return hands;
};

beforeAll(async () => {
  stage = await raise();
  desk = await stage.desk();
  const { people } = (await (await fetch(`${stage.hub.url}/v1/demonstration`)).json()) as { people: { name: string; subject: string; authority: string; roles: string[] }[] };
  const own = people.filter((one) => one.authority === FR && !one.roles.includes('administrator'));
  const keeper = own.find((one) => one.roles.includes('ring-admin'));
  officer = own.find((one) => one.subject !== keeper?.subject)?.subject ?? '';
  colleague = await openAs(new RegExp(`^Open as ${keeper?.name ?? ''}`));
  administrator = new Hands((await openTab(stage.browser, `${address()}/sign-in`, await stage.browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } }))).page, false);
  const cards = administrator.page.locator('section[aria-labelledby=open-as] > div', { has: administrator.page.getByRole('heading', { name: 'France' }) });
  await cards.getByRole('button', { name: /Administrator.*Central Authority|Administrator/ }).first().click({ timeout: 60_000 });
  await administrator.page.getByRole('heading', { name: en['nav.administration'], level: 1 }).waitFor({ timeout: 60_000 });
});
afterAll(async () => stage?.end());
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const [i, who] of [administrator, colleague, newcomer].entries()) if (who !== undefined) await look(who, `failed-${i}`).catch(() => undefined);
});

const panelOf = (who: Hands) => who.page.locator('section.officer', { hasText: officer });

it('the administrator invites the officer, who makes the device\'s keys under a passkey', async () => {
  await panelOf(administrator).getByRole('button', { name: en['admin.invite'], exact: true }).click();
  const code = (await administrator.page.locator('.bigcode').innerText()).replace(/[^0-9A-Z-]/g, '');
  await look(administrator, 'invite');
  await administrator.press(en['admin.invite.done']);

  newcomer = await browse('/enrol');
  authenticator = await newcomer.page.context().newCDPSession(newcomer.page);
  await authenticator.send('WebAuthn.enable');
  await authenticator.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, hasPrf: true, isUserVerified: true, automaticPresenceSimulation: true } });
  await newcomer.type(new RegExp(en['enrol.code']), code);
  await newcomer.type(new RegExp(en['enrol.name']), 'Inès Exemple');
  await newcomer.press(en['enrol.continue']);
  await look(newcomer, 'enrol');
  await newcomer.press(en['enrol.make']);
  await newcomer.page.locator('ol.fourwords').waitFor({ timeout: 60_000 });
  await look(newcomer, 'words');
});
it('both see the same four words; the administrator admits and certifies the device', async () => {
  const spoken = await newcomer.page.locator('ol.fourwords li').allInnerTexts();
  expect(spoken).toHaveLength(4);
  await administrator.press(en['admin.tab.invitations'], 'tab');
  const waiting = administrator.page.locator('section.officer', { hasText: officer });
  await waiting.locator('ol.fourwords').waitFor({ timeout: 30_000 });
  expect(await waiting.locator('ol.fourwords li').allInnerTexts()).toEqual(spoken);
  await waiting.getByText(en['admin.aal.prf']).waitFor();
  // Nothing is said to be admitted before it is.
  expect(await newcomer.page.getByText(en['enrol.admitted.title']).count()).toBe(0);
  await administrator.type(new RegExp(en['admin.pending.signs']), 'Inès Exemple');
  await look(administrator, 'compare');
  await administrator.press(en['admin.pending.admit']);
  await administrator.page.getByText(en['admin.admitted.certified']).waitFor({ timeout: 30_000 });
  await look(administrator, 'admitted');
  await newcomer.page.getByRole('heading', { name: en['enrol.admitted.title'] }).waitFor({ timeout: 30_000 });
});
it('the officer signs in with the passkey, and the device has fetched its certificate', async () => {
  await newcomer.press(en['signin.action']);
  await newcomer.page.waitForURL(/\/duty$/, { timeout: 60_000 });
  await newcomer.page.getByRole('link', { name: en['nav.settings'] }).first().click();
  await newcomer.page.getByText('CN=Inès Exemple').waitFor({ timeout: 60_000 });
  await look(newcomer, 'settings');
});
it('it cannot read before it has the authority\'s key, and reads when a colleague has given it', async () => {
  await newcomer.page.getByRole('link', { name: new RegExp(en['nav.inbox']) }).first().click();
  await newcomer.page.getByText(en['sealed.no-key']).first().waitFor({ timeout: 60_000 });
  await look(newcomer, 'no-key');
  await colleague.page.getByRole('link', { name: new RegExp(en['nav.administration']) }).first().click();
  const row = panelOf(colleague).getByRole('row', { name: new RegExp(en['admin.device.noRing']) });
  await row.getByRole('button', { name: en['admin.grant'] }).click({ timeout: 60_000 });
  await colleague.page.getByRole('alertdialog').getByRole('button', { name: en['admin.grant'], exact: true }).click();
  await row.waitFor({ state: 'detached', timeout: 60_000 });
  await look(colleague, 'granted');
  await lockAndUnlock();
  await newcomer.page.getByRole('link', { name: new RegExp(en['nav.inbox']) }).first().click();
  await newcomer.page.locator('main').getByText(/From |To /).first().waitFor({ timeout: 60_000 });
  await expect.poll(() => newcomer.page.getByText(en['sealed.no-key']).count(), { timeout: 60_000 }).toBe(0);
});
async function lockAndUnlock(): Promise<void> {
  await newcomer.page.getByRole('button', { name: /Inès Exemple/ }).first().click();
  await newcomer.page.getByRole('menuitem', { name: en['strip.lock'] }).click();
  await newcomer.page.getByRole('heading', { name: en['signin.locked.title'] }).waitFor({ timeout: 30_000 });
  await newcomer.page.getByRole('button', { name: /Inès Exemple/ }).first().click();
  await newcomer.page.waitForURL((url) => url.pathname !== '/sign-in', { timeout: 60_000 });
}
it('it signs a document that the other country can check', async () => {
  const rules = await realRules();
  // Leaving the page locks the keys: the passkey is asked again.
  await newcomer.page.goto(`${address()}/`);
  await newcomer.page.getByRole('button', { name: /Inès Exemple/ }).first().click({ timeout: 60_000 });
  await newcomer.page.getByRole('link', { name: new RegExp(`^${en['command.new']}`) }).first().click({ timeout: 60_000 });
  await newcomer.press(rules.word('en', 'act.message.open') ?? '', 'link');
  await newcomer.choose(newcomer.page.locator('#begin-country'), 'Kenya');
  const authority = newcomer.page.locator('#begin-authority');
  await newcomer.mark(authority, 'au:ke:central-authority');
  await newcomer.press(en['new.start']);
  await newcomer.press(en['draft.continue'], 'link');
  const form = rules.formOf('message.open');
  const text = form?.sections.flatMap((section) => section.fields).find((field) => field.widget === 'long');
  if (text !== undefined) await newcomer.fill(text, text.field, 'A word from a new device.', (_, code) => code);
  await newcomer.press(new RegExp(`^${en['draft.part.continue']}`));
  await newcomer.page.locator('ul.tasks').waitFor();
  await newcomer.press(en['draft.task.summary'], 'link');
  await newcomer.type(new RegExp(en['draft.summary.label']), 'A word from a new device');
  await newcomer.press(new RegExp(`^${en['draft.part.continue']}`));
  await newcomer.press(en['draft.task.check'], 'link');
  await newcomer.press(/sign and send/i);
  await receiptOf(newcomer.page);
  await look(newcomer, 'sent');
});
it('the device is lost: revoked on the screen, it opens nothing more', async () => {
  await administrator.press(en['admin.tab.officers'], 'tab');
  const row = panelOf(administrator).getByRole('row', { name: new RegExp(en['admin.aal.prf']) }).last();
  device = (await row.locator('code, .id, bdi').first().innerText()).trim();
  await row.getByRole('button', { name: /Revoke/ }).click();
  await administrator.page.getByRole('alertdialog').getByText(en['admin.revoke.why.lost']).click();
  await administrator.page.getByRole('alertdialog').getByRole('button', { name: en['admin.revoke.device'], exact: true }).click();
  await administrator.page.getByText(en['admin.revoked.next']).waitFor({ timeout: 60_000 });
  await look(administrator, 'revoked');
  await administrator.press(en['ui.close']);
  await newcomer.page.getByRole('link', { name: new RegExp(en['nav.requests']) }).first().click();
  await expect.poll(async () => (await newcomer.page.locator('main').innerText()).toLowerCase(), { timeout: 60_000 }).toMatch(/revoked/);
  await look(newcomer, 'out');
  expect(device).not.toBe('');
});
it('nobody complained in the console of what was done', () => {
  expect(tabs.flatMap((tab) => tab.complaints).filter((one) => !/40[134]|ERR_/.test(one))).toEqual([]);
});
