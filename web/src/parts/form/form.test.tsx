import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import { isObject, RuleWords, setPath, validate, type Defect, type Form, type JsonObject } from '@/forms';
import { answersNamed, filesBelow, readJson, realRules } from '@/forms/rulebook_for_test';
import { loadLanguage } from '@/i18n/catalogue';
import type { Lang } from '@/i18n/locale';
import { I18nProvider } from '@/i18n/react';
import { renderAt } from '../../../tests/kit/render';
import { deskDouble } from '../../../tests/kit/desk_double';
import { exampleWorld } from '../../../tests/kit/rulebook_world';
import { FormField, FormProvider, FormView } from '.';
import { partsOf, timeText } from './date-time';
import { faultsOf } from './faults';
import { entryOf, placesOf } from './identifiers';

const rules = await realRules();
const packs = { en: await loadLanguage('en'), ar: await loadLanguage('ar') };
afterEach(cleanup);

/** Complete answers of every form that has an example. */
const complete = new Map(filesBelow('examples/answers').map((name) => [String(readJson(name)['form']), readJson(name)['values'] as JsonObject]));

function Filled({ form, only, lang, first, defects = [], seen }: { form: Form; only?: readonly string[]; lang: Lang; first: JsonObject; defects?: readonly Defect[]; seen?: (answers: JsonObject) => void }) {
  const [answers, setAnswers] = useState(first);
  const set = (path: string, value: Parameters<typeof setPath>[2]) => {
    const next = setPath(answers, path, value);
    if (isObject(next)) {
      setAnswers(next);
      seen?.(next);
    }
  };
  return (
    <FormProvider value={{ rules, words: new RuleWords(rules, lang), form: form.form, answers, set, defects, contentLang: 'fr', authorities: [], countries: [{ id: 'ke', label: 'Kenya' }], bases: [], attach: null }}>
      {form.sections.flatMap((section) => section.fields).filter((field) => only?.includes(field.field) ?? true).map((field) => <FormField key={field.field} field={field} required={field.required === true} />)}
    </FormProvider>
  );
}

const rawKey = /\b(field|hint|vocab|form|defect|rule|instrument)\.[a-z]/;

/** Fields that look alike are rendered once: a schema with its widget is all that a field is. */
const shapes = new Map(rules.forms.flatMap((form) => form.sections.flatMap((section) => section.fields.map((field) => [JSON.stringify([field.widget, field.schema]), { form, field }] as const))));

describe('every field of every form', () => {
  test('has its words in the reader’s language', () => {
    const words = new RuleWords(rules, 'ar');
    for (const form of rules.forms) for (const section of form.sections) for (const field of section.fields) expect(words.field(form.form, field.field)).not.toMatch(rawKey);
  });

  test.each([...shapes.values()].map(({ form, field }) => [`${form.form}: ${field.field}`, form, field] as const))('%s has labelled controls and shows no codes', (_, form, field) => {
    const { container } = render(<I18nProvider lang="ar" pack={packs.ar}><Filled form={form} only={[field.field]} lang="ar" first={complete.get(form.form) ?? {}} /></I18nProvider>);
    expect(container.textContent).not.toMatch(rawKey);
    expect(container.querySelector('input, textarea, button')).toBeTruthy();
    for (const control of container.querySelectorAll<HTMLInputElement>('input:not([type="hidden"]), textarea')) {
      if (control.closest('[aria-hidden], [data-react-aria-prevent-focus]')) continue;
      expect(control.labels?.length || control.getAttribute('aria-label') || control.getAttribute('aria-labelledby'), control.outerHTML.slice(0, 120)).toBeTruthy();
    }
  }, 30_000);
});

