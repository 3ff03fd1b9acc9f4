// What a team tells itself: a reminder that rests, and a question to one colleague.

import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { words as en } from '@/i18n/words/en/all';
import type { DemonstrationPerson } from '@/api/desk';
import type { Tab } from './kit/browser';
import type { Hands } from './kit/hands';
import { browse, newDevice, openCard, peopleOf } from './kit/people';
import type { Proxy } from './kit/proxy';
import { raise, type Stage } from './kit/stage';

vi.setConfig({ testTimeout: 240_000 });
const KE = 'au:ke:central-authority';
const QUESTION = 'Do we hold a court order for the third account?';
const ANSWER = 'Since Tuesday; it is in the file.';
const tabs: Tab[] = [];
let stage: Stage;
let desk: Proxy;
let asks: Hands;
let asked: Hands;
let third: Hands;
let colleague: DemonstrationPerson;
let reference = '';

beforeAll(async () => {
  stage = await raise();
  desk = await stage.desk();
  const [first, second] = (await peopleOf(stage)).filter((one) => one.authority === KE && !one.roles.includes('administrator'));
  colleague = second!;
  asks = await openCard(stage, desk, first!, tabs);
  asked = await openCard(stage, desk, colleague, tabs);
});
afterAll(async () => stage?.end());

const inbox = async (who: Hands): Promise<void> => {
  await who.press(new RegExp(`^${en['nav.inbox']}`), 'link');
  await who.page.locator('tr[data-row]').first().waitFor({ timeout: 60_000 });
};
const rests = (who: Hands) => who.page.locator('tr[data-row]', { hasText: reference }).getByText(new RegExp(en['cases.rests'].replace('{time}', '')));

it('a reminder rests: it says until when, on the desk of whoever put it to rest and on a colleague’s', async () => {
  await inbox(asks);
  const rows = asks.page.locator('tr[data-row]');
  for (let at = 0; reference === '' && at < (await rows.count()); ++at) {
    await rows.nth(at).locator('td.due').click();
    await asks.press(en['rest.label']);
    const half = asks.page.getByRole('menuitem', { name: en['rest.half'], exact: true });
    if ((await half.count()) === 0) {
      await asks.page.keyboard.press('Escape');
      continue;
    }
    reference = (await rows.nth(at).locator('td.reference').innerText()).trim();
    await half.click();
  }
  expect(reference).not.toBe('');
  await rests(asks).waitFor({ timeout: 30_000 });
  await inbox(asked);
  await rests(asked).waitFor({ timeout: 60_000 });
});
it('it rests still after the desk was opened anew', async () => {
  await asks.page.reload();
  await rests(asks).waitFor({ timeout: 60_000 });
});
it('it comes back by itself when its time is over, for everybody', async () => {
  for (const who of [asks, asked]) {
    // Nobody touches the desk in that half hour, and it must not lock.
    await who.page.evaluate(() => localStorage.setItem('entraide.settings', JSON.stringify({ ...JSON.parse(localStorage.getItem('entraide.settings') ?? '{}'), lang: 'en', lockAfter: 240 })));
    await who.page.reload();
    await rests(who).waitFor({ timeout: 60_000 });
    await who.page.clock.install();
    await who.page.clock.fastForward(31 * 60_000);
    await rests(who).waitFor({ state: 'detached', timeout: 60_000 });
    await who.page.locator('tr[data-row]', { hasText: reference }).waitFor();
  }
  await asks.page.locator('tr[data-row]', { hasText: reference }).locator('td.due').click();
  await asks.press(en['rest.label']);
  await asks.page.getByRole('menuitem', { name: en['rest.half'], exact: true }).waitFor();
  expect(await asks.page.getByRole('menuitem', { name: en['rest.wake'] }).count()).toBe(0);
  await asks.page.keyboard.press('Escape');
});

