import { useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useDesk } from '@/api/context';
import { setPath, tidyAnswers, validate, isObject, type Defect, type Json } from '@/forms';
import { useI18n, useT } from '@/i18n/react';
import { useGo } from '@/parts/case';
import { useDirectory, useWords } from '@/parts/desk';
import { filesOf } from '@/parts/draft';
import { faultsOf, FormField, FormProvider, type Choice } from '@/parts/form';
import { Button, ButtonLink, ErrorSummary, keyOf, Notice, Page, useCommand } from '@/ui';
import { DraftOver, WithDraft, type DraftFrame } from './frame';

/** One section of the form. Checked on Continue, not while typing. */
export function PartScreen() {
  const { section = '' } = useParams({ strict: false }) as { section?: string };
  return <WithDraft>{(frame) => <Part key={section} frame={frame} section={section} />}</WithDraft>;
}

/** Names that fields may choose from, in the reader's words. */
export function useChoices(): { authorities: Choice[]; countries: Choice[] } {
  const { country, format } = useI18n();
  const words = useWords();
  const directory = useDirectory().data;
  return useMemo(() => {
    const known = directory?.authorities.filter((one) => one.status === 'active') ?? [];
    const codes = [...new Set([...known.map((one) => one.country), ...kCountries])];
    return {
      authorities: known.map((one) => ({ id: one.authority, label: words.authority(one.authority), hint: words.authorityKind(one.kind) })),
      countries: codes.map((id) => ({ id, label: country(id) })).filter((one) => one.label !== one.id.toUpperCase()).sort((a, b) => format.compare(a.label, b.label)),
    };
  }, [country, format, words, directory]);
}

/** All pairs of letters that may name a member; those that the member list does not know are left out above. */
const kCountries = Array.from({ length: 26 * 26 }, (_, index) => String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26)));

function Part({ frame, section }: { frame: DraftFrame; section: string }) {
  const t = useT();
  const go = useGo();
  const desk = useDesk();
  const choices = useChoices();
  const [defects, setDefects] = useState<readonly Defect[]>([]);
  const { id, store, open, rules, words, form, given, pages } = frame;
  const { content } = open.draft;
  const at = pages.findIndex((one) => one.section === section);
  const page = pages[at];
  const set = (path: string, value: Json | undefined) => {
    const [field = ''] = path.split('.');
    store.answer(form, field, (answers) => {
      const next = setPath(answers, path, value);
      return isObject(next) ? next : answers;
    });
  };
  const attach = async (file: File) => {
    const attached = await desk.attach(file, '');
    store.change('#files', (before) => ({ ...before, intention: { ...before.intention, files: [...before.intention.files, attached.fid] }, notes: { ...before.notes, files: [...filesOf(store.current().draft), attached] as unknown as Json } }));
    return attached;
  };
  const keepOn = () => {
    const tidy = tidyAnswers(form, content.answers);
    const names = new Set(page?.fields.map(({ field }) => field.field));
    const found = validate(rules, form, tidy, given).filter((one) => names.has(one.path.split('.')[0] ?? ''));
    store.note((before) => ({ ...before, answers: tidy, sections: { ...before.sections, [section]: found.length === 0 ? 'done' : 'doing' } }));
    setDefects(found);
    if (found.length > 0) return;
    const next = pages.slice(at + 1).find((one) => one.state !== 'done');
    go(next && pages.length > 1 ? `/drafts/${id}/part/${next.section}` : `/drafts/${id}`);
  };
  useCommand('form.continue', page ? keepOn : null);
  if (!page) return <Page title={t('state.notFound.title')}><Notice>{t('draft.part.notAsked')}</Notice><ButtonLink href={`/drafts/${id}`}>{t('draft.backToTasks')}</ButtonLink></Page>;
  return (
    <FormProvider
      value={{
        rules, words, form: form.form, answers: content.answers, set, defects, contentLang: content.intention.language, ...choices,
        bases: (rules.kindOf(content.intention.type)?.basis ?? []).map((basis) => ({ id: basis, label: `${words.cite(basis).instrument} \u2066${words.cite(basis).article}\u2069` })),
        attach: objectsAllow(frame) ? attach : null,
      }}
    >
      <Page
        title={words.section(form.form, section)} over={<DraftOver frame={frame} />} back={{ href: `/drafts/${id}`, label: t('draft.backToTasks') }} hasError={defects.length > 0} reading
        lead={pages.length > 1 ? t('draft.part.of', { n: at + 1, all: pages.length }) : undefined}
      >
        <ErrorSummary faults={faultsOf(defects, form.form, words)} />
        <div className="stack">
          {page.fields.map((one) => <FormField key={one.field.field} {...one} />)}
        </div>
        <div className="actions">
          <Button kind="primary" onPress={keepOn} keys={keyOf('form.continue')}>{t('draft.part.continue')}</Button>
          <ButtonLink href={`/drafts/${id}`}>{t('draft.part.leave')}</ButtonLink>
        </div>
      </Page>
    </FormProvider>
  );
}

function objectsAllow(frame: DraftFrame): boolean {
  return frame.rules.transition(frame.open.draft.content.intention.type)?.objects?.doc !== 'forbidden';
}
