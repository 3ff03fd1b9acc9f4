// The main job by a person in a browser: France asks, Kenya hears, acknowledges, reads, asks back, and answers; both see the
// proof that their own browser has checked. Nothing here but what stands on the screen.

import { mkdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { words as en } from '@/i18n/words/en/all';
import { words as fr } from '@/i18n/words/fr/index';
import { realRules } from '@/forms/rulebook_for_test';
import { openTab, type Tab } from './kit/browser';
import { Hands } from './kit/hands';
import { answerAnswers, askAnswers, goThrough, receiptOf, requestAnswers, supplyAnswers, type Words } from './kit/job';
import type { Proxy } from './kit/proxy';
import { raise, type Stage } from './kit/stage';

const EN: Words = en;
const FR: Words = fr;
const w = (words: Words, key: string): string => {
  const text = words[key];
  if (text === undefined) throw new Error(`no words for ${key}`);
  return text;
};
/** The words before the first placeholder of a sentence. */
const start = (words: Words, key: string): RegExp => new RegExp(w(words, key).split(/[{]/)[0]?.trim().replace(/[.*+?^$()|[\]\\]/g, '\\$&') ?? '');
const KE = 'au:ke:central-authority';
// A person reads and types; and the machine may be busy.
vi.setConfig({ testTimeout: 300_000 });
const pictures = process.env['ENTRAIDE_E2E_PICTURES'] ?? '';

/** Counts the tones that the alarm plays. */
const countTones = (): void => {
  const real = OscillatorNode.prototype.start;
  const counted = window as unknown as { tones: number };
  counted.tones = 0;
  OscillatorNode.prototype.start = function (...when: Parameters<typeof real>) {
    ++counted.tones;
    return real.apply(this, when);
  };
};

const ways = [{ way: 'with the mouse', keyboard: false }, { way: 'with the keyboard alone', keyboard: true }];
describe.each(ways)('the main job, $way', ({ keyboard }) => {
  let stage: Stage;
  let desk: Proxy;
  let france: Hands;
  let kenya: Hands;
  let tabs: Tab[];
  let reference = '';
  let before = 0;
  let shots = 0;
  const look = async (who: Hands, name: string): Promise<void> => {
    if (pictures === '') return;
    mkdirSync(pictures, { recursive: true });
    await who.page.screenshot({ path: `${pictures}/${keyboard ? 'k' : 'm'}${String(++shots).padStart(2, '0')}-${name}.png`, fullPage: true });
  };
  const enter = async (locale: string, words: Words, country: 'fr' | 'ke'): Promise<Hands> => {
    const context = await stage.browser.newContext({ locale, timezoneId: country === 'fr' ? 'Europe/Paris' : 'Africa/Nairobi', viewport: { width: 1280, height: 900 }, permissions: ['notifications'] });
    await context.addInitScript(countTones);
    const tab = await openTab(stage.browser, `${desk.url}/`, context);
    tabs.push(tab);
    const hands = new Hands(tab.page, keyboard);
    const { people } = (await (await fetch(`${stage.hub.url}/v1/demonstration`)).json()) as { people: { name: string; authority: string; roles: string[] }[] };
    const person = people.find((one) => one.authority === `au:${country}:central-authority` && !one.roles.includes('administrator'));
    await hands.press(new RegExp(`^${w(words, 'signin.openAs').split('{')[0] ?? ''}${person?.name ?? ''}`));
    await tab.page.getByRole('heading', { level: 1 }).first().waitFor();
    return hands;
  };
  beforeAll(async () => {
    stage = await raise();
    desk = await stage.desk();
    tabs = [];
  });
  afterAll(async () => stage?.end());
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    for (const [i, tab] of tabs.entries()) await look(new Hands(tab.page, keyboard), `failed-${i}`);
  });

  it('Kenya goes on duty, and hears the test of the alarm', async () => {
    kenya = await enter('en-GB', EN, 'ke');
    await kenya.press(w(EN, 'strip.startDuty'));
    await kenya.press(w(EN, 'command.alarm.test'));
    await kenya.press(w(EN, 'duty.alarm.yes'));
    await look(kenya, 'duty');
    await kenya.press(w(EN, 'strip.startDuty'));
    await kenya.page.getByText(/On duty since .*Alarm is on/).waitFor({ timeout: 20_000 });
    before = await kenya.page.evaluate(() => (window as unknown as { tones: number }).tones);
    expect(before).toBeGreaterThan(0);
  });

  it('France drafts a request in French on the task list, checks it, seals, signs and sends it', async () => {
    france = await enter('fr-FR', FR, 'fr');
    const { page } = france;
    const rules = await realRules();
    await france.press(start(FR, 'command.new'), 'link');
    await look(france, 'new');
    await france.press(rules.word('fr', 'act.assistance.request') ?? '', 'link');
    const country = page.locator('#begin-country');
    await france.choose(country, 'Kenya');
    await look(france, 'begin');
    await france.mark(page.locator('#begin-authority'), KE);
    await france.mark(page.locator('#begin-basis'), 'uncc.44');
    await france.press(w(FR, 'new.start'));
    await page.waitForURL(/\/drafts\/[^/]+$/);
    await look(france, 'tasks');
    await goThrough(france, 'assistance.request', requestAnswers(), 'fr', FR, { basis: 'uncc.44', country: 'ke', known: { basis: 'uncc.44' } });
    await look(france, 'tasks-done');
    await france.press(w(FR, 'draft.task.summary'), 'link');
    await france.type(new RegExp(w(FR, 'draft.summary.label')), 'Données d’abonné d’une boîte de messagerie détournée');
    await france.press(start(FR, 'draft.part.continue'));
    await france.press(w(FR, 'draft.task.translation'), 'link');
    await page.getByRole('combobox').first().waitFor();
    await france.choose(page.locator('main').getByRole('combobox').first(), 'anglais');
    await france.type(new RegExp(w(FR, 'draft.translation.maker')), 'Claire Vasseur');
    await france.type(/^Traduction : .*[Ff]aits/, 'On 12 January the company received an e-mail that announced other bank details.');
    await look(france, 'translation');
    await france.press(start(FR, 'draft.part.continue'), 'link');
    await france.press(w(FR, 'draft.task.check'), 'link');
    await page.getByRole('button', { name: w(FR, 'sign.send') }).waitFor({ timeout: 30_000 });
    await look(france, 'check');
    await france.press(w(FR, 'sign.send'));
    await receiptOf(page);
    await page.getByText(w(FR, 'receipt.done')).waitFor({ timeout: 30_000 });
    await look(france, 'receipt');
    reference = /FR-\d{4}-\d{5}/.exec(await page.locator('main').innerText())?.[0] ?? '';
    expect(reference).not.toBe('');
  });

  it('Kenya hears the alarm: it sounds and stands on the screen, and the request is in the inbox with its sealed line', async () => {
    await kenya.page.getByText('Données d’abonné d’une boîte de messagerie détournée').first().waitFor({ timeout: 30_000 });
    await kenya.page.getByRole('alert').getByText(/must be answered by/).first().waitFor({ timeout: 30_000 });
    await kenya.page.getByRole('button', { name: start(EN, 'strip.silence') }).first().waitFor();
    await expect.poll(() => kenya.page.evaluate(() => (window as unknown as { tones: number }).tones), { timeout: 10_000 }).toBeGreaterThan(before);
    await look(kenya, 'inbox');
  });

  it('acknowledges with one key, and reads it beside its translation', async () => {
    const { page } = kenya;
    await page.getByRole('searchbox').waitFor();
    await kenya.typeInto(page.getByRole('searchbox'), reference);
    await page.locator('aside.preview').getByText(reference).waitFor({ timeout: 15_000 });
    if (keyboard) await page.keyboard.press('Tab');
    else await page.locator('aside.preview h2').click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    await page.getByText(w(EN, 'inbox.acknowledged.entry')).or(page.getByText(/acknowledged/i)).first().waitFor({ timeout: 30_000 });
    await look(kenya, 'acknowledged');
    await page.goto(`${desk.url}/requests/${reference}`);
    await page.getByText(/^Entry [0-9,]+, verified$/).first().waitFor({ timeout: 60_000 });
    await page.getByText('On 12 January the company received an e-mail').first().waitFor({ timeout: 20_000 });
    await look(kenya, 'request');
  });

  it('asks for a supplement; France supplies it', async () => {
    const rules = await realRules();
    await kenya.press(rules.word('en', 'act.assistance.ask-supplement') ?? '', 'link');
    await kenya.page.waitForURL(/\/drafts\/[^/]+$/);
    await goThrough(kenya, 'assistance.ask-supplement', askAnswers(), 'en', EN, { basis: 'uncc.44', country: 'fr' });
    await writeSummary(kenya, EN, 'Which mailbox is meant?');
    await signAndSend(kenya, EN, 'assistance.ask-supplement');
    await france.page.goto(`${desk.url}/requests/${reference}`);
    await france.press(rules.word('fr', 'act.assistance.supply') ?? '', 'link');
    await france.page.waitForURL(/\/drafts\/[^/]+$/);
    await goThrough(france, 'assistance.supply', supplyAnswers(), 'fr', FR, { basis: 'uncc.44', country: 'ke' });
    await writeSummary(france, FR, 'La boîte et les deux serveurs');
    await signAndSend(france, FR, 'assistance.supply');
  });

  it('the hub is killed and comes back while Kenya writes, and nothing is lost', async () => {
    const rules = await realRules();
    await kenya.page.goto(`${desk.url}/requests/${reference}`);
    await kenya.press(rules.word('en', 'act.assistance.answer') ?? '', 'link');
    await kenya.page.waitForURL(/\/drafts\/[^/]+$/);
    await kenya.press(w(EN, 'draft.task.files'), 'link');
    await kenya.page.locator('input[type=file]').setInputFiles({ name: 'subscriber.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ subscriber: 'fictional', records: Array.from({ length: 500 }, (_, i) => i) })) });
    await kenya.page.getByRole('cell', { name: 'subscriber.json' }).waitFor({ timeout: 30_000 });
    await kenya.press(start(EN, 'draft.part.continue'), 'link');
    await stage.hub.kill();
    await goThrough(kenya, 'assistance.answer', answerAnswers('subscriber.json'), 'en', EN, { basis: 'uncc.44', country: 'fr' });
    await look(kenya, 'written-without-hub');
    await stage.hub.again();
    await writeSummary(kenya, EN, 'Subscriber record, complete');
    await signAndSend(kenya, EN, 'assistance.answer');
    await look(kenya, 'answered');
  });

  it('both see the proof, checked by their own browser, and the document opens as it was', async () => {
    for (const [who, words] of [[france, FR], [kenya, EN]] as const) {
      await who.page.goto(`${desk.url}/requests/${reference}`);
      await who.page.locator('details.act').first().waitFor({ timeout: 60_000 });
      await who.pressOn(who.page.locator('details.act').first().locator('a').first(), 'Enter');
      await who.page.getByText(w(words, 'proof.good')).waitFor({ timeout: 60_000 });
      await look(who, 'proof');
    }
    for (const tab of tabs) expect(tab.complaints.filter((one) => !/ERR_CONNECTION|ERR_EMPTY|Failed to fetch|net::|50[0-9]/.test(one))).toEqual([]);
  });

  async function writeSummary(who: Hands, words: Words, text: string): Promise<void> {
    const link = who.page.getByRole('link', { name: w(words, 'draft.task.summary'), exact: true });
    await who.page.waitForURL(/\/drafts\/[^/]+$/);
    await who.page.locator('ul.tasks').waitFor();
    if ((await link.count()) === 0) return;
    await who.pressOn(link, 'Enter');
    await who.type(new RegExp(w(words, 'draft.summary.label')), text);
    await who.press(start(words, 'draft.part.continue'));
    await who.page.waitForURL(/\/drafts\/[^/]+$/);
  }
  async function signAndSend(who: Hands, words: Words, type: string): Promise<void> {
    const rules = await realRules();
    await who.press(w(words, 'draft.task.check'), 'link');
    await who.press(w(words, rules.transition(type)?.assurance === 'session' ? 'sign.send.session' : 'sign.send'));
    await receiptOf(who.page);
  }
});
