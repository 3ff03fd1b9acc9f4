// Takes the README's pictures of the desk, from a demonstration world that runs: `node tools/screenshots.mjs URL FOLDER`.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [address, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.ENTRAIDE_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

// Opens the desk as a person of the demonstration, who reads `lang`.
async function deskOf(person, lang, theme, viewport) {
  const context = await browser.newContext({ viewport, timezoneId: 'UTC', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.addInitScript((settings) => localStorage.setItem('entraide.settings', settings), JSON.stringify({ lang, theme }));
  await page.goto(address);
  await page.locator('li, article, div.card').filter({ hasText: person }).last().getByRole('button').click();
  await page.waitForURL((url) => url.pathname === '/');
  await page.waitForTimeout(6000);
  return page;
}
// A page of the desk as it stands once its worker has opened and checked what it shows.
async function picture(page, path, name) {
  if (path !== null) await page.evaluate((to) => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }, path);
  await page.waitForTimeout(6000);
  await page.screenshot({ path: `${folder}/${name}.png` });
}

const wide = { width: 1366, height: 860 };
const kenya = await deskOf('Wanjiku', 'en', 'light', wide);
await picture(kenya, null, 'inbox-en');
// The first request that nobody has acknowledged yet.
const reference = /[A-Z]{2}-[0-9]{4}-[0-9]{5}/.exec(await kenya.locator('tr[data-row]').filter({ hasText: 'New' }).first().innerText())[0];
await picture(kenya, `/requests/${reference}`, 'request-en');
const france = await deskOf('Odile', 'fr', 'night', wide);
await picture(france, '/new/assistance.request', 'new-fr-night');
const morocco = await deskOf('سلمى', 'ar', 'light', { width: 390, height: 844 });
await picture(morocco, '/directory', 'directory-ar-phone');
await browser.close();
