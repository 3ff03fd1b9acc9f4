import { useState } from 'react';
import { objectsOf } from '@/forms';
import { useT } from '@/i18n/react';
import { useGo } from '@/parts/case';
import { useConnection, useProblemText } from '@/parts/desk';
import { filesOf, referenceOf, useForgetDraft } from '@/parts/draft';
import { Button, ButtonLink, Dialog, Notice, Page, TaskList, type Task } from '@/ui';
import { DraftOver, WithDraft, type DraftFrame } from './frame';

/** The home of a draft: its parts in any order, and last the check. Nothing leaves before it is signed. */
export function TaskListScreen() {
  return <WithDraft>{(frame) => <Tasks frame={frame} />}</WithDraft>;
}

/** What is to be done beside the sections of the form, as the act allows it. */
export function tasksOf(frame: DraftFrame, t: ReturnType<typeof useT>): Task[] {
  const { id, rules, words, form, pages, open } = frame;
  const { content } = open.draft;
  const objects = objectsOf(rules, content.intention.type);
  const tasks: Task[] = pages.map((page) => ({ id: page.section, label: words.section(form.form, page.section), state: page.state, href: `/drafts/${id}/part/${page.section}` }));
  if (objects.sum !== 'forbidden')
    tasks.push({ id: 'summary', label: t('draft.task.summary'), hint: objects.sum === 'required' ? t('draft.task.summary.hint') : t('draft.task.optional'), state: content.intention.summary === '' ? 'todo' : 'done', href: `/drafts/${id}/summary` });
  if (objects.doc !== 'forbidden')
    tasks.push({ id: 'files', label: t('draft.task.files'), hint: t('draft.task.optional'), state: filesOf(open.draft).length > 0 ? 'done' : 'todo', href: `/drafts/${id}/files` });
  if (objects.tr !== 'forbidden' && objects.doc !== 'forbidden')
    tasks.push({ id: 'translation', label: t('draft.task.translation'), hint: t('draft.task.optional'), state: content.translations.length > 0 ? 'done' : 'todo', href: `/drafts/${id}/translation` });
  const ready = pages.every((page) => page.state === 'done') && (objects.sum !== 'required' || content.intention.summary !== '');
  tasks.push({ id: 'check', label: t('draft.task.check'), state: ready ? 'todo' : 'cannot', ...(ready ? { href: `/drafts/${id}/check` } : { hint: t('draft.task.check.hint') }) });
  return tasks;
}

function Tasks({ frame }: { frame: DraftFrame }) {
  const t = useT();
  const go = useGo();
  const forget = useForgetDraft();
  const problem = useProblemText();
  const { online } = useConnection();
  const [asking, setAsking] = useState(false);
  const [said, setSaid] = useState<{ text: string; bad: boolean } | null>(null);
  const { id, words, open, store, form, pages } = frame;
  const { type } = open.draft.content.intention;
  const reference = referenceOf(open.draft);
  const done = pages.filter((page) => page.state === 'done').length;
  const next = pages.find((page) => page.state !== 'done');
  const share = async () => {
    try {
      await store.share(form);
      if (store.current().team.state === 'conflict') go(`/drafts/${id}/conflict`);
      else setSaid({ text: t('draft.team.done'), bad: false });
    } catch (error) {
      setSaid({ text: problem(error).text, bad: true });
    }
  };
  const remove = async () => {
    await forget(id);
    go(reference === null ? '/drafts' : `/requests/${reference}`, 'replace');
  };
  return (
    <Page
      title={words.act(type)} over={<DraftOver frame={frame} plain />} lead={t('draft.progress', { done, all: pages.length })} reading
      back={reference === null ? { href: '/drafts', label: t('draft.list.title') } : { href: `/requests/${reference}`, label: t('draft.backToCase') }}
    >
      <TaskList label={t('draft.tasks')} tasks={tasksOf(frame, t)} />
      <div className="actions">
        {next && <ButtonLink kind="primary" href={`/drafts/${id}/part/${next.section}`}>{t('draft.continue')}</ButtonLink>}
        {!next && <ButtonLink kind="primary" href={`/drafts/${id}/${open.draft.content.intention.summary === '' ? 'summary' : 'check'}`}>{t('draft.continue')}</ButtonLink>}
        <Button onPress={() => void share()} blocked={online ? undefined : t('draft.team.offline')}>{t('draft.team.share')}</Button>
        <Button kind="quiet" onPress={() => setAsking(true)}>{t('draft.delete')}</Button>
      </div>
      {said && <Notice tone={said.bad ? 'bad' : 'ok'} live>{said.text}</Notice>}
      <Dialog title={t('draft.delete.question')} isOpen={asking} onClose={() => setAsking(false)} alert actions={<><Button onPress={() => void remove()}>{t('draft.delete')}</Button><Button onPress={() => setAsking(false)}>{t('draft.delete.keep')}</Button></>}>
        <p>{t('draft.delete.text')}</p>
      </Dialog>
    </Page>
  );
}
