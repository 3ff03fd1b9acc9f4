// Looks at every screen and state: axe-core, the policy of content, nothing sideways at 320 pixels, nothing out of reach at
// 400 %, nothing cut off; and under the pseudo-languages, that every word has come through the catalogues.
// `node tests/looks/run.mjs DIST [NAME...]`. LOOKS: which languages and themes, "en:light,ar:night"; PICTURES=folder keeps a
// picture of each, WIDTHS=1366,390 in which widths; AT_ONCE: how many pages at a time.
// A state is loaded once; its other languages and themes are chosen on the page, as a person would.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { cutOff, sideways, traps, untranslated } from './check.mjs';
import { NOT_OURS } from './not_ours.mjs';
import { serve } from './serve.mjs';
import { STATES } from './states.mjs';

const ALL = ['en', 'fr', 'es', 'ar'].flatMap((lang) => ['light', 'night'].map((theme) => `${lang}:${theme}`));
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SETTINGS = 'entraide.settings';
const [dist, ...only] = process.argv.slice(2);
const looks = (process.env.LOOKS ?? [...ALL, 'en-XA:light', 'ar-XB:night'].join()).split(',').map((look) => look.split(':'));
const pictures = process.env.PICTURES;
const widths = (process.env.WIDTHS ?? '1366').split(',').map(Number);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
if (pictures) mkdirSync(pictures, { recursive: true });
const unknown = only.filter((name) => !STATES.some((state) => state.name === name));
if (unknown.length > 0) throw new Error(`no state is called ${unknown.join(', ')}; see tests/looks/states.mjs`);

let faults = 0;
let runs = 0;
// Said as they are found: a long run tells early.
const fault = (name, text) => {
  console.error(`${name}: ${text}`);
  faults += 1;
};
const desk = await serve(resolve(dist));
const browser = await chromium.launch({ executablePath: process.env.ENTRAIDE_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });

const isPseudo = (lang) => lang.includes('-');
const settled = () => document.querySelector('.skeleton, main [role=status] > .vh') === null && document.fonts.status === 'loaded';
/** Until the browser has laid out and drawn what was changed. */
const drawn = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
async function resize(page, width, height) {
  await page.setViewportSize({ width, height });
  await drawn(page);
}

