// Examines every screen and state of the shell: axe-core, the policy of content, and no sideways scrolling at 320 pixels,
// in each language and theme. `node tests/looks/run.mjs DIST [NAME...]`; with PICTURES=folder it also takes pictures.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { serve } from './serve.mjs';
import { STATES } from './states.mjs';

const [dist, ...only] = process.argv.slice(2);
const languages = (process.env.LANGUAGES ?? 'en,fr,es,ar').split(',');
const themes = (process.env.THEMES ?? 'light,night').split(',');
const pictures = process.env.PICTURES;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
if (pictures) mkdirSync(pictures, { recursive: true });

/** Runs in the page: what covers most of it for good, and what cannot be scrolled to. */
function trapsHere() {
  const traps = [];
  const seen = (one) => one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  for (const one of document.querySelectorAll('body *')) {
    const { position, overflowY } = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    if ((position === 'sticky' || position === 'fixed') && seen(one) && box.height > innerHeight * 0.6 && !['auto', 'scroll'].includes(overflowY)) traps.push(`${one.tagName}.${one.className} keeps ${Math.round(box.height)} of ${innerHeight} px`);
  }
  const dialog = document.querySelector('[role=dialog], [role=alertdialog]');
  for (const one of dialog?.querySelectorAll('button, input, a, textarea') ?? []) {
    one.scrollIntoView({ block: 'nearest' });
    const box = one.getBoundingClientRect();
    if (seen(one) && (box.bottom > innerHeight + 1 || box.top < -1) && box.height < innerHeight) traps.push(`${one.tagName} "${one.textContent.slice(0, 30)}" of a dialog cannot be reached`);
  }
  return traps;
}

const desk = await serve(resolve(dist));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
// Said as they are found: a long run tells early.
const faults = { length: 0, push: (fault) => console.error(fault) ?? (faults.length += 1) };
let runs = 0;
for (const lang of languages) {
  for (const theme of themes) {
    for (const state of STATES.filter(({ name }) => only.length === 0 || only.includes(name))) {
      const context = await browser.newContext({ viewport: { width: 1366, height: 860 }, reducedMotion: 'reduce', bypassCSP: false });
      const page = await context.newPage();
      const name = `${state.name}-${lang}-${theme}`;
      page.on('console', (message) => /Content Security Policy|TrustedScript|Trusted Type/.test(message.text()) && faults.push(`${name}: ${message.text().slice(0, 200)}`));
      page.on('pageerror', (error) => faults.push(`${name}: ${error.message}`));
      await page.addInitScript(([settings, world]) => {
        localStorage.setItem('entraide.settings', settings);
        sessionStorage.setItem('world', world);
      }, [JSON.stringify({ lang, theme }), state.world ?? '']);
      await page.goto(desk.address + state.path);
      await page.locator('h1').first().waitFor();
      await page.waitForTimeout(state.world?.includes('slow') ? 700 : 300);
      if (state.tab !== undefined) await page.getByRole('tab').nth(state.tab).click();
      if (state.press) await page.locator(state.press).first().click();
      if (state.keys) await page.keyboard.press(state.keys);
      if (state.tab !== undefined || state.press || state.keys) await page.waitForTimeout(400);
      // The devtools protocol runs the checker: the page itself would refuse a script from elsewhere, and rightly.
      await page.evaluate(axe);
      const result = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), TAGS);
      runs += 1;
      for (const { id, nodes } of result.violations) faults.push(`${name}: axe ${id}: ${nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).slice(0, 2).join(' | ')}`);
      if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` });
      await page.setViewportSize({ width: 320, height: 720 });
      await page.waitForTimeout(120);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (over > 0) faults.push(`${name}: scrolls sideways by ${over} px at 320 px`);
      if (pictures) await page.screenshot({ path: `${pictures}/${name}-320.png`, fullPage: true });
      // 1280 x 1024 at 400 %: what stays in place must leave room, and what floats must scroll.
      await page.setViewportSize({ width: 320, height: 256 });
      await page.waitForTimeout(60);
      for (const trap of await page.evaluate(trapsHere)) faults.push(`${name}: at 400 %: ${trap}`);
      await context.close();
    }
  }
}
await browser.close();
desk.close();
console.log(`${runs} looks, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
