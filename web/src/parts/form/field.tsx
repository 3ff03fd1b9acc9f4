import { Fragment } from 'react';
import { isAnswered, isObject, type Field, type InnerField, type PageField, type Schema } from '@/forms';
import { useT } from '@/i18n/react';
import { Checkbox, CheckboxGroup, Combobox, DateField, RadioGroup, Select, TextField, type Option } from '@/ui';
import { Cite } from './cite';
import { useAnswer, useForm } from './context';
import { DateTimeField } from './date-time';
import { FileField } from './file';
import { IdentifierList } from './identifiers';
import { GroupFields, RepeatedGroup, TextList } from './lists';
import { currencies, languages, offsets } from './standards';

/** A field of a page, as the rulebook describes it. */
export function FormField({ field, required }: PageField) {
  return <AnyField field={field} path={field.field} required={required} />;
}

export type AnyFieldProps = { field: Field | InnerField; path: string; required: boolean };

/** Any field, also inside a group: its schema and its widget say what it looks like. */
export function AnyField({ field, path, required }: AnyFieldProps) {
  const { schema } = field;
  if (schema.type === 'object') return <GroupFields field={field} fields={schema.fields} path={path} required={required} />;
  if (schema.type === 'array' && schema.items.type === 'object') {
    const Widget = field.widget === 'identifiers' ? IdentifierList : RepeatedGroup;
    return <Widget field={field} item={schema.items} path={path} required={required} />;
  }
  if (schema.type === 'array' && !hasVocab(schema.items)) return <TextList field={field} path={path} required={required} />;
  return <SingleField field={field} path={path} required={required} />;
}

function hasVocab(schema: Schema): boolean {
  return schema.type === 'string' && schema.vocab !== undefined;
}

/** Label, hint with its article, and error, in the form that the components of the desk take. */
export function useHead(field: Field | InnerField, path: string, required: boolean) {
  const { form, words } = useForm();
  const { error, id } = useAnswer(path);
  const hint = words.hint(form, path);
  const cited = 'source' in field && field.source !== undefined && !path.includes('.');
  return {
    id, label: words.field(form, path), optional: !required, error,
    hint: hint !== undefined || cited ? <>{hint}{hint !== undefined && cited && ' '}{cited && <Cite source={field.source} words={words} />}</> : undefined,
  };
}

function SingleField({ field, path, required }: AnyFieldProps) {
  const t = useT();
  const { rules, words, countries, authorities, bases, contentLang } = useForm();
  const { value, set } = useAnswer(path);
  const head = useHead(field, path, required);
  const { schema, widget } = field;
  const text = typeof value === 'string' ? value : '';
  const put = (next: string) => set(next === '' ? undefined : next);
  const choose = (options: readonly Option[]) => <Combobox {...head} options={options} value={text === '' ? null : text} onChange={put} />;

  if (schema.type === 'array') {
    const vocab = schema.items.type === 'string' ? schema.items.vocab : undefined;
    const chosen = Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
    const options = codesOf(rules.vocab(vocab ?? '')?.codes ?? [], (code) => words.code(vocab ?? '', code));
    return <CheckboxGroup {...head} options={options} value={chosen} onChange={(ids) => set(ids.length === 0 ? undefined : options.filter((one) => ids.includes(one.id)).map((one) => one.id))} />;
  }
  if (schema.type === 'boolean') {
    if (widget === 'radio') {
      const options = [{ id: 'yes', label: t('forms.yes') }, { id: 'no', label: t('forms.no') }];
      return <RadioGroup {...head} options={options} value={value === true ? 'yes' : value === false ? 'no' : null} onChange={(id) => set(id === 'yes')} />;
    }
    const { label, hint, ...rest } = head;
    return (
      <div className="field">
        <Checkbox id={rest.id} error={rest.error} value={value === true} onChange={(on) => set(on ? true : undefined)}>{label}</Checkbox>
        {hint && <span className="hint">{hint}</span>}
      </div>
    );
  }
  if (schema.type === 'integer') {
    const shown = typeof value === 'number' ? String(value) : text;
    return <TextField {...head} identifier value={shown} onChange={(typed) => set(readInteger(typed))} />;
  }
  if (schema.type !== 'string') return null;
  if (schema.vocab !== undefined) {
    const vocab = schema.vocab;
    const options = codesOf(rules.vocab(vocab)?.codes ?? [], (code) => words.code(vocab, code));
    if (widget === 'radio') return <RadioGroup {...head} options={options} value={text === '' ? null : text} onChange={put} />;
    if (options.length > 8) return choose(options);
    return <Select {...head} options={options} value={text === '' ? null : text} onChange={put} />;
  }
  switch (schema.format) {
    case 'date': return <DateField {...head} value={text === '' ? null : text} onChange={(date) => set(date ?? undefined)} />;
    case 'date-time': return <DateTimeField {...head} value={text} onChange={put} />;
    case 'country': return choose(countries);
    case 'authority': return choose(authorities);
    case 'basis': return choose(bases);
    case 'language': return choose(languages(words.lang));
    case 'offset': return choose(offsets());
    case 'email': return <TextField {...head} type="email" identifier autoComplete="off" value={text} onChange={put} />;
    case 'period': return <TextField {...head} identifier value={text} onChange={put} />;
    case undefined: break;
  }
  if (widget === 'currency') return choose(currencies(words.lang));
  if (widget === 'file') return <FileField head={head} path={path} />;
  if (widget === 'approximate-date' && (text === '' || /^\d{4}(-\d\d){0,2}$/.test(text))) return <DateField {...head} approximate value={text === '' ? null : text} onChange={(date) => set(date ?? undefined)} />;
  return (
    <TextField
      {...head} value={text} onChange={put} long={widget === 'long'} rows={(schema.maxLength ?? 4000) >= 4000 ? 8 : 4} lang={contentLang}
      maxLength={schema.maxLength ?? 4000} wide={widget === 'long'}
    />
  );
}

function codesOf(codes: readonly { code: string }[], label: (code: string) => string): Option[] {
  return codes.map(({ code }) => ({ id: code, label: label(code) }));
}

/** What is no whole number stays as it was typed, for the check to name it. */
function readInteger(typed: string): number | string | undefined {
  const text = typed.trim().replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf)).replace(/(?<=\d)[\s\u00a0\u202f](?=\d{3})/g, '');
  if (text === '') return undefined;
  return /^-?\d{1,15}$/.test(text) ? Number(text) : typed;
}

/** The fields of one object, each with its own head. */
export function InnerFields({ fields, path }: { fields: readonly InnerField[]; path: string }) {
  return fields.map((inner) => (
    <Fragment key={inner.field}>
      <AnyField field={inner} path={`${path}.${inner.field}`} required={inner.required === true} />
    </Fragment>
  ));
}

/** A line that tells entries of a list apart: the first answers in it, codes in the reader's words. */
export function useItemSummary(fields: readonly InnerField[]): (item: unknown) => string {
  const { words } = useForm();
  return (item) => {
    if (!isObject(item)) return '';
    const texts = fields.flatMap((inner) => {
      const value = item[inner.field];
      if (!isAnswered(value) || (typeof value !== 'string' && typeof value !== 'number')) return [];
      return [inner.schema.type === 'string' && inner.schema.vocab !== undefined ? words.code(inner.schema.vocab, String(value)) : String(value)];
    });
    return texts.slice(0, 3).join(' · ').slice(0, 140);
  };
}