describe('a filled form', () => {
  const form = rules.form('assistance.request')!;
  test('reads as sections and answers; what was translated stands beside it, and codes once', async () => {
    const desk = deskDouble(await exampleWorld());
    const words = new RuleWords(rules, 'en');
    await renderAt('/', { '/': () => <FormView rules={rules} words={words} form={form} answers={answersNamed('assistance-full')} basis="uncc.44" lang="fr" translation={{ lang: 'en', answers: answersNamed('assistance-full-en') }} /> }, desk);
    const facts = (await screen.findByText('Summary of the facts')).closest('div');
    expect(facts?.className).toBe('two long');
    expect(facts?.querySelector('[lang="fr"]')).toBeTruthy();
    expect(facts?.querySelector('.translated [lang="en"]')).toBeTruthy();
    expect(screen.getByText('Urgency', { selector: 'dt' }).closest('div')?.className).toBe('');
    expect(screen.getByText('Language of this document').closest('div')?.className).toBe('');
    expect(document.body.textContent).not.toMatch(rawKey);
  }, 60_000);

  test('a fault stands at its field and in the summary with the same words', () => {
    const words = new RuleWords(rules, 'en');
    const given = { basis: 'uncc.44', profile: null, now: 0 };
    const answers = { ...answersNamed('assistance-full'), persons: [{ role: 'suspect' }] };
    const defects = validate(rules, form, answers, given);
    const faults = faultsOf(defects, form.form, words);
    expect(faults).toEqual([{ field: 'field-persons-0-name', message: 'Persons concerned 1, Name: This must be answered' }]);
    render(<I18nProvider lang="en" pack={packs.en}><Filled form={form} only={['persons']} lang="en" first={answers} defects={defects} /></I18nProvider>);
    const field = document.getElementById('field-persons-0-name');
    expect(field?.closest('.field')?.textContent).toContain('This must be answered');
    expect(within(document.body).getAllByText('This must be answered').length).toBe(1);
  });

  test('text is written with its own direction, and white space alone is kept until Continue', async () => {
    let last: JsonObject = {};
    render(<I18nProvider lang="en" pack={packs.en}><Filled form={rules.form('message.send')!} lang="en" first={{}} seen={(answers) => (last = answers)} /></I18nProvider>);
    const box = document.querySelector('textarea');
    expect(box?.dir).toBe('auto');
    await userEvent.type(box as HTMLTextAreaElement, 'Bonjour');
    expect(last['text']).toBe('Bonjour');
    await userEvent.clear(box as HTMLTextAreaElement);
    expect(last).not.toHaveProperty('text');
  });
});

describe('a moment', () => {
  test('comes apart and together again', () => {
    expect(partsOf('2026-03-02T09:14:05+01:00')).toEqual({ date: '2026-03-02', time: '09:14:05', offset: '+01:00' });
    expect(partsOf('2026-03-02T09:14:05Z').offset).toBe('+00:00');
    expect(['9:14', '09:14:05', '9h14', 'noon'].map(timeText)).toEqual(['09:14:00', '09:14:05', '09:14:00', 'noon']);
  });
});

describe('pasted identifiers', () => {
  const listOf = (form: string, name: string) => {
    const field = rules.form(form)?.sections.flatMap((section) => section.fields).find((one) => one.field === name);
    if (field?.schema.type !== 'array' || field.schema.items.type !== 'object') throw new Error(name);
    return placesOf(field.schema.items.fields, (vocab) => rules.vocab(vocab)?.codes.map((code) => code.code) ?? []);
  };
  test('find their places in any form: the kind, the value, the time', () => {
    expect(entryOf({ kind: 'email', value: 'a@b.example' }, listOf('assistance.request', 'accounts'))).toEqual({ kind: 'email', value: 'a@b.example' });
    expect(entryOf({ kind: 'ip', value: '192.0.2.1', port: 80, at: '2026-03-02T09:14:05Z' }, listOf('assistance.request', 'ip_addresses'))).toEqual({ address: '192.0.2.1', port: 80, at: '2026-03-02T09:14:05Z' });
  });
  test('a list of addresses takes addresses only; a kind that the list does not know is “other”', () => {
    expect(entryOf({ kind: 'email', value: 'a@b.example' }, listOf('assistance.request', 'ip_addresses'))).toBeNull();
    expect(entryOf({ kind: 'bank-account', value: 'FR76' }, listOf('preservation.request', 'identifiers'))).toMatchObject({ kind: 'other' });
  });
});
