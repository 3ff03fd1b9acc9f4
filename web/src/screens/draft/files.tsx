import { Paperclip } from 'lucide-react';
import { useRef, useState } from 'react';
import { useDesk } from '@/api/context';
import type { Json } from '@/forms';
import { useI18n } from '@/i18n/react';
import { useConnection, useProblemText } from '@/parts/desk';
import { filesOf, type DraftFile } from '@/parts/draft';
import { Button, ButtonLink, Empty, Id, Notice, Page, Table } from '@/ui';
import { DraftOver, WithDraft, type DraftFrame } from './frame';

/** Evidence and annexes: encrypted here, sent ahead, named by the act when it is signed. */
export function FilesScreen() {
  return <WithDraft>{(frame) => <Files frame={frame} />}</WithDraft>;
}

function Files({ frame }: { frame: DraftFrame }) {
  const { t, format } = useI18n();
  const desk = useDesk();
  const problem = useProblemText();
  const { online } = useConnection();
  const input = useRef<HTMLInputElement>(null);
  const [going, setGoing] = useState<{ name: string; part: number } | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const { id, store, open } = frame;
  const files = filesOf(open.draft);
  const put = (next: readonly DraftFile[]) =>
    store.change('#files', (content) => ({ ...content, intention: { ...content.intention, files: next.map((one) => one.fid) }, notes: { ...content.notes, files: next as unknown as Json } }));
  const add = async (chosen: FileList) => {
    setFailed(null);
    try {
      for (const file of chosen) {
        setGoing({ name: file.name, part: 0 });
        const attached = await desk.attach(file, '', (done, total) => setGoing({ name: file.name, part: total === 0 ? 1 : done / total }));
        put([...filesOf(store.current().draft), attached]);
      }
    } catch (error) {
      setFailed(error);
    }
    setGoing(null);
  };
  return (
    <Page title={t('draft.task.files')} over={<DraftOver frame={frame} />} lead={t('draft.files.lead')} back={{ href: `/drafts/${id}`, label: t('draft.backToTasks') }} reading>
      {files.length === 0 && going === null && <Empty title={t('draft.files.none')} />}
      {files.length > 0 && (
        <Table<DraftFile>
          label={t('draft.task.files')} rows={files} rowKey={(file) => file.fid}
          columns={[
            { id: 'name', header: t('draft.files.name'), cell: (file) => <bdi>{file.name}</bdi> },
            { id: 'size', header: t('draft.files.size'), cell: (file) => format.bytes(file.size), end: true },
            { id: 'hash', header: 'SHA-256', cell: (file) => <Id>{`${file.sha256.slice(0, 8)}…${file.sha256.slice(-4)}`}</Id> },
            { id: 'remove', header: t('ui.remove'), cell: (file) => <Button small kind="quiet" onPress={() => put(files.filter((one) => one.fid !== file.fid))} label={t('ui.remove.what', { what: file.name })}>{t('ui.remove')}</Button> },
          ]}
        />
      )}
      {failed !== null && <Notice tone="bad" live>{problem(failed).text}</Notice>}
      {going !== null && <p role="status">{t('draft.files.going', { name: going.name, percent: Math.round(going.part * 100) })}</p>}
      <input ref={input} type="file" multiple className="vh" tabIndex={-1} aria-hidden onChange={(event) => event.target.files && void add(event.target.files)} />
      <div className="actions">
        <Button icon={Paperclip} busy={going !== null} blocked={online ? undefined : t('draft.files.offline')} onPress={() => input.current?.click()}>{t('forms.file.choose')}</Button>
        <ButtonLink kind="primary" href={`/drafts/${id}`}>{t('draft.part.continue')}</ButtonLink>
      </div>
    </Page>
  );
}
