// Chromium by playwright-core. No browser is downloaded: Debian's own, or the one that ENTRAIDE_CHROMIUM names.

import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['ENTRAIDE_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** What the policy of content had to forbid, in any tab of this test file: nothing, or `stage.end` fails. */
export const violations: string[] = [];
const FORBIDDEN = /Content Security Policy|Trusted ?(Type|Script|HTML)/i;
const tellOfViolations = (): void => {
  document.addEventListener('securitypolicyviolation', (event) => console.error(`Content Security Policy: ${event.effectiveDirective} forbids ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`));
};

export interface Tab {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page and its worker complained of. */
  readonly complaints: string[];
}
export async function openTab(browser: Browser, url: string, context?: BrowserContext): Promise<Tab> {
  const room = context ?? (await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC' }));
  const page = await room.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
    if (FORBIDDEN.test(message.text())) violations.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => {
    complaints.push(String(error));
    if (FORBIDDEN.test(String(error))) violations.push(`${page.url()}: ${String(error)}`);
  });
  await page.addInitScript(tellOfViolations);
  await page.goto(url);
  return { page, context: room, complaints };
}