const notes = async (who: Hands): Promise<void> => {
  await inbox(who);
  await who.page.locator('tr[data-row]', { hasText: reference }).getByRole('link').first().click();
  await who.press(new RegExp(`^${en['case.tab.write']}`), 'tab');
  await who.page.getByRole('heading', { name: en['case.voice.inside'] }).waitFor({ timeout: 60_000 });
};
const toldInInbox = (who: Hands) => who.page.getByText(en['inbox.asked']);

it('another officer of the authority is appointed, with a device and the key of the authority', async () => {
  const administrator = await openCard(stage, desk, (await peopleOf(stage)).find((one) => one.authority === KE && one.roles.includes('administrator'))!, tabs);
  const signer = await stage.as(await stage.door(), KE, 'administrator');
  const officer = await signer.page.evaluate(async (authority) => (await window.desk.addOfficer(authority, ['officer'], '2099-12-31T00:00:00Z')).officer, KE);
  await administrator.page.reload();
  third = await browse(stage, desk, '/enrol', tabs);
  await newDevice(administrator, third, officer, 'Third Colleague');
  const keeper = await stage.tab(await stage.door());
  const { subject } = (await peopleOf(stage)).find((one) => one.authority === KE && one.roles.includes('ring-admin'))!;
  await keeper.page.evaluate(async ([whom, authority, of]) => {
    await window.desk.openAs(whom!);
    const { officers } = await window.desk.directory();
    await window.desk.grantRing(authority!, officers.find((one) => one.officer === of)!.devices[0]!.kid);
  }, [subject, KE, officer]);
});
it('a question goes to one colleague, who is told in the inbox and finds it in the case', async () => {
  await inbox(asked);
  await notes(asks);
  await asks.type(en['case.voice.inside.label'], QUESTION);
  await asks.press(new RegExp(en['ask.to']));
  await asks.page.getByRole('option', { name: new RegExp(colleague.subject) }).click();
  await asks.press(en['ask.send']);
  await asks.page.getByText(QUESTION).waitFor({ timeout: 60_000 });
  // Told by an event: the colleague does nothing.
  await toldInInbox(asked).waitFor({ timeout: 60_000 });
  await asked.page.getByRole('paragraph').filter({ hasText: en['inbox.asked'] }).getByRole('link', { name: reference }).click();
  await asked.press(new RegExp(`^${en['case.tab.write']}`), 'tab');
  await asked.page.getByText(en['ask.waits']).waitFor({ timeout: 60_000 });
  await asked.page.getByRole('listitem').filter({ hasText: QUESTION }).getByText(en['ask.forYou'], { exact: true }).waitFor();
});
it('nobody else is told that it is for them: not who asked, not a third who reads the same notes', async () => {
  for (const who of [asks, third]) {
    await notes(who);
    const note = who.page.getByRole('listitem').filter({ hasText: QUESTION });
    await note.waitFor({ timeout: 60_000 });
    expect(await note.innerText()).toContain(colleague.subject);
    expect(await who.page.getByText(en['ask.forYou'], { exact: true }).count()).toBe(0);
    expect(await who.page.getByText(en['ask.waits']).count()).toBe(0);
    await inbox(who);
    expect(await toldInInbox(who).count()).toBe(0);
  }
});
it('the colleague answers: the one who asked reads it, and nothing waits any more', async () => {
  await asked.type(en['case.voice.inside.label'], ANSWER);
  await asked.press(en['case.voice.inside.add']);
  await asked.page.getByText(ANSWER).waitFor({ timeout: 60_000 });
  await asked.press(en['ask.settled']);
  await asked.page.getByText(en['ask.waits']).waitFor({ state: 'detached', timeout: 60_000 });
  await inbox(asked);
  await expect.poll(() => toldInInbox(asked).count(), { timeout: 60_000 }).toBe(0);
  await notes(asks);
  await asks.page.getByRole('listitem').filter({ hasText: ANSWER }).waitFor({ timeout: 60_000 });
});
it('nobody complained in the console of what was done', () => {
  expect(tabs.flatMap((tab) => tab.complaints).filter((one) => !/40[0-9]|ERR_|Failed to load/.test(one))).toEqual([]);
});
