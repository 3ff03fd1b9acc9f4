import { useState } from 'react';
import { useT } from '@/i18n/react';
import { useGo } from '@/parts/case';
import { useWords } from '@/parts/desk';
import { Button, ErrorSummary, Page, TextField, WhoCanRead } from '@/ui';
import { DraftOver, WithDraft, type DraftFrame } from './frame';

export const kSummaryMax = 120;

/** One line for the other side's inbox: sealed like the rest, and the first thing that they read. */
export function SummaryScreen() {
  return <WithDraft>{(frame) => <Summary frame={frame} />}</WithDraft>;
}

function Summary({ frame }: { frame: DraftFrame }) {
  const t = useT();
  const go = useGo();
  const words = useWords();
  const [fault, setFault] = useState<string | undefined>(undefined);
  const { id, store, open } = frame;
  const { intention } = open.draft.content;
  const keepOn = () => {
    const text = intention.summary.trim();
    const wrong = text === '' ? t('draft.summary.missing') : [...text].length > kSummaryMax ? t('draft.summary.long') : undefined;
    setFault(wrong);
    if (wrong !== undefined) return;
    store.note((content) => ({ ...content, intention: { ...content.intention, summary: text } }));
    go(`/drafts/${id}`);
  };
  return (
    <Page title={t('draft.task.summary')} over={<DraftOver frame={frame} />} back={{ href: `/drafts/${id}`, label: t('draft.backToTasks') }} hasError={fault !== undefined} reading>
      <ErrorSummary faults={fault === undefined ? [] : [{ field: 'draft-summary', message: fault }]} />
      <WhoCanRead readers={{ voice: 'other', who: [...intention.to, intention.authority].map((one) => words.authority(one)) }} />
      <div className="stack">
        <TextField
          id="draft-summary" label={t('draft.summary.label')} hint={t('draft.summary.hint')} error={fault} value={intention.summary} maxLength={kSummaryMax} lang={intention.language} wide
          onChange={(summary) => store.change('#summary', (content) => ({ ...content, intention: { ...content.intention, summary } }))}
        />
        <Button kind="primary" onPress={keepOn}>{t('draft.part.continue')}</Button>
      </div>
    </Page>
  );
}
