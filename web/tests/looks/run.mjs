// Looks at every screen and state: axe-core, the policy of content, nothing sideways at 320 pixels, nothing out of reach at
// 400 %, nothing cut off; and under the pseudo-languages, that every word has come through the catalogues.
// `node tests/looks/run.mjs DIST [NAME...]`. LOOKS: which languages and themes, "en:light,ar:night"; PICTURES=folder keeps a
// picture of each, WIDTHS=1366,390 in which widths; AT_ONCE: how many pages at a time.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { cutOff, sideways, traps, untranslated } from './check.mjs';
import { serve } from './serve.mjs';
import { STATES } from './states.mjs';

const ALL = ['en', 'fr', 'es', 'ar'].flatMap((lang) => ['light', 'night'].map((theme) => `${lang}:${theme}`));
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const [dist, ...only] = process.argv.slice(2);
const looks = (process.env.LOOKS ?? [...ALL, 'en-XA:light', 'ar-XB:night'].join()).split(',').map((look) => look.split(':'));
const pictures = process.env.PICTURES;
const widths = (process.env.WIDTHS ?? '1366').split(',').map(Number);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
if (pictures) mkdirSync(pictures, { recursive: true });
const unknown = only.filter((name) => !STATES.some((state) => state.name === name));
if (unknown.length > 0) throw new Error(`no state is called ${unknown.join(', ')}; see tests/looks/states.mjs`);

/** Words that come from no catalogue of sentences: names of countries, languages, days and months, and what the world of the looks says of itself. */
const NOT_OURS = [
  ...Object.values(JSON.parse(readFileSync(new URL('../../src/i18n/words/en/countries.json', import.meta.url), 'utf8'))),
  ...['ar', 'en', 'es', 'fr', 'ja', 'pt', 'ru', 'sw', 'zh'].map((code) => new Intl.DisplayNames('en', { type: 'language' }).of(code)),
  ...Array.from({ length: 12 }, (_, month) => new Intl.DateTimeFormat('en-GB', { month: 'long' }).format(new Date(2026, month, 1))),
  ...Array.from({ length: 7 }, (_, day) => new Intl.DateTimeFormat('en-GB', { weekday: 'long' }).format(new Date(2026, 10, 1 + day))), 'Sept',
  // What the doubles of a desk say of a hub, of certificates and of checks; trace numbers; paper.
  'Test hub', 'CN=Signature key of officer k7tq2m', 'receipt signature seal document commitment holds', 'cdeb', 'http.internal', 'Letter',
  'Entraide', 'Wanjiru Otieno', 'Duty officer', 'A. Duval (demonstration)', 'Mutual Assistance Office (demonstration)', 'Central Authority (demonstration)',
].flatMap((text) => text.normalize('NFD').toLowerCase().match(/[a-z]{4,}/g) ?? []);
let faults = 0;
let runs = 0;
// Said as they are found: a long run tells early.
const fault = (name, text) => {
  console.error(`${name}: ${text}`);
  faults += 1;
};
const desk = await serve(resolve(dist));
const browser = await chromium.launch({ executablePath: process.env.ENTRAIDE_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });

/** One state in one language and theme, on a page of its own. */
async function look(context, lang, theme, state) {
  const page = await context.newPage();
  const name = `${state.name}-${lang}-${theme}`;
  const pseudo = lang.includes('-');
  page.on('console', (message) => /Content Security Policy|Trusted ?(Script|Type)/.test(message.text()) && fault(name, message.text().slice(0, 200)));
  page.on('pageerror', (error) => fault(name, error.message));
  await page.addInitScript(([settings, world]) => {
    localStorage.setItem('entraide.settings', settings);
    sessionStorage.setItem('world', world);
    document.addEventListener('securitypolicyviolation', (event) => console.error(`Content Security Policy: ${event.effectiveDirective}`));
  }, [JSON.stringify({ lang, theme }), state.world ?? '']);
  await page.goto(desk.address + state.path);
  try {
    await page.locator('h1').first().waitFor();
    // What waits shows itself as waiting after 300 ms; all else has arrived when nothing waits any more.
    if (state.world?.includes('slow')) await page.waitForTimeout(500);
    else await page.waitForFunction(() => document.querySelector('.skeleton, main [role=status] > .vh') === null && document.fonts.status === 'loaded');
    if (state.tab !== undefined) await page.getByRole('tab').nth(state.tab).click();
    if (state.press) await page.locator(state.press).first().click();
    if (state.keys) await page.keyboard.press(state.keys);
    await page.waitForTimeout(state.tab !== undefined || state.press || state.keys ? 300 : 100);
  } catch (error) {
    fault(name, `the screen does not come: ${String(error).split('\n')[0]}`);
  }
  runs += 1;
  if (lang === 'en-XA') for (const found of await page.evaluate(untranslated, NOT_OURS)) fault(name, found);
  if (!pseudo) {
    // The devtools protocol runs the checker: the page itself would refuse a script from elsewhere, and rightly.
    await page.evaluate(axe);
    const { violations } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), TAGS);
    for (const { id, nodes } of violations) fault(name, `axe ${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).slice(0, 2).join(' | ')}`);
  }
  if (pictures)
    for (const width of widths) {
      await page.setViewportSize({ width, height: 860 });
      await page.waitForTimeout(150);
      await page.screenshot({ path: `${pictures}/${name}-${width}.png`, fullPage: width < 800 });
    }
  await page.setViewportSize({ width: 320, height: 720 });
  await page.waitForTimeout(60);
  for (const found of [...(await page.evaluate(sideways)), ...(await page.evaluate(cutOff))]) fault(name, `at 320 px: ${found}`);
  if (pictures && widths.includes(320)) await page.screenshot({ path: `${pictures}/${name}-320.png`, fullPage: true });
  // 1280 x 1024 at 400 %: what stays in place must leave room, and what floats must scroll.
  await page.setViewportSize({ width: 320, height: 256 });
  await page.waitForTimeout(60);
  for (const trap of await page.evaluate(traps)) fault(name, `at 400 %: ${trap}`);
  await page.close();
}

const jobs = looks.flatMap(([lang, theme]) => STATES.filter(({ name }) => only.length === 0 || only.includes(name)).map((state) => ({ lang, theme, state })));
const began = Date.now();
async function worker() {
  const context = await browser.newContext({ viewport: { width: 1366, height: 860 }, reducedMotion: 'reduce', timezoneId: 'UTC', serviceWorkers: 'block' });
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await look(context, job.lang, job.theme, job.state);
  await context.close();
}
await Promise.all(Array.from({ length: Number(process.env.AT_ONCE ?? availableParallelism() + 1) }, worker));
await browser.close();
desk.close();
console.log(`${runs} looks, ${faults} faults, ${Math.round((Date.now() - began) / 1000)} s`);
process.exit(faults === 0 ? 0 : 1);
