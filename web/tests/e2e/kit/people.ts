// People of the demonstration at their own browsers, found by their cards; and a new device from its invitation to its admission.

import type { CDPSession } from 'playwright-core';

import { words as en } from '@/i18n/words/en/all';
import type { DemonstrationPerson } from '@/api/desk';
import { openTab, type Tab } from './browser';
import { Hands } from './hands';
import type { Proxy } from './proxy';
import type { Stage } from './stage';

/** Passkeys are for names, not for addresses. */
export const addressOf = (desk: Proxy): string => desk.url.replace('127.0.0.1', 'localhost');

export async function peopleOf(stage: Stage): Promise<readonly DemonstrationPerson[]> {
  return ((await (await fetch(`${stage.hub.url}/v1/demonstration`)).json()) as { people: DemonstrationPerson[] }).people;
}

/** A browser profile of its own, at `path`. */
export async function browse(stage: Stage, desk: Proxy, path: string, tabs: Tab[]): Promise<Hands> {
  const context = await stage.browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', viewport: { width: 1280, height: 900 } });
  const tab = await openTab(stage.browser, `${addressOf(desk)}${path}`, context);
  tabs.push(tab);
  return new Hands(tab.page, false);
}
export async function openCard(stage: Stage, desk: Proxy, person: DemonstrationPerson, tabs: Tab[]): Promise<Hands> {
  const hands = await browse(stage, desk, '/sign-in', tabs);
  const name = `${person.name || `Administrator ${person.number ?? 1}`}, ${person.title['en'] ?? ''}`;
  await hands.page.getByRole('button', { name: `Open as ${name}`, exact: true }).click({ timeout: 60_000 });
  await hands.page.waitForURL((url) => url.pathname !== '/sign-in', { timeout: 60_000 });
  return hands;
}

export async function withPasskeys(who: Hands): Promise<CDPSession> {
  const session = await who.page.context().newCDPSession(who.page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, hasPrf: true, isUserVerified: true, automaticPresenceSimulation: true } });
  return session;
}

export const panelOf = (who: Hands, officer: string) => who.page.locator('section.officer', { hasText: officer });

/** Invited, made, compared, admitted and signed in: all of it on the two screens. */
export async function newDevice(administrator: Hands, newcomer: Hands, officer: string, name: string): Promise<void> {
  await administrator.press(en['admin.tab.officers'], 'tab');
  await panelOf(administrator, officer).getByRole('button', { name: en['admin.invite'], exact: true }).click();
  const code = (await administrator.page.locator('.bigcode').innerText()).replace(/[^0-9A-Z-]/g, '');
  await administrator.press(en['admin.invite.done']);
  await withPasskeys(newcomer);
  await newcomer.type(new RegExp(en['enrol.code']), code);
  await newcomer.type(new RegExp(en['enrol.name']), name);
  await newcomer.press(en['enrol.continue']);
  await newcomer.press(en['enrol.make']);
  await newcomer.page.locator('ol.fourwords').waitFor({ timeout: 60_000 });
  const spoken = await newcomer.page.locator('ol.fourwords li').allInnerTexts();
  await administrator.press(en['admin.tab.invitations'], 'tab');
  const waiting = panelOf(administrator, officer);
  await waiting.locator('ol.fourwords').waitFor({ timeout: 60_000 });
  if ((await waiting.locator('ol.fourwords li').allInnerTexts()).join() !== spoken.join()) throw new Error('the four words differ');
  await administrator.type(new RegExp(en['admin.pending.signs']), name);
  await administrator.press(en['admin.pending.admit']);
  await administrator.page.getByText(en['admin.admitted.certified']).waitFor({ timeout: 60_000 });
  await newcomer.page.getByRole('heading', { name: en['enrol.admitted.title'] }).waitFor({ timeout: 60_000 });
  await newcomer.press(en['signin.action']);
  await newcomer.page.waitForURL(/\/duty$/, { timeout: 60_000 });
}
