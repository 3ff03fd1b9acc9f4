import { describe, expect, test } from 'vitest';
import type { DraftContent } from '@/api/desk';
import type { Field, Form, Json } from '@/forms';
import { dropLeftover, formChange, leftoversOf, moveAnswers } from './form-change';

const field = (name: string, maxLength = 100): Field => ({ field: name, in: 'sealed', schema: { type: 'string', maxLength } });
const before: Form = { form: 'ask.1', sections: [{ section: 'what', fields: [field('subject'), field('facts'), field('fax')] }, { section: 'who', fields: [field('name')] }] };
const now: Form = { form: 'ask.2', sections: [{ section: 'what', fields: [field('subject', 50), field('urgency')] }, { section: 'who', fields: [field('name'), field('facts')] }] };
const content = (answers: { [name: string]: Json }, notes: { [name: string]: Json } = {}): DraftContent => ({
  intention: { type: 'ask', authority: 'au:fr:x', to: [], case: null, basis: '', answers: {}, language: 'fr', summary: '', translations: [], files: [], rulebook: 'old' },
  form: 'ask.1', formDigest: 'old', answers, translations: [], versions: { what: { d: 3 } }, sections: { what: 'done', who: 'done' }, notes,
});
const all = { subject: 's', facts: 'f', fax: '+33', name: 'n' };
const move = (from: DraftContent, to = now, of = before) => moveAnswers(from, of, to, 'new', (name) => `label of ${name}`);

describe('a form that changed', () => {
  test('says which answers it asks no longer, elsewhere or otherwise, and what is new', () => {
    expect(formChange(before, now, all)).toEqual({ gone: ['fax'], moved: [{ field: 'facts', from: 'what', to: 'who' }], otherwise: ['subject'], added: ['urgency'] });
  });
  test('says nothing of what was not answered, but what is new', () => {
    expect(formChange(before, now, { fax: '' })).toEqual({ gone: [], moved: [], otherwise: [], added: ['urgency'] });
    expect(formChange(before, before, all)).toEqual({ gone: [], moved: [], otherwise: [], added: [] });
  });
});

describe('the answers of a draft', () => {
  test('go along, and none of them is lost', () => {
    const moved = move(content(all));
    expect(moved.answers).toEqual({ subject: 's', facts: 'f', name: 'n' });
    expect(leftoversOf(moved)).toEqual([{ field: 'fax', label: 'label of fax', value: '+33' }]);
    expect(moved.formDigest).toBe('new');
    expect(moved.form).toBe('ask.2');
    expect(moved.intention.rulebook).toBe('new');
    expect(moved.versions).toEqual({ what: { d: 3 } });
  });
  test('are to be looked at again in the parts that changed', () => {
    expect(move(content(all)).sections).toEqual({ what: 'doing', who: 'doing' });
    expect(move(content({ name: 'n' }), { ...before, form: 'ask.3' }).sections).toEqual({ what: 'done', who: 'done' });
  });
  test('come back when a later form asks for them again', () => {
    const back = moveAnswers(move(content(all)), now, before, 'old', (name) => name);
    expect(back.answers).toEqual(all);
    expect(leftoversOf(back)).toEqual([]);
  });
  test('keep what was left over before, until a person drops it', () => {
    const twice = move(content(all, { leftovers: [{ field: 'telex', label: 'Telex', value: ['1', '2'] }] }));
    expect(leftoversOf(twice).map((one) => one.field)).toEqual(['telex', 'fax']);
    expect(leftoversOf(dropLeftover(twice, 'telex')).map((one) => one.field)).toEqual(['fax']);
  });
  test('are not confused by notes of another make', () => expect(leftoversOf(content({}, { leftovers: [1, { field: 'x' }] }))).toEqual([]));
});
