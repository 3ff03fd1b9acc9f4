// The whole desk without a line: opened anew, read, written, sent when the line is back; and how a new desk takes over.

import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

import drafts from '@/i18n/words/en/drafts.json';
import forms from '@/i18n/words/en/forms.json';
import outbox from '@/i18n/words/en/outbox.json';
import shell from '@/i18n/words/en/shell.json';
import common from '@/i18n/words/en/common.json';
import type { Tab } from './kit/browser';
import { openTab } from './kit/browser';
import { until } from './kit/hub';
import { Proxy } from './kit/proxy';
import { raise, type Stage } from './kit/stage';

const KE = 'au:ke:central-authority';
const letter = 'Nothing has changed since Monday.';
const title = 'A letter that was written without a line';
const subject = /Identité et connexions de trois comptes/;
const built = fileURLToPath(new URL('../../dist', import.meta.url));
let stage: Stage;
let folder: string | undefined;
let door: Proxy;
let tab: Tab;
let reference: string;
beforeAll(async () => {
  stage = await raise();
  folder = join(mkdtempSync(join(tmpdir(), 'entraide-desk-')), 'dist');
  cpSync(built, folder, { recursive: true });
  door = await Proxy.start(() => stage.hub.port, folder);
  const { people } = (await (await fetch(`${stage.hub.url}/v1/demonstration`)).json()) as { people: { name: string; authority: string; roles: string[] }[] };
  const name = people.find((one) => one.authority === KE && !one.roles.includes('administrator'))?.name ?? '';
  tab = await openTab(stage.browser, `${door.url}/`);
  await tab.page.getByRole('button', { name: new RegExp(`^Open as ${name}`) }).click({ timeout: 60_000 });
  await tab.page.getByText(subject).first().waitFor({ timeout: 90_000 });
  reference = /[A-Z]{2}-[0-9]{4}-[0-9]{5}/.exec(await tab.page.locator('tr[data-row]').filter({ hasText: subject }).first().innerText())?.[0] ?? '';
  await tab.page.goto(`${door.url}/requests/${reference}`);
  await tab.page.getByText(/^Entry [0-9,]+, verified$/).first().waitFor({ timeout: 60_000 });
  await kept(tab);
});
afterAll(async () => {
  await door?.end();
  await stage?.end();
  if (folder !== undefined) rmSync(join(folder, '..'), { recursive: true, force: true });
});

/** Until the service worker holds the whole desk. */
const kept = (of: Tab) => until('the desk to be kept on the device', 60, () => of.page.evaluate(async (count) => {
  const [name] = (await caches.keys()).filter((one) => one.startsWith('entraide-desk-'));
  const ready = (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated';
  return ready && name !== undefined && (await (await caches.open(name)).keys()).length > count;
}, readdirSync(join(built, 'assets')).length - 10));

it('the desk opens anew without a line, with what was read on this device', async () => {
  door.cut = true;
  await tab.page.goto(`${door.url}/`);
  await tab.page.getByText(subject).first().waitFor({ timeout: 60_000 });
  await tab.page.getByText(common['state.offline.text'].slice(0, 20), { exact: false }).first().waitFor({ timeout: 30_000 });
  await tab.page.goto(`${door.url}/requests/${reference}`);
  await tab.page.getByText(forms['case.offline']).waitFor({ timeout: 60_000 });
  expect(await tab.page.getByText(subject).count()).toBeGreaterThan(0);
});
it('what is written without a line is a draft on this device, and is there when the desk is opened again', async () => {
  const { page } = tab;
  await page.goto(`${door.url}/requests/${reference}/act/message.open`);
  await page.getByRole('link', { name: drafts['draft.continue'] }).click({ timeout: 60_000 });
  await page.getByRole('textbox').first().fill(letter);
  await page.getByText(/Saved on this device/).first().waitFor({ timeout: 30_000 });
  await page.reload();
  await until('the text', 60, async () => (await page.getByRole('textbox').first().inputValue()) === letter);
});
it('signed without a line, it waits in an outbox that everybody sees, and leaves when the line is back', async () => {
  const { page } = tab;
  await page.getByRole('button', { name: new RegExp(`^${drafts['draft.part.continue']}`) }).click();
  await page.getByRole('link', { name: drafts['draft.continue'] }).click({ timeout: 30_000 });
  await page.getByRole('textbox').first().fill(title);
  await page.getByText(/Saved on this device/).first().waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: new RegExp(`^${drafts['draft.part.continue']}`) }).click();
  await page.getByRole('link', { name: new RegExp(`${drafts['draft.continue']}|${drafts['draft.task.check']}`) }).first().click({ timeout: 30_000 });
  await page.getByRole('button', { name: /[Ss]ign and send$/ }).click({ timeout: 60_000 }).catch(async (error: unknown) => { throw new Error(`${String(error)}\n${await page.locator('main').innerText()}`); });
  await page.waitForURL((url) => url.pathname === '/outbox');
  await page.getByText(/1 act waits to be sent/).waitFor({ timeout: 30_000 });
  await page.getByText(outbox['outbox.state.waiting'], { exact: true }).waitFor({ timeout: 30_000 });
  const before = door.seen.length;
  door.cut = false;
  await page.getByText(outbox['outbox.empty']).waitFor({ timeout: 90_000 });
  expect(door.seen.slice(before).filter((line) => line === 'POST /v1/acts').length).toBeGreaterThan(0);
  await page.goto(`${door.url}/requests/${reference}`);
  await page.getByText(letter).first().waitFor({ timeout: 60_000 });
  expect(await page.getByText(forms['case.offline']).count()).toBe(0);
});
it('a new desk is said, loaded with one press, and the old one goes away', async () => {
  const { page } = tab;
  const script = () => page.evaluate(() => document.querySelector('script[type=module][src]')?.getAttribute('src'));
  const old = await script();
  door.cut = true;
  await page.goto(`${door.url}/`);
  await page.getByText(subject).first().waitFor({ timeout: 60_000 });
  renamed(folder ?? '', /index-[\w-]+\.js/.exec(old ?? '')?.[0] ?? '', 'index-another.js');
  door.cut = false;
  await page.getByRole('button', { name: shell['band.newDesk.change'] }).click({ timeout: 30_000 });
  await until('the new desk', 60, async () => (await script()) === '/assets/index-another.js');
  await until('the old one to be gone', 60, () => page.evaluate(async () => (await caches.keys()).filter((one) => one.startsWith('entraide-desk-')).join() === 'entraide-desk-0123456789abcdef'));
  await page.getByText(subject).first().waitFor({ timeout: 60_000 });
});
it('all of it kept to the policy of content', () => {
  expect(tab.complaints.filter((words) => /Content Security Policy|Trusted Type/i.test(words))).toEqual([]);
});

/** Makes of a built desk another one: its first script has another name wherever it is named. */
function renamed(desk: string, from: string, to: string): void {
  const files = ['index.html', 'sw.js', ...readdirSync(join(desk, 'assets')).filter((name) => name.endsWith('.js')).map((name) => `assets/${name}`)];
  for (const name of files) {
    const text = readFileSync(join(desk, name), 'utf8').replaceAll(from, to);
    writeFileSync(join(desk, name), name === 'sw.js' ? text.replace(/`?"?[0-9a-f]{16}`?"?/, '"0123456789abcdef"') : text);
  }
  renameSync(join(desk, 'assets', from), join(desk, 'assets', to));
}
