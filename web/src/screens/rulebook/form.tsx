import { useParams } from '@tanstack/react-router';
import { conditionWords } from './condition';
import type { Field, Form, Rulebook } from '@/forms';
import { useI18n } from '@/i18n/react';
import { Remote, useRules } from '@/parts/desk';
import { Cite, useRuleWords } from '@/parts/form';
import { Notice, Page, Table } from '@/ui';

/** A form as a list of its questions: what is mandatory on which ground, where it stands in the law, and who may see it. */
export function FormScreen() {
  const { form = '' } = useParams({ strict: false }) as { form?: string };
  const { t } = useI18n();
  const rules = useRules();
  return <Remote query={rules} title={t('book.title')}>{(book) => {
    const found = book.form(form);
    return found ? <FormPage rules={book} form={found} /> : <Page title={t('book.title')}><Notice>{t('state.notFound.text')}</Notice></Page>;
  }}</Remote>;
}

function FormPage({ rules, form }: { rules: Rulebook; form: Form }) {
  const i18n = useI18n();
  const { t } = i18n;
  const words = useRuleWords(rules);
  const say = conditionWords(i18n, words, form, rules.forms);
  const need = (field: Field) => (field.required === true ? t('book.mandatory') : field.required === undefined || field.required === false ? t('book.optional') : t('book.mandatoryIf', { condition: say(field.required) }));
  return (
    <Page title={words.form(form.form)} back={{ href: '/rulebook', label: t('book.title') }}>
      <p><Cite source={form.source} words={words} /></p>
      {form.sections.map((section) => (
        <section key={section.section}>
          <h2>{words.section(form.form, section.section)}</h2>
          <Table<Field>
            label={words.section(form.form, section.section)} rows={section.fields} rowKey={(field) => field.field}
            columns={[
              { id: 'field', header: t('book.question'), cell: (field) => <>{words.field(form.form, field.field)}{words.hint(form.form, field.field) !== undefined && <div className="hint">{words.hint(form.form, field.field)}</div>}</> },
              { id: 'need', header: t('book.need'), cell: (field) => <>{need(field)}{field.show_if && <div className="small mute">{t('book.shownIf', { condition: say(field.show_if) })}</div>}</> },
              { id: 'who', header: t('book.whoSees'), cell: (field) => t(field.in === 'routing' ? 'book.routing' : 'book.sealed') },
              { id: 'source', header: t('book.source'), cell: (field) => <><Cite source={field.source ?? form.source} words={words} />{(field.confidence ?? form.confidence) === 'memory' && <div className="small mute">{t('book.fromMemory')}</div>}</> },
            ]}
          />
        </section>
      ))}
      {(form.checks ?? []).length > 0 && (
        <>
          <h2>{t('book.checks')}</h2>
          <ul className="plain">{(form.checks ?? []).map((check) => <li key={check.rule}>{words.rule(check.rule)} <span className="mute">{say(check.that)}</span> <Cite source={check.source} words={words} /></li>)}</ul>
        </>
      )}
    </Page>
  );
}
