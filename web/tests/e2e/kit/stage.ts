// One hub, one liar before it, one browser; and tabs signed in as people of the demonstration.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext } from 'playwright-core';

import type { DemonstrationPerson } from '@/api/desk';
import { openBrowser, openTab, violations, type Tab } from './browser';
import { Hub } from './hub';
import { Proxy } from './proxy';

const page = fileURLToPath(new URL('../../../dist-e2e', import.meta.url));

export interface Stage {
  readonly hub: Hub;
  readonly browser: Browser;
  /** A door of its own to the hub, honest until its `lies` say otherwise. */
  door(): Promise<Proxy>;
  /** A door behind which the whole desk stands, screens and all, as the hub serves it. */
  desk(): Promise<Proxy>;
  /** A tab with nothing but the facade, in a browser profile of its own unless one is given. */
  tab(door: Proxy, context?: BrowserContext): Promise<Tab>;
  /** The same, signed in as the first officer of `authority` (with `administrator`: as its administrators). */
  as(door: Proxy, authority: string, who?: 'officer' | 'administrator'): Promise<Tab>;
  end(): Promise<void>;
}

export async function raise(): Promise<Stage> {
  if (!existsSync(`${page}/index.html`)) throw new Error('no dist-e2e: script/e2e builds it');
  const hub = await Hub.start();
  const browser = await openBrowser();
  const doors: Proxy[] = [];
  const stage: Stage = {
    hub,
    browser,
    async door() {
      const made = await Proxy.start(() => hub.port, page);
      doors.push(made);
      return made;
    },
    async desk() {
      const made = await Proxy.start(() => hub.port, null);
      doors.push(made);
      return made;
    },
    async tab(door, context) {
      const made = await openTab(browser, `${door.url}/`, context);
      await made.page.waitForFunction(() => document.title === 'ready');
      return made;
    },
    async as(door, authority, who = 'officer') {
      const made = await stage.tab(door);
      const people = await made.page.evaluate(() => window.desk.demonstrationPeople());
      const is = (one: DemonstrationPerson): boolean => one.authority === authority && one.roles.includes('administrator') === (who === 'administrator');
      const person = people.find(is);
      if (person === undefined) throw new Error(`nobody of ${authority} in the demonstration`);
      await made.page.evaluate((subject) => window.desk.openAs(subject), person.subject);
      return made;
    },
    async end() {
      await browser.close();
      for (const door of doors) await door.end();
      await hub.end();
      if (violations.length > 0) throw new Error(`the policy of content was broken:\n${violations.join('\n')}`);
    },
  };
  return stage;
}

/** The rule of the DeskError that `work` throws in the page; '' when it throws none. */
export async function ruleOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return '';
  } catch (error) {
    return String(error);
  }
}
