import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '@/api/context';
import type { CaseFile } from '@/api/desk';
import { useT } from '@/i18n/react';
import { Remote, useConnection, useDirectory, useProblemText, useSeat, useWords, type Seat } from '@/parts/desk';
import { addTeamNote, loadTeamNotes } from '@/parts/draft';
import { useChangeTeamPage, useTeamPage } from '@/parts/team';
import { Button, Id, Notice, nowByHub, Select, Tag, TextField, Time, UserText, WhoCanRead } from '@/ui';

const EVERYBODY = 'everybody';

/** Notes of the team on a case. One can be for one colleague, who is told of it in the inbox; all of the authority can read it. */
export function Inside({ file, authority }: { file: CaseFile; authority: string }) {
  const seat = useSeat();
  return seat && seat.officer !== seat.authority ? <Notes file={file} authority={authority} seat={seat} /> : null;
}

function Notes({ file, authority, seat }: { file: CaseFile; authority: string; seat: Seat }) {
  const t = useT();
  const desk = useDesk();
  const words = useWords();
  const problem = useProblemText();
  const queries = useQueryClient();
  const { online } = useConnection();
  const change = useChangeTeamPage(seat);
  const key = ['notes', authority, file.case];
  const notes = useQuery({ queryKey: key, queryFn: () => loadTeamNotes(desk, authority, file.case) });
  const [text, setText] = useState('');
  const [to, setTo] = useState(EVERYBODY);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const colleagues = (useDirectory().data?.officers ?? []).filter((one) => one.authority === authority && one.status === 'active' && one.officer !== seat.officer && Date.parse(one.until) > nowByHub());
  const add = async () => {
    if (text.trim() === '') return;
    setBusy(true);
    setFailed(null);
    const at = `${new Date(nowByHub()).toISOString().slice(0, 19)}Z`;
    try {
      await addTeamNote(desk, authority, file.case, file.kind, { by: seat.officer, at, text: text.trim(), ...(to === EVERYBODY ? {} : { to }) });
      setText('');
      await queries.invalidateQueries({ queryKey: key });
      if (to !== EVERYBODY) await change.mutateAsync((page) => ({ ...page, asks: [...page.asks, { id: crypto.randomUUID(), case: file.case, reference: file.reference, by: seat.officer, to, at, done: null }] }));
      setTo(EVERYBODY);
    } catch (error) {
      setFailed(error);
    }
    setBusy(false);
  };
  return (
    <section className="voice inside" aria-labelledby="voice-inside">
      <h2 id="voice-inside">{t('case.voice.inside')}</h2>
      <WhoCanRead readers={{ voice: 'inside', who: words.authority(authority) }} />
      <Asked file={file} seat={seat} />
      <Remote query={notes} rows={2}>
        {(page) => (page.notes.length === 0 ? <p className="mute">{t('case.voice.inside.none')}</p> : (
          <ol className="tl">
            {page.notes.map((note) => (
              <li key={`${note.at}${note.by}`}>
                <div className="meta small"><Time at={note.at} /> <Id>{note.by}</Id>{note.to !== undefined && <>{note.to === seat.officer ? <Tag tone="new">{t('ask.forYou')}</Tag> : <span>{t('ask.for')} <Id>{note.to}</Id></span>}</>}</div>
                <UserText block>{note.text}</UserText>
              </li>
            ))}
          </ol>
        ))}
      </Remote>
      {failed !== null && <Notice tone="bad" live>{problem(failed).text}</Notice>}
      <TextField long wide rows={3} label={t('case.voice.inside.label')} value={text} onChange={setText} />
      {colleagues.length > 0 && <Select label={t('ask.to')} hint={t('ask.to.hint')} value={to} onChange={setTo} options={[{ id: EVERYBODY, label: t('ask.everybody') }, ...colleagues.map((one) => ({ id: one.officer, label: `${one.officer} (${one.roles.map((role) => words.role(role)).join(', ')})` }))]} />}
      <div className="actions"><Button busy={busy} onPress={() => void add()} blocked={online ? undefined : t('case.needsHub')}>{t(to === EVERYBODY ? 'case.voice.inside.add' : 'ask.send')}</Button></div>
    </section>
  );
}

/** Questions on this case that were put to me and are not settled. */
function Asked({ file, seat }: { file: CaseFile; seat: Seat }) {
  const t = useT();
  const change = useChangeTeamPage(seat);
  const mine = (useTeamPage(seat).data?.asks ?? []).filter((one) => one.case === file.case && one.to === seat.officer && one.done === null);
  if (mine.length === 0) return null;
  const settle = () => change.mutate((page) => ({ ...page, asks: page.asks.map((one) => (mine.some((other) => other.id === one.id) ? { ...one, done: new Date(nowByHub()).toISOString() } : one)) }));
  return (
    <Notice tone="warn">
      <p>{t('ask.waits')} {mine.map((one) => <Id key={one.id}>{one.by}</Id>)}</p>
      <div className="actions"><Button small busy={change.isPending} onPress={settle}>{t('ask.settled')}</Button></div>
    </Notice>
  );
}
