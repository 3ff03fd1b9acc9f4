// A condition of the rulebook as a sentence.

import type { Condition, Form, Json, RuleWords } from '@/forms';
import type { I18n } from '@/i18n/react';

export type ConditionWords = (condition: Condition) => string;

/** `form` gives the fields their names and their codes their words; null for the conditions of acts. */
export function conditionWords({ t, format }: Pick<I18n, 't' | 'format'>, words: RuleWords, form: Form | null, forms: readonly Form[]): ConditionWords {
  const fieldOf = (name: string) => {
    for (const one of form ? [form] : forms) {
      const field = one.sections.flatMap((section) => section.fields).find((candidate) => candidate.field === name);
      if (field) return { form: one.form, field };
    }
    return null;
  };
  /** Forms may ask a field of this name from different lists. */
  const vocabsOf = (name: string): string[] =>
    (form ? [form] : forms).flatMap((one) => one.sections.flatMap((section) => section.fields)).filter((field) => field.field === name).flatMap(({ schema }) => {
      const single = schema.type === 'array' ? schema.items : schema;
      return single.type === 'string' && single.vocab !== undefined ? [single.vocab] : [];
    });
  const operand = (text: string): string => {
    const dot = text.indexOf('.');
    const [of, name] = dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
    const known = of === 'field' || of === 'label' ? fieldOf(name) : null;
    if (known) return `“${words.field(known.form, name)}”`;
    if (of === 'thread') return words.kind(name);
    if (of === 'happened') return `“${words.act(name)}”`;
    if (of === 'clock') return `“${words.clock(name)}”`;
    if (of === 'profile') return t('book.of.profile', { field: words.field('country-profile', name) });
    if (text === 'basis' || text === 'now' || text === 'signers') return t(`book.of.${text}`);
    if (text === 'actor.kind' || text === 'actor.country' || text === 'receiver.kind' || text === 'receiver.country') return t(`book.of.${text}`);
    return text;
  };
  const literal = (of: string, value: Json): string => {
    if (typeof value === 'boolean') return t(value ? 'forms.yes' : 'forms.no');
    if (typeof value !== 'string') return String(value);
    const name = of.slice(of.indexOf('.') + 1);
    if (of.startsWith('field.') || of.startsWith('label.')) {
      const vocab = vocabsOf(name).find((one) => words.has(`vocab.${one}.${value}`));
      if (vocab !== undefined) return words.code(vocab, value);
    }
    if (of.startsWith('profile.') && words.has(`vocab.${name.replaceAll('_', '-')}.${value}`)) return words.code(name.replaceAll('_', '-'), value);
    if (of.startsWith('thread.')) return value === 'none' ? t('book.none') : words.state(name, value);
    if (of.endsWith('.kind')) return words.authorityKind(value);
    return value;
  };
  const or = (items: readonly string[]) => items.join(` ${t('book.or')} `);
  const say: ConditionWords = (one) => {
    if ('all' in one) return one.all.map(say).join(` ${t('book.and')} `);
    if ('any' in one) return `(${or(one.any.map(say))})`;
    if ('not' in one) return t('book.not', { what: say(one.not) });
    if ('equals' in one) return t('book.equals', { a: operand(one.equals[0]), b: literal(one.equals[0], one.equals[1]) });
    if ('in' in one) return t('book.equals', { a: operand(one.in[0]), b: or(one.in[1].map((value) => literal(one.in[0], value))) });
    if ('contains' in one) return t('book.contains', { a: operand(one.contains[0]), b: literal(one.contains[0], one.contains[1]) });
    if ('has_role' in one) return t('book.hasRole', { role: words.role(one.has_role) });
    if ('same_authority' in one) return t('book.sameAuthority');
    if ('sealed_to' in one) return t('book.sealedTo');
    if ('basis_is' in one) return t('book.basisIs', { list: or(one.basis_is.map((basis) => `${words.cite(basis).instrument} \u2066${words.cite(basis).article}\u2069`.trim())) });
    if ('within' in one) return t('book.within', { a: operand(one.within[0]), period: format.period(one.within[1]) });
    if ('before' in one) return t('book.before', { a: operand(one.before[0]), b: operand(one.before[1]) });
    if ('ground_in' in one) return t('book.groundIn', { list: typeof one.ground_in === 'string' ? one.ground_in : format.list(one.ground_in.map((code) => words.code('refusal-ground', code))) });
    const [what, least] = one.count_at_least;
    if (least === 1) return t('book.answered', { a: operand(what) });
    return t('book.atLeast', { a: operand(what), b: typeof least === 'number' ? String(least) : operand(least) });
  };
  return say;
}
