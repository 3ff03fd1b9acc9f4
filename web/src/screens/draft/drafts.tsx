import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '@/api/context';
import type { DraftSummary } from '@/api/desk';
import { useT } from '@/i18n/react';
import { useGo } from '@/parts/case';
import { Remote, useProblemText, useSeat, useWords } from '@/parts/desk';
import { kNoteForm } from '@/parts/draft';
import { Button, ButtonLink, Link, Notice, Page, Table, Time } from '@/ui';

/** What was begun and not sent: on this device, and shared by the team. */
export function DraftsScreen() {
  const t = useT();
  const desk = useDesk();
  const seat = useSeat();
  const mine = useQuery({ queryKey: ['drafts'], queryFn: () => desk.listDrafts() });
  const team = useQuery({ queryKey: ['drafts', 'team', seat?.authority], queryFn: () => desk.teamDrafts(seat?.authority ?? ''), enabled: seat !== null });
  return (
    <Page title={t('draft.list.title')} actions={<ButtonLink href="/new" kind="primary">{t('draft.list.new')}</ButtonLink>}>
      <h2>{t('draft.list.device')}</h2>
      <Remote query={mine}>{(drafts) => <DeviceDrafts drafts={drafts} />}</Remote>
      <h2>{t('draft.list.team')}</h2>
      <Remote query={team}>{(drafts) => <TeamDrafts drafts={drafts} own={(mine.data ?? []).map((one) => one.id)} authority={seat?.authority ?? ''} />}</Remote>
    </Page>
  );
}

function DeviceDrafts({ drafts: all }: { drafts: readonly DraftSummary[] }) {
  const t = useT();
  const words = useWords();
  const drafts = all.filter((one) => one.form !== kNoteForm);
  if (drafts.length === 0) return <p className="mute">{t('draft.list.none')}</p>;
  return (
    <Table<DraftSummary>
      label={t('draft.list.device')} rows={drafts} rowKey={(draft) => draft.id}
      columns={[
        { id: 'what', header: t('draft.list.what'), cell: (draft) => <Link href={`/drafts/${draft.id}`}>{words.word(`form.${draft.form}`)}</Link> },
        { id: 'kind', header: t('draft.list.kind'), cell: (draft) => words.kind(draft.kind) },
        { id: 'when', header: t('draft.list.changed'), cell: (draft) => <Time at={draft.updatedAt} /> },
      ]}
    />
  );
}

/** Opening a colleague's draft takes a copy to this device; what both write is put together when it is shared again. */
function TeamDrafts({ drafts, own, authority }: { drafts: readonly DraftSummary[]; own: readonly string[]; authority: string }) {
  const t = useT();
  const desk = useDesk();
  const go = useGo();
  const words = useWords();
  const problem = useProblemText();
  const [failed, setFailed] = useState<unknown>(null);
  const others = drafts.filter((one) => one.form !== kNoteForm && !own.includes(one.id));
  const take = async (summary: DraftSummary) => {
    try {
      const { content, etag, updatedAt } = await desk.openTeamDraft(authority, summary.id);
      await desk.saveDraft({ id: summary.id, authority, kind: summary.kind, form: summary.form, content: { ...content, notes: { ...content.notes, team: { etag, at: updatedAt } } } });
      go(`/drafts/${summary.id}`);
    } catch (error) {
      setFailed(error);
    }
  };
  if (others.length === 0) return <p className="mute">{t('draft.list.team.none')}</p>;
  return (
    <>
      {failed !== null && <Notice tone="bad" live>{problem(failed).text}</Notice>}
      <Table<DraftSummary>
        label={t('draft.list.team')} rows={others} rowKey={(draft) => draft.id}
        columns={[
          { id: 'what', header: t('draft.list.what'), cell: (draft) => words.word(`form.${draft.form}`) },
          { id: 'when', header: t('draft.list.changed'), cell: (draft) => <Time at={draft.updatedAt} /> },
          { id: 'open', header: t('draft.list.take'), cell: (draft) => <Button small onPress={() => void take(draft)} label={t('draft.list.take.what', { what: words.word(`form.${draft.form}`) })}>{t('draft.list.take')}</Button> },
        ]}
      />
    </>
  );
}