/** One tab, for one look after the other. */
class Eye {
  name = '';
  static async open() {
    const context = await browser.newContext({ viewport: { width: 1366, height: 860 }, reducedMotion: 'reduce', timezoneId: 'UTC', serviceWorkers: 'block' });
    const page = await context.newPage();
    const eye = new Eye();
    eye.page = page;
    page.on('console', (message) => /Content Security Policy|Trusted ?(Script|Type)/.test(message.text()) && fault(eye.name, message.text().slice(0, 200)));
    page.on('pageerror', (error) => fault(eye.name, error.message));
    await page.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) => console.error(`Content Security Policy: ${event.effectiveDirective}`)));
    await page.goto(`${desk.address}/nowhere.txt`);
    return eye;
  }
  close() {
    return this.page.context().close();
  }

  /** The state from its beginning, in the first of `given`; then in the others. */
  async see(state, [first, ...others]) {
    const { page } = this;
    this.call(state, first);
    await page.setViewportSize({ width: 1366, height: 860 });
    await page.evaluate(([place, settings, world]) => {
      localStorage.setItem(place, settings);
      sessionStorage.setItem('world', world);
    }, [SETTINGS, this.settings(first), state.world ?? '']);
    await page.goto(desk.address + state.path);
    try {
      await page.locator('h1').first().waitFor();
      // What waits shows itself as waiting after 300 ms; all else has arrived when nothing waits any more.
      if (state.world?.includes('slow')) await page.waitForTimeout(500);
      else await page.waitForFunction(settled);
      if (state.tab !== undefined) await page.getByRole('tab').nth(state.tab).click();
      if (state.press) await page.locator(state.press).first().click();
      if (state.keys) await page.keyboard.press(state.keys);
      await page.waitForTimeout(state.tab !== undefined || state.press || state.keys ? 300 : 100);
    } catch (error) {
      fault(this.name, `the screen does not come: ${String(error).split('\n')[0]}`);
    }
    // The devtools protocol runs the checker: the page itself would refuse a script from elsewhere, and rightly.
    if (!isPseudo(first[0])) await page.evaluate(axe);
    const open = await this.shape();
    await this.look(first);
    for (const other of others) {
      this.call(state, other);
      await this.change(other);
      const left = await this.shape();
      if (left !== open) fault(this.name, `what was open does not stay when the language changes: ${open}, then ${left}`);
      await this.look(other);
    }
  }
  call(state, [lang, theme]) {
    this.name = `${state.name}-${lang}-${theme}`;
  }
  settings([lang, theme]) {
    return JSON.stringify({ lang, theme });
  }
  /** As another tab of the same desk does it. */
  async change(to) {
    const { page } = this;
    await page.setViewportSize({ width: 1366, height: 860 });
    await page.evaluate(([place, settings]) => {
      localStorage.setItem(place, settings);
      window.scrollTo(0, 0);
      window.dispatchEvent(new StorageEvent('storage', { key: place, newValue: settings }));
    }, [SETTINGS, this.settings(to)]);
    await page.waitForFunction(([lang, theme]) => document.documentElement.lang === lang && document.documentElement.dataset.theme === theme, to);
    await drawn(page);
    await page.waitForFunction(() => document.fonts.status === 'loaded');
  }
  /** How much of each kind is on the page. */
  shape() {
    return this.page.evaluate(() => ['[role=dialog], [role=alertdialog]', 'h1', '[role=tab][aria-selected=true]', '[role=alert]'].map((one) => document.querySelectorAll(one).length).join());
  }

  async look([lang]) {
    const { page, name } = this;
    const pseudo = isPseudo(lang);
    runs += 1;
    if (lang === 'en-XA') for (const found of await page.evaluate(untranslated, NOT_OURS)) fault(name, found);
    if (!pseudo) {
      const { violations } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), TAGS);
      for (const { id, nodes } of violations) fault(name, `axe ${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).slice(0, 2).join(' | ')}`);
    }
    for (const found of await page.evaluate(cutOff)) fault(name, `at 1366 px: ${found}`);
    if (pictures)
      for (const width of widths) {
        await resize(page, width, 860);
        await page.waitForTimeout(100);
        await page.screenshot({ path: `${pictures}/${name}-${width}.png`, fullPage: width < 800 });
      }
    await resize(page, 320, 720);
    for (const found of [...(await page.evaluate(sideways)), ...(await page.evaluate(cutOff))]) fault(name, `at 320 px: ${found}`);
    // 1280 x 1024 at 400 %: what stays in place must leave room, and what floats must scroll.
    await resize(page, 320, 256);
    for (const trap of await page.evaluate(traps)) fault(name, `at 400 %: ${trap}`);
  }
}

const real = looks.filter(([lang]) => !isPseudo(lang));
const turned = (list, by) => [...list.slice(by % list.length), ...list.slice(0, by % list.length)];
const jobs = STATES.filter(({ name }) => only.length === 0 || only.includes(name)).flatMap((state, index) => [
  // Each language is the first of some states.
  ...(real.length > 0 ? [{ state, given: turned(real, index) }] : []),
  // The rulebook has its words in a pseudo-language from the beginning, or not at all.
  ...looks.filter(([lang]) => isPseudo(lang)).map((look) => ({ state, given: [look] })),
]);
const began = Date.now();
async function worker() {
  const eye = await Eye.open();
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await eye.see(job.state, job.given);
  await eye.close();
}
await Promise.all(Array.from({ length: Number(process.env.AT_ONCE ?? availableParallelism() + 1) }, worker));
await browser.close();
desk.close();
console.log(`${runs} looks, ${faults} faults, ${Math.round((Date.now() - began) / 1000)} s`);
process.exit(faults === 0 ? 0 : 1);
