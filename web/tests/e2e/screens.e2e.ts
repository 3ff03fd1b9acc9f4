// The whole desk, as a person sees it: signing in as somebody of the demonstration, the inbox, a request; and what it says
// when the hub lies.

import { afterAll, beforeAll, expect, it } from 'vitest';

import { base64url, fromBase64url } from '@/sealing/base64';
import common from '@/i18n/words/en/common.json';
import forms from '@/i18n/words/en/forms.json';
import type { Tab } from './kit/browser';
import { openTab } from './kit/browser';
import { bent, type Proxy } from './kit/proxy';
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
it('a request opens with its content, and the mark of what this browser has checked', async () => {
  reference = /[A-Z]{2}-[0-9]{4}-[0-9]{5}/.exec(await tab.page.locator('main').innerText())?.[0] ?? '';
  expect(reference).not.toBe('');
  await tab.page.goto(`${desk.url}/requests/${reference}`);
  await tab.page.getByText(subject).first().waitFor({ timeout: 60_000 });
  await tab.page.getByText(/^Entry [0-9,]+, verified$/).first().waitFor({ timeout: 20_000 });
  expect(await tab.page.getByText(red).count()).toBe(0);
  expect(await tab.page.getByText(notValid, { exact: true }).count()).toBe(0);
});
it('a hub that alters what is sealed is called out in words, in the inbox and in the request, and nothing of it is shown', async () => {
  const door = await stage.desk();
  door.lies.push((asked, said) => (asked.path.includes('/objects/') && isCase(said.body)
    ? { body: bent<{ ciphertext: string }>(said.body, (jwe) => { jwe.ciphertext = base64url(fromBase64url(jwe.ciphertext).map((byte, i) => (i === 50 ? byte ^ 1 : byte))); }) } : null));
  const made = await openTab(stage.browser, `${door.url}/`);
  await made.page.getByRole('button', { name: new RegExp(`^Open as ${name}`) }).click({ timeout: 60_000 });
  await made.page.getByText(reference).first().waitFor({ timeout: 60_000 });
  await made.page.goto(`${door.url}/requests/${reference}`);
  await made.page.getByText(red).first().waitFor({ timeout: 60_000 });
  expect(await made.page.getByText(subject).count()).toBe(0);
});
/** Sealed for a case, not the wrap of a ring. */
function isCase(body: Buffer): boolean {
  const { protected: header } = JSON.parse(body.toString()) as { protected: string };
  return Buffer.from(header, 'base64url').toString().includes('entraide-seal+json');
}
it('the desk keeps to its own policy: nothing foreign, nothing inline', async () => {
  expect(tab.complaints.filter((words) => /Content Security Policy|Trusted Type/i.test(words))).toEqual([]);
});
