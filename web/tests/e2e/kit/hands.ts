// A person at a screen, with a mouse or with nothing but a keyboard. Fields are found by their names, as a person finds
// them, and filled by what their rulebook says that they are.

import type { Locator, Page } from 'playwright-core';

import type { Field, InnerField, Json } from '@/forms';
import { isObject } from '@/forms';

type Role = 'button' | 'link' | 'tab' | 'radio' | 'checkbox' | 'textbox' | 'combobox' | 'menuitem';
const TABS_MAX = 160;

export class Hands {
  constructor(
    readonly page: Page,
    readonly keyboard: boolean,
  ) {}

  /** Presses what is there under that name. */
  async press(name: string | RegExp, role: Role = 'button'): Promise<void> {
    await this.pressOn(this.page.getByRole(role, { name, ...(typeof name === 'string' ? { exact: true } : {}) }).first(), role === 'link' ? 'Enter' : 'Space');
  }
  async pressOn(target: Locator, key = 'Space'): Promise<void> {
    await target.waitFor({ state: 'attached', timeout: 60_000 });
    if (!this.keyboard) return target.click({ timeout: 60_000 });
    await this.reach(target);
    await this.page.keyboard.press(key);
  }
  async type(name: string | RegExp, text: string): Promise<void> {
    await this.typeInto(this.page.getByRole('textbox', { name }).first(), text);
  }
  async typeInto(target: Locator, text: string): Promise<void> {
    await target.waitFor({ timeout: 30_000 });
    if (!this.keyboard) return target.fill(text);
    await this.reach(target);
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.insertText(text);
  }
  /** Tabs there, as who has no mouse does. Fails where that cannot be reached. */
  private async reach(target: Locator): Promise<void> {
    for (let tabs = 0; tabs < TABS_MAX; ++tabs) {
      if (await target.evaluate((element) => element === document.activeElement || element.contains(document.activeElement)).catch(() => false)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`${String(target)} cannot be reached with the Tab key`);
  }

  /** One of a list that is searched by writing. */
  async choose(box: Locator, label: string): Promise<void> {
    await this.typeInto(box, label);
    const option = this.page.getByRole('option', { name: label }).first();
    await option.waitFor({ timeout: 15_000 });
    if (!this.keyboard) return option.click();
    await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Enter');
  }
  /** One choice of several, by its code. */
  async mark(field: Locator, code: string): Promise<void> {
    const input = field.locator(`input[value="${code}"]`);
    if (!this.keyboard) return field.locator(`label:has(input[value="${code}"])`).click();
    const isRadio = (await input.getAttribute('type')) === 'radio';
    if (!isRadio) {
      await this.reach(input);
      return this.page.keyboard.press('Space');
    }
    await this.reach(field);
    for (let step = 0; step < 40 && !(await input.evaluate((one) => one === document.activeElement)); ++step) await this.page.keyboard.press('ArrowDown');
    if (!(await input.isChecked())) await this.page.keyboard.press('Space');
  }

  /** Fills one field of a form. `label` gives the reader's word for a code. */
  async fill(field: Field | InnerField, path: string, value: Json, label: (vocab: string, code: string) => string): Promise<void> {
    const id = `field-${path.replaceAll('.', '-')}`;
    const place = this.page.locator(`[id="${id}"]`);
    await place.waitFor({ state: 'attached', timeout: 20_000 });
    const input = this.page.locator(`input[id="${id}"], textarea[id="${id}"], [id="${id}"] input, [id="${id}"] textarea`).first();
    const { schema, widget } = field;
    if (schema.type === 'array' && schema.items.type === 'object') {
      const { fields } = schema.items;
      for (const [index, item] of (value as Json[]).entries()) {
        await this.pressOn(this.page.locator(`[id="${id}-add"] button`));
        for (const inner of fields) {
          const one = isObject(item) ? item[inner.field] : undefined;
          if (one !== undefined) await this.fill(inner, `${path}.${index}.${inner.field}`, one, label);
        }
      }
    } else if (schema.type === 'array') {
      for (const code of value as string[]) await this.mark(place, code);
    } else if (schema.type === 'boolean') {
      await this.pressOn(place.locator(this.keyboard ? 'input' : 'label').first());
    } else if (schema.type === 'string' && schema.vocab !== undefined && widget === 'radio') {
      await this.mark(place, value as string);
    } else if (schema.type === 'string' && schema.format === 'date') {
      const [year, month, day] = (value as string).split('-') as [string, string, string];
      for (const [i, part] of [day, month, year].entries()) await this.typeInto(place.locator('input').nth(i), part);
    } else if (schema.type === 'string' && schema.vocab !== undefined) {
      if ((await input.getAttribute('role').catch(() => null)) === 'combobox') return this.choose(input, label(schema.vocab, value as string));
      await this.pressOn(this.page.locator(`button[id="${id}"], [id="${id}"] button`).first());
      const option = this.page.getByRole('option', { name: label(schema.vocab, value as string) }).first();
      if (!this.keyboard) return option.click();
      for (let step = 0; step < 40 && !(await option.evaluate((one) => one === document.activeElement)); ++step) await this.page.keyboard.press('ArrowDown');
      await this.page.keyboard.press('Enter');
    } else {
      await this.typeInto(input, String(value));
    }
  }
}
