import { atPath, isAnswered, isList, isObject, setPath, type Field, type Form, type Json, type JsonObject, type RuleWords } from '@/forms';
import type { Translation } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { translatable } from '@/parts/draft';
import { languages } from '@/parts/form';
import { Button, ButtonLink, Checkbox, Combobox, Page, TextField, UserText } from '@/ui';
import { DraftOver, WithDraft, type DraftFrame } from './frame';

/** A translation that goes with the request: text by text beside the original, with who made it and whether somebody checked. */
export function TranslationScreen() {
  return <WithDraft>{(frame) => <Translating frame={frame} />}</WithDraft>;
}

/** Every answered free text of the form, also inside lists, by its path. */
export function textsOf(form: Form, answers: JsonObject, words: RuleWords): { path: string; label: string; text: string }[] {
  const whole = new Set(translatable(form));
  return form.sections.flatMap((section) => section.fields).flatMap((field) => {
    const value = atPath(answers, field.field);
    const label = words.field(form.form, field.field);
    if (whole.has(field.field)) return typeof value === 'string' && isAnswered(value) ? [{ path: field.field, label, text: value }] : [];
    return inner(field, value).map((one) => ({ ...one, label: `${label} ${one.number}, ${words.field(form.form, one.path)}` }));
  });
}

function inner(field: Field, value: Json | undefined): { path: string; text: string; number: number }[] {
  const { schema } = field;
  if (schema.type !== 'array' || schema.items.type !== 'object' || !isList(value)) return [];
  const long = schema.items.fields.filter((one) => one.schema.type === 'string' && one.schema.vocab === undefined && one.schema.format === undefined && (one.schema.maxLength ?? 4000) >= 500);
  return value.flatMap((item, index) => long.flatMap((one) => {
    const text = isObject(item) ? item[one.field] : undefined;
    return typeof text === 'string' && isAnswered(text) ? [{ path: `${field.field}.${index}.${one.field}`, text, number: index + 1 }] : [];
  }));
}

function Translating({ frame }: { frame: DraftFrame }) {
  const { t, lang } = useI18n();
  const { id, store, open, form, words } = frame;
  const { content } = open.draft;
  const translation: Translation = content.translations[0] ?? { language: '', maker: '', checkedBy: '', answers: {} };
  const put = (next: Translation | null) => store.change('#translations', (before) => ({ ...before, translations: next === null ? [] : [next] }));
  const change = (part: Partial<Translation>) => put({ ...translation, ...part });
  const texts = textsOf(form, content.answers, words);
  return (
    <Page title={t('draft.task.translation')} over={<DraftOver frame={frame} />} lead={t('draft.translation.lead')} back={{ href: `/drafts/${id}`, label: t('draft.backToTasks') }}>
      <div className="stack reading">
        <Combobox label={t('draft.translation.language')} options={languages(lang).filter((one) => one.id !== content.intention.language)} value={translation.language === '' ? null : translation.language} onChange={(language) => change({ language })} />
        <TextField label={t('draft.translation.maker')} hint={t('draft.translation.maker.hint')} value={translation.maker} onChange={(maker) => change({ maker })} />
        <Checkbox value={translation.checkedBy !== ''} onChange={(on) => change({ checkedBy: on ? translation.maker || ' ' : '' })}>{t('draft.translation.checked')}</Checkbox>
        {translation.checkedBy !== '' && <TextField label={t('draft.translation.checkedBy')} value={translation.checkedBy.trim()} onChange={(checkedBy) => change({ checkedBy: checkedBy === '' ? ' ' : checkedBy })} />}
      </div>
      {translation.language !== '' && texts.map(({ path, label, text }) => (
        <div className="pair" key={path}>
          <article>
            <h3>{label}</h3>
            <UserText block lang={content.intention.language}>{text}</UserText>
          </article>
          <article>
            <TextField
              long wide label={t('draft.translation.of', { what: label })} lang={translation.language} value={String(atPath(translation.answers, path) ?? '')}
              onChange={(typed) => {
                const answers = setPath(translation.answers, path, typed === '' ? undefined : typed);
                if (isObject(answers)) change({ answers });
              }}
            />
          </article>
        </div>
      ))}
      <div className="actions">
        <ButtonLink kind="primary" href={`/drafts/${id}`}>{t('draft.part.continue')}</ButtonLink>
        {content.translations.length > 0 && <Button onPress={() => put(null)}>{t('draft.translation.remove')}</Button>}
      </div>
    </Page>
  );
}
