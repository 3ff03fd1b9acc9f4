import { diffWordsWithSpace } from 'diff';
import { useState } from 'react';
import { isAnswered, isObject, type Json } from '@/forms';
import { useT } from '@/i18n/react';
import { useDesk } from '@/api/context';
import { useGo } from '@/parts/case';
import { useProblemText } from '@/parts/desk';
import { partOf, settle } from '@/parts/draft';
import { Button, ButtonLink, Notice, Page, RadioGroup } from '@/ui';
import { DraftOver, WithDraft, type DraftFrame } from './frame';

/** Two people changed the same page. Both texts are here; a person decides, page by page. */
export function ConflictScreen() {
  return <WithDraft>{(frame) => <Conflict frame={frame} />}</WithDraft>;
}

function Conflict({ frame }: { frame: DraftFrame }) {
  const t = useT();
  const go = useGo();
  const desk = useDesk();
  const problem = useProblemText();
  const [chosen, setChosen] = useState<Record<string, 'mine' | 'theirs'>>({});
  const [failed, setFailed] = useState<unknown>(null);
  const { id, store, open, form, words } = frame;
  const { team } = open;
  if (team.state !== 'conflict')
    return <Page title={t('draft.conflict.title')}><Notice tone="ok">{t('draft.conflict.none')}</Notice><ButtonLink href={`/drafts/${id}`}>{t('draft.backToTasks')}</ButtonLink></Page>;
  const { conflicts } = team.merged;
  const ready = conflicts.every((part) => chosen[part] !== undefined);
  const decide = async () => {
    const session = desk.session();
    const device = session.state === 'none' ? 'nobody' : session.identity.kid;
    try {
      await store.settle(conflicts.reduce((content, part) => settle(form, content, team.theirs, part, chosen[part] ?? 'mine', device), open.draft.content), team.etag);
      go(`/drafts/${id}`);
    } catch (error) {
      setFailed(error);
    }
  };
  const nameOf = (part: string) => (part.startsWith('#') ? t(part === '#summary' ? 'draft.task.summary' : part === '#translations' ? 'draft.task.translation' : part === '#files' ? 'draft.task.files' : 'draft.part.people') : words.section(form.form, part));
  return (
    <Page title={t('draft.conflict.title')} over={<DraftOver frame={frame} />} lead={t('draft.conflict.lead')}>
      {conflicts.map((part) => (
        <section key={part}>
          <h2>{nameOf(part)}</h2>
          <Differences mine={partOf(form, open.draft.content, part)} theirs={partOf(form, team.theirs, part)} label={(field) => (part.startsWith('#') ? nameOf(part) : words.field(form.form, field))} />
          <RadioGroup
            label={t('draft.conflict.which', { part: nameOf(part) })} value={chosen[part] ?? null} onChange={(one) => setChosen({ ...chosen, [part]: one === 'theirs' ? 'theirs' : 'mine' })}
            options={[{ id: 'mine', label: t('draft.conflict.mine') }, { id: 'theirs', label: t('draft.conflict.theirs') }]}
          />
        </section>
      ))}
      {failed !== null && <Notice tone="bad" live>{problem(failed).text}</Notice>}
      <div className="actions">
        <Button kind="primary" onPress={() => void decide()} blocked={ready ? undefined : t('draft.conflict.undecided')}>{t('draft.conflict.keep')}</Button>
      </div>
    </Page>
  );
}

/** Both versions of a page, answer by answer, with what is only in one of them marked by a line and a colour. */
function Differences({ mine, theirs, label }: { mine: Json; theirs: Json; label: (field: string) => string }) {
  const t = useT();
  const fields = isObject(mine) && isObject(theirs) ? [...new Set([...Object.keys(mine), ...Object.keys(theirs)])] : [''];
  const textOf = (side: Json, field: string): string => {
    const value = field === '' ? side : isObject(side) ? side[field] : undefined;
    return !isAnswered(value) ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 1);
  };
  return fields.map((field) => {
    const [a, b] = [textOf(mine, field), textOf(theirs, field)];
    if (a === b) return null;
    const parts = diffWordsWithSpace(a, b);
    return (
      <div className="pair diff" key={field}>
        <article>
          <h3>{field === '' ? t('draft.conflict.mine') : `${label(field)}: ${t('draft.conflict.mine')}`}</h3>
          <p className="user" dir="auto">{parts.filter((part) => !part.added).map((part, index) => (part.removed ? <del key={index}>{part.value}</del> : <span key={index}>{part.value}</span>))}</p>
        </article>
        <article>
          <h3>{field === '' ? t('draft.conflict.theirs') : `${label(field)}: ${t('draft.conflict.theirs')}`}</h3>
          <p className="user" dir="auto">{parts.filter((part) => !part.removed).map((part, index) => (part.added ? <ins key={index}>{part.value}</ins> : <span key={index}>{part.value}</span>))}</p>
        </article>
      </div>
    );
  });
}
