import { isAnswered, isList, isObject, parseDateTime, type InnerField, type Json, type RuleWords, type Schema } from '@/forms';
import { useI18n } from '@/i18n/react';
import { useWords } from '@/parts/desk';
import { Id, UserText } from '@/ui';
import { Cite } from './cite';
import { languageName } from './standards';

/** One answer for reading: codes, dates and names in the reader's words, texts as they were written. */
export function Value({ schema, value, words, lang, label }: { schema: Schema; value: Json; words: RuleWords; lang?: string | undefined; label: (inner: InnerField) => string }) {
  if (schema.type === 'array') return <ListValue schema={schema} value={isList(value) ? value : []} words={words} lang={lang} label={label} />;
  if (schema.type === 'object') return isObject(value) ? <ObjectValue fields={schema.fields} value={value} words={words} lang={lang} label={label} /> : null;
  return <Single schema={schema} value={value} words={words} lang={lang} />;
}

function Single({ schema, value, words, lang }: { schema: Schema; value: Json; words: RuleWords; lang?: string | undefined }) {
  const { t, format, country } = useI18n();
  const { authority } = useWords();
  if (typeof value === 'boolean') return value ? t('forms.yes') : t('forms.no');
  if (typeof value === 'number') return <span className="num">{value}</span>;
  if (typeof value !== 'string') return null;
  if (schema.type !== 'string') return <UserText lang={lang}>{value}</UserText>;
  if (schema.vocab !== undefined) return words.code(schema.vocab, value);
  switch (schema.format) {
    case 'date': return /^\d{4}-\d\d-\d\d$/.test(value) ? format.day(value) : <UserText>{value}</UserText>;
    case 'date-time': return <Moment value={value} />;
    case 'country': return country(value);
    case 'authority': return authority(value);
    case 'language': return languageName(value, words.lang);
    case 'basis': return <Cite source={value} words={words} />;
    case 'email': case 'offset': case 'period': return <Id>{value}</Id>;
    case undefined: break;
  }
  if (looksLikeIdentifier(value)) return <Id long={value.length > 20}>{value}</Id>;
  return (schema.maxLength ?? 4000) > 300 ? <UserText block lang={lang}>{value}</UserText> : <UserText lang={lang}>{value}</UserText>;
}

/** An address, a number, a hash: no blank in it, and something that no word has. */
function looksLikeIdentifier(value: string): boolean {
  return /^[\x21-\x7e]{4,}$/.test(value) && /[0-9@/_]/.test(value);
}

/** In UTC, and as it was written where that was another offset. */
function Moment({ value }: { value: string }) {
  const { format } = useI18n();
  const at = parseDateTime(value);
  if (at === null) return <UserText>{value}</UserText>;
  const written = value.endsWith('Z') || value.endsWith('+00:00') ? null : value.replace('T', ' ');
  return (
    <span>
      {format.utc(new Date(at), true)}
      {written !== null && <> (<Id long>{written}</Id>)</>}
    </span>
  );
}

function ObjectValue({ fields, value, words, lang, label }: { fields: readonly InnerField[]; value: { readonly [name: string]: Json }; words: RuleWords; lang?: string | undefined; label: (inner: InnerField) => string }) {
  return (
    <dl className="facts">
      {fields.flatMap((inner) => {
        const one = value[inner.field];
        if (!isAnswered(one)) return [];
        return [<dt key={`${inner.field}-t`}>{label(inner)}</dt>, <dd key={inner.field}><Value schema={inner.schema} value={one} words={words} lang={lang} label={label} /></dd>];
      })}
    </dl>
  );
}

function ListValue({ schema, value, words, lang, label }: { schema: Extract<Schema, { type: 'array' }>; value: readonly Json[]; words: RuleWords; lang?: string | undefined; label: (inner: InnerField) => string }) {
  const { items } = schema;
  if (items.type === 'object') {
    const used = items.fields.filter((inner) => value.some((one) => isObject(one) && isAnswered(one[inner.field])));
    if (value.length > 1 && used.length <= 6 && value.every((one) => isShort(one))) {
      return (
        <div className="table-wrap">
          <table className="table">
            <thead>
              <tr>{used.map((inner) => <th key={inner.field} scope="col">{label(inner)}</th>)}</tr>
            </thead>
            <tbody>
              {value.map((one, index) => (
                <tr key={index}>
                  {used.map((inner) => {
                    const cell = isObject(one) ? one[inner.field] : undefined;
                    return <td key={inner.field} data-label={label(inner)}>{isAnswered(cell) && <Value schema={inner.schema} value={cell} words={words} lang={lang} label={label} />}</td>;
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    }
    return (
      <ol className="entries">
        {value.map((one, index) => <li key={index}>{isObject(one) && <ObjectValue fields={items.fields} value={one} words={words} lang={lang} label={label} />}</li>)}
      </ol>
    );
  }
  return <ul className="plain">{value.map((one, index) => <li key={index}><Single schema={items} value={one} words={words} lang={lang} /></li>)}</ul>;
}

function isShort(one: Json): boolean {
  return isObject(one) && Object.values(one).every((inner) => String(inner).length <= 60);
}
