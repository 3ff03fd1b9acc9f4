import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { pagesOf, type Circumstances, type Form, type Page as FormPage, type Rulebook, type RuleWords } from '@/forms';
import { useT } from '@/i18n/react';
import { Remote, useRules, useWords } from '@/parts/desk';
import { referenceOf, SaveStateLine, useDraftStore, useOpenDraft, type DraftStore, type OpenDraft } from '@/parts/draft';
import { useRuleWords } from '@/parts/form';
import { Id, Link, Notice, nowByHub } from '@/ui';
import { FormChanged } from './form-changed';

/** What the pages of a draft share. */
export interface DraftFrame {
  id: string;
  store: DraftStore;
  open: OpenDraft;
  rules: Rulebook;
  words: RuleWords;
  form: Form;
  given: Circumstances;
  pages: FormPage[];
}

/** Loads the draft named in the address and the rulebook that it was begun under. */
export function WithDraft({ children }: { children: (frame: DraftFrame) => ReactNode }) {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const title = useT()('draft.title');
  const query = useDraftStore(id);
  return <Remote query={query} title={title}>{(store) => <WithRules key={id} id={id} store={store}>{children}</WithRules>}</Remote>;
}

function WithRules({ id, store, children }: { id: string; store: DraftStore; children: (frame: DraftFrame) => ReactNode }) {
  const title = useT()('draft.title');
  const open = useOpenDraft(store);
  const rules = useRules(open.draft.content.formDigest);
  return <Remote query={rules} title={title}>{(book) => <Framed id={id} store={store} open={open} rules={book}>{children}</Framed>}</Remote>;
}

const kNoForm: Form = { form: '', sections: [] };

function Framed({ id, store, open, rules, children }: { id: string; store: DraftStore; open: OpenDraft; rules: Rulebook; children: (frame: DraftFrame) => ReactNode }) {
  const t = useT();
  const words = useRuleWords(rules);
  const { content } = open.draft;
  const form = rules.formOf(content.intention.type) ?? kNoForm;
  const country = (content.intention.to[0] ?? '').split(':')[1] ?? '';
  const given: Circumstances = { basis: content.intention.basis, profile: rules.profile(country), now: nowByHub() };
  const seen = new Set(Object.entries(content.sections).filter(([, state]) => state === 'done').map(([section]) => section));
  const pages = pagesOf(rules, form, content.answers, given, seen);
  return (
    <>
      {open.team.state === 'conflict' && (
        <Notice tone="warn">
          <p>{t('draft.conflict.notice')}</p>
          <p><Link href={`/drafts/${id}/conflict`}>{t('draft.conflict.open')}</Link></p>
        </Notice>
      )}
      <FormChanged store={store} open={open} rules={rules} form={form} words={words} />
      {children({ id, store, open, rules, words, form, given, pages })}
      <SaveStateLine open={open} />
    </>
  );
}

/** Above the title: what this is, to whom, in which case. `plain`: the title says already what it is. */
export function DraftOver({ frame, plain = false }: { frame: DraftFrame; plain?: boolean }) {
  const t = useT();
  const { authority } = useWords();
  const { intention } = frame.open.draft.content;
  const reference = referenceOf(frame.open.draft);
  return (
    <span className="meta">
      {!plain && <span>{frame.words.act(intention.type)}</span>}
      <span>{t('draft.to', { who: intention.to.map((one) => authority(one)).join(', ') })}</span>
      {reference !== null && <Id>{reference}</Id>}
    </span>
  );
}
