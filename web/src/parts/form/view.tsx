import type { ReactNode } from 'react';
import { atPath, hideAnswers, isAnswered, isVisible, type Field, type Form, type InnerField, type Json, type JsonObject, type Rulebook, type RuleWords } from '@/forms';
import { useT } from '@/i18n/react';
import { Link } from '@/ui';
import { Value } from './value';
import './form.css';

export interface ViewTranslation {
  lang: string;
  answers: JsonObject;
}

export interface FormViewProps {
  rules: Rulebook;
  words: RuleWords;
  form: Form;
  answers: JsonObject;
  basis: string;
  profile?: JsonObject | null;
  /** The language of what was written; codes and labels are always in the reader's. */
  lang?: string | undefined;
  /** Stands beside the original, answer by answer; what has no translation stands once. */
  translation?: ViewTranslation | undefined;
  /** Where a section is changed, while it is a draft. */
  changeHref?: ((section: string) => string) | undefined;
  /** Questions without an answer are shown too, while it is a draft. */
  unanswered?: boolean;
  level?: 2 | 3;
  /** Each section bears the id `${anchor}-${section}`, for a table of contents to lead to. */
  anchor?: string | undefined;
}

/** The sections that have something to show, each with its fields. */
export function shownSections({ rules, form, answers, basis, profile = null, unanswered = false }: Pick<FormViewProps, 'rules' | 'form' | 'answers' | 'basis' | 'profile' | 'unanswered'>) {
  const { scope } = hideAnswers(rules, form, answers, { basis, profile, now: Date.now() });
  const sections = form.sections.map((section) => ({ section: section.section, fields: section.fields.filter((field) => (unanswered ? isVisible(field, scope) : isAnswered(scope.answers[field.field]))) }));
  return { scope, sections: sections.filter(({ fields }) => fields.length > 0) };
}

/** Answers as a document: by sections, in the order of the form. */
export function FormView(props: FormViewProps) {
  const { words, form, changeHref, level = 2, anchor } = props;
  const t = useT();
  const { scope, sections } = shownSections(props);
  const Heading = level === 2 ? 'h2' : 'h3';
  return sections.map(({ section, fields }) => {
    const title = words.section(form.form, section);
    return (
      <section key={section} className="formview" id={anchor === undefined ? undefined : `${anchor}-${section}`}>
        <div className="section-head">
          <Heading>{title}</Heading>
          {changeHref && <Link href={changeHref(section)} label={t('ui.change.what', { what: title })}>{t('ui.change')}</Link>}
        </div>
        <dl className="sum answers">
          {fields.map((field) => <Row key={field.field} {...props} field={field} value={scope.answers[field.field]} />)}
        </dl>
      </section>
    );
  });
}

function Row({ field, value, words, form, lang, translation }: FormViewProps & { field: Field; value: Json | undefined }) {
  const t = useT();
  const label = (inner: InnerField) => words.field(form.form, `${field.field}.${inner.field}`);
  const translated = translation && isAnswered(value) ? textsIn(field, value, translation.answers) : null;
  const shape = [translated !== null && 'two', lengthOf(value) > LONG && 'long'].filter(Boolean).join(' ');
  return (
    <div className={shape || undefined}>
      <dt>{words.field(form.form, field.field)}</dt>
      <dd>{isAnswered(value) ? <Value schema={field.schema} value={value} words={words} lang={lang} label={label} /> : <span className="mute">{t('ui.notProvided')}</span>}</dd>
      {translated !== null && translation && (
        <dd className="translated">
          <Value schema={field.schema} value={translated} words={words} lang={translation.lang} label={label} />
        </dd>
      )}
    </div>
  );
}

/** In characters: so much text may go on over the page on paper; less is kept together. */
const LONG = 400;
const lengthOf = (value: Json | undefined): number => (typeof value === 'string' ? value.length : 0);

/** What the translation says here, where it says something of its own. */
function textsIn(field: Field, value: Json, translation: JsonObject): Json | null {
  const other = atPath(translation, field.field);
  if (!isAnswered(other) || JSON.stringify(other) === JSON.stringify(value)) return null;
  const { schema } = field;
  if (schema.type === 'array' || schema.type === 'object') return other;
  return schema.type === 'string' && schema.vocab === undefined && schema.format === undefined ? other : null;
}

/** Pairs of a heading and what stands under it, for what is beside the form: summary, files, receivers. */
export function ViewPart({ title, children, changeHref }: { title: string; children: ReactNode; changeHref?: string }) {
  const t = useT();
  return (
    <section className="formview">
      <div className="section-head">
        <h2>{title}</h2>
        {changeHref && <Link href={changeHref} label={t('ui.change.what', { what: title })}>{t('ui.change')}</Link>}
      </div>
      {children}
    </section>
  );
}
