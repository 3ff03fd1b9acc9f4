import { Download } from 'lucide-react';
import { useState } from 'react';
import { useDesk } from '@/api/context';
import type { FileEntry, OpenedAct } from '@/api/desk';
import type { RuleWords } from '@/forms';
import { useI18n } from '@/i18n/react';
import { hasFailed } from '@/parts/case';
import { useProblemText, useWords } from '@/parts/desk';
import { Button, Empty, Id, Notice, Table } from '@/ui';

type Row = { act: OpenedAct; file: FileEntry };

/** Evidence of the case. A file is decrypted here, piece by piece, and given out only when its hash is the one that was signed. */
export function Exhibits({ acts, authority, words }: { acts: readonly OpenedAct[]; authority: string; words: RuleWords }) {
  const { t, format } = useI18n();
  const desk = useDesk();
  const names = useWords();
  const problem = useProblemText();
  const [going, setGoing] = useState<{ fid: string; part: number } | null>(null);
  const [said, setSaid] = useState<{ text: string; bad: boolean } | null>(null);
  const rows: Row[] = acts.flatMap((act) => act.files.map((file) => ({ act, file })));
  const save = async ({ act, file }: Row) => {
    setSaid(null);
    setGoing({ fid: file.fid, part: 0 });
    try {
      const blob = await desk.openFile(authority, act.id, file.fid, (done, total) => setGoing({ fid: file.fid, part: total === 0 ? 1 : done / total }));
      saveAs(blob, file.name);
      setSaid({ text: t('case.exhibit.verified', { name: file.name }), bad: false });
    } catch (error) {
      setSaid({ text: problem(error).text, bad: true });
    }
    setGoing(null);
  };
  if (rows.length === 0) return <Empty title={t('case.exhibit.none')} />;
  return (
    <>
      <p className="mute">{t('case.exhibit.lead')}</p>
      {said && <Notice tone={said.bad ? 'bad' : 'ok'} live>{said.text}</Notice>}
      <Table<Row>
        label={t('case.tab.exhibits')} rows={rows} rowKey={(row) => `${row.act.id}${row.file.fid}`}
        columns={[
          { id: 'name', header: t('draft.files.name'), cell: ({ file }) => <><bdi>{file.name}</bdi>{file.note !== '' && <span className="hint"> {file.note}</span>}</> },
          { id: 'size', header: t('draft.files.size'), cell: ({ file }) => format.bytes(file.size), end: true },
          { id: 'hash', header: 'SHA-256', cell: ({ file }) => <Id>{`${file.sha256.slice(0, 8)}…${file.sha256.slice(-4)}`}</Id> },
          { id: 'from', header: t('case.exhibit.from'), cell: ({ act }) => <>{names.authority(act.for)}, {words.act(act.type)}</> },
          {
            id: 'get', header: t('case.exhibit.get'),
            cell: (row) => (hasFailed(row.act.verdict) ? <span className="fault">{t('proof.mark.failed')}</span> : (
              <Button small icon={Download} busy={going?.fid === row.file.fid} onPress={() => void save(row)} label={t('case.exhibit.get.what', { name: row.file.name })}>
                {going?.fid === row.file.fid ? t('case.exhibit.going', { percent: Math.round(going.part * 100) }) : t('case.exhibit.get')}
              </Button>
            )),
          },
        ]}
      />
    </>
  );
}

/** Gives a blob to the person under a name. */
export function saveAs(blob: Blob, name: string): void {
  const href = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
