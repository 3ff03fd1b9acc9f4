// Prints the request of the looks as a person would, and reads the pages back with tools that are not ours: paper, page
// numbers, no white page, nothing lost, nothing cut off, and a QR code that a camera reads.
// `node tests/looks/print.mjs DIST`; with PICTURES=folder it keeps the documents and their pages as pictures.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { serve } from './serve.mjs';

const RUNS = [
  { lang: 'en', second: null, paper: 'A4', size: [595, 842], page: (n, m) => `Page ${n} of ${m}` },
  { lang: 'fr', second: 'العربية', paper: 'Letter', size: [612, 792], page: (n, m) => `Page ${n} sur ${m}` },
  { lang: 'es', second: null, paper: 'Letter', size: [612, 792], page: (n, m) => `Página ${n} de ${m}` },
  { lang: 'ar', second: null, paper: 'A4', size: [595, 842], page: null },
];
const kept = process.env.PICTURES;
const folder = kept ?? mkdtempSync(join(tmpdir(), 'entraide-print-'));
mkdirSync(folder, { recursive: true });
const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
/** Letters and digits only: a reader of PDF puts blanks and line ends where it likes. */
const bare = (text) => text.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '');
let faults = 0;
const fault = (name, text) => {
  console.error(`${name}: ${text}`);
  faults += 1;
};

const desk = await serve(resolve(process.argv[2] ?? 'dist-looks'));
const browser = await chromium.launch({ executablePath: process.env.ENTRAIDE_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
for (const { lang, second, paper, size, page: numbered } of RUNS) {
  const name = `${lang}${second === null ? '' : '-two'}-${paper}`;
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'UTC' })).newPage();
  await page.addInitScript((settings) => {
    localStorage.setItem('entraide.settings', settings);
    sessionStorage.setItem('world', 'request=received');
  }, JSON.stringify({ lang, theme: 'night' }));
  await page.goto(`${desk.address}/requests/FR-2031-00017/print`);
  await page.locator('.sheet .qr').first().waitFor();
  if (second !== null) await page.locator('.bar [role=radiogroup]').nth(1).getByText(second).click();
  await page.locator('.bar').getByText(paper, { exact: true }).click();
  await page.locator('.sheet .qr').nth(second === null ? 0 : 1).waitFor();
  const pdf = join(folder, `${name}.pdf`);
  await page.pdf({ path: pdf, preferCSSPageSize: true, printBackground: true });

  const about = run('pdfinfo', '-f', '1', '-l', '999', pdf);
  const count = Number(/^Pages:\s+(\d+)/m.exec(about)[1]);
  const sizes = [...about.matchAll(/^Page\s+\d+ size:\s+([\d.]+) x ([\d.]+)/gm)].map(([, width, height]) => [Math.round(width), Math.round(height)]);
  if (sizes.length !== count || sizes.some(([width, height]) => width !== size[0] || height !== size[1])) fault(name, `pages of other paper than ${paper}: ${JSON.stringify(sizes)}`);
  const coded = [];
  for (let n = 1; n <= count; n += 1) {
    const text = run('pdftotext', '-f', String(n), '-l', String(n), '-layout', pdf, '-');
    if (!text.includes('FR-2031-00017')) fault(name, `page ${n} does not bear the reference`);
    if (numbered !== null ? !text.includes(numbered(n, count)) : !text.includes(String(count))) fault(name, `page ${n} is not numbered`);
    // Heading, number and one answer come to less: the last answer does not stand alone on a page.
    if (bare(text).length < 250) fault(name, `page ${n} is nearly white`);
    if (text.includes('tlog-proof')) coded.push(n);
  }
  // What the screen says is on the paper, in Latin letters; Arabic is looked at as a picture, its text travels in the proof.
  const whole = bare(run('pdftotext', pdf, '-'));
  const words = (await page.locator('.sheet').allInnerTexts()).join(' ').match(/[\p{Script=Latin}\p{N}@.-]{4,}/gu) ?? [];
  // An address may go on in the next line, with the other column between its halves.
  const there = (word) => whole.includes(word) || (word.length >= 8 && Array.from(word, (_, at) => at).some((at) => at > 1 && at < word.length - 1 && whole.includes(word.slice(0, at)) && whole.includes(word.slice(at))));
  const lost = [...new Set(words.map(bare))].filter((word) => word.length >= 4 && !there(word));
  if (words.length < 500 || lost.length > 0) fault(name, `of ${words.length} words lost on paper: ${lost.slice(0, 10).join(', ')}`);
  // Nothing reaches over the edge: the sheet as wide as the paper leaves it.
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: paper === 'A4' ? 642 : 662, height: 900 });
  const cut = await page.evaluate(() => [...document.querySelectorAll('.sheet')].flatMap((sheet) => {
    const edge = sheet.getBoundingClientRect();
    return [...sheet.querySelectorAll('*')].filter((one) => {
      const box = one.getBoundingClientRect();
      return box.width > 0 && (box.right > edge.right + 1 || box.left < edge.left - 1);
    }).map((one) => `${one.tagName} ${one.textContent.slice(0, 40)}`);
  }));
  if (cut.length > 0) fault(name, `reaches over the edge of the paper: ${cut.slice(0, 3).join(' | ')}`);

  if (kept !== undefined) run('pdftoppm', '-r', '60', '-png', pdf, join(folder, name));
  const read = coded.map((n) => {
    const picture = join(folder, `${name}-code`);
    run('pdftoppm', '-r', '150', '-f', String(n), '-l', String(n), '-gray', '-png', '-singlefile', pdf, picture);
    return run('zbarimg', '--raw', '--quiet', '--set', '*.enable=0', '--set', 'qrcode.enable=1', '--nodbus', `${picture}.png`);
  }).join('');
  if (!read.startsWith('c2sp.org/tlog-proof@v1\nindex ')) fault(name, `the QR code reads as ${JSON.stringify(read.slice(0, 60))}`);
  console.log(`${name}: ${count} pages, ${words.length} words, QR code of ${read.trim().length} characters`);
  await page.context().close();
}
await browser.close();
desk.close();
if (kept === undefined) rmSync(folder, { recursive: true, force: true });
process.exit(faults === 0 ? 0 : 1);
