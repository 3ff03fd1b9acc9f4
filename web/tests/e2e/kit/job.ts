// What the two officers of the main job write, and how a form is gone through from its first part to its last.

import type { Page } from 'playwright-core';

import { pagesOf, type Json, type JsonObject, type Rulebook } from '@/forms';
import { realRules } from '@/forms/rulebook_for_test';
import { answersOf } from './answers';
import type { Hands } from './hands';

export type Words = { readonly [key: string]: string };

const pick = (from: JsonObject, names: readonly string[]): JsonObject => Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name] as Json]])));

/** A request with all that the convention asks for and little more: what one writes at three in the morning. */
export function requestAnswers(): JsonObject {
  const full = answersOf('assistance-full') as JsonObject;
  const [offence] = full['offences'] as JsonObject[];
  const [account] = full['accounts'] as JsonObject[];
  const facts = String(full['facts']).split('\n')[0] ?? '';
  return {
    ...pick(full, ['reference', 'conducting_authority', 'conducting_functions', 'subject', 'nature', 'purpose_text', 'offence_classes', 'max_penalty_years', 'dual_criminality', 'description', 'nexus',
      'data_wanted', 'data_relation', 'urgency_reasons', 'use_undertaking', 'signatory_function']),
    urgency: 'emergency', emergency_facts: 'Une victime est retenue ; le compte sert à exiger une rançon avant ce soir.',
    request_status: 'new', assistance_kinds: ['stored-data'], data_categories: ['subscriber'], offences: [pick(offence ?? {}, ['title', 'provision', 'penalty'])], accounts: [pick(account ?? {}, ['kind', 'value', 'provider'])], facts,
  };
}
export const askAnswers = (): JsonObject => answersOf('assistance-ask-supplement') as JsonObject;
export const supplyAnswers = (): JsonObject => pick(answersOf('assistance-supply') as JsonObject, ['supplied', 'supplied_text']);
export function answerAnswers(file: string): JsonObject {
  return { ...pick(answersOf('assistance-answer') as JsonObject, ['outcome', 'result_text', 'signatory_function']), evidence: [{ title: 'Subscriber record of the mailbox', file }] };
}

/** From the task list through every part that the form asks for, until the task list says that all are completed. */
export async function goThrough(hands: Hands, form: string, answers: JsonObject, language: 'en' | 'fr', words: Words, given: { basis: string; country: string; known?: JsonObject }): Promise<void> {
  const { page } = hands;
  const rules = await realRules();
  const asked = rules.form(form);
  if (asked === null) throw new Error(`no form ${form}`);
  const label = (vocab: string, code: string): string => rules.word(language, `vocab.${vocab}.${code}`) ?? code;
  const around = { basis: given.basis, profile: rules.profile(given.country), now: Date.now() };
  let filled: JsonObject = { ...given.known };
  await hands.press(words['draft.continue'] ?? '', 'link');
  const parts = pagesOf(rules, asked, { ...filled, ...answers }, around, new Set());
  for (const part of parts) {
    await page.waitForURL(new RegExp(`/part/${part.section}$`));
    for (const { field } of part.fields) {
      const value = answers[field.field];
      if (value === undefined) continue;
      await hands.fill(field, field.field, value, label);
      filled = { ...filled, [field.field]: value };
    }
    await hands.press(new RegExp(`^${words['draft.part.continue'] ?? ''}`));
    await page.waitForFunction((section) => !location.pathname.endsWith(`/part/${section}`), part.section, { timeout: 10_000 }).catch(async () => {
      throw new Error(`part ${part.section} does not go on: ${(await page.locator('.fault, [role=alert]').allInnerTexts()).join(' | ')}`);
    });
  }
}
export type { Rulebook };

/** Waits until the page's address tells which act was sent. */
export async function receiptOf(page: Page): Promise<string> {
  await page.waitForURL(/\/receipt\//, { timeout: 60_000 }).catch(async () => {
    throw new Error(`no receipt: ${(await page.locator('main').innerText()).slice(-1500)}`);
  });
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}
