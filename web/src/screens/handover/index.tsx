import { useMemo, useState } from 'react';
import { useI18n } from '@/i18n/react';
import { useAlarm } from '@/parts/alarm';
import { useCases } from '@/parts/cases';
import { Remote, useConnection, useProblemText, useSeat, type Seat } from '@/parts/desk';
import { useChangeTeamPage, useTeamPage, type HandedCase, type HandOver } from '@/parts/team';
import { Button, Empty, Id, Link, Notice, nowByHub, Page, Table, Tag, TextField, Time, UserText, useNow, WhoCanRead } from '@/ui';
import { useWords } from '@/parts/desk';
import { handedCases } from './cases';

/** End of a shift: what is open, what is due soon, what was promised, a word to the next officer; who takes over says so. */
export function HandOverScreen() {
  const seat = useSeat();
  return seat && <HandOvers seat={seat} />;
}

function HandOvers({ seat }: { seat: Seat }) {
  const { t } = useI18n();
  const words = useWords();
  const team = useTeamPage(seat);
  if (seat.officer === seat.authority) return <Page title={t('handover.title')}><Empty title={t('handover.officers')} /></Page>;
  return (
    <Page title={t('handover.title')} lead={t('handover.lead')} back={{ href: '/', label: t('nav.inbox') }}>
      <WhoCanRead readers={{ voice: 'inside', who: words.authority(seat.authority) }} />
      <Remote query={team}>
        {(page) => {
          const [newest, ...older] = [...page.handOvers].reverse();
          return (
            <>
              {newest && newest.taken === null && newest.by !== seat.officer ? <Received one={newest} seat={seat} /> : <Write seat={seat} />}
              {newest && (newest.taken !== null || newest.by === seat.officer) && <Left one={newest} title={t('handover.last')} />}
              {older.length > 0 && <h2>{t('handover.before')}</h2>}
              {older.map((one) => <Left key={one.id} one={one} />)}
            </>
          );
        }}
      </Remote>
    </Page>
  );
}

function Cases({ cases }: { cases: readonly HandedCase[] }) {
  const { t } = useI18n();
  if (cases.length === 0) return <p className="mute">{t('handover.nothing')}</p>;
  return (
    <Table<HandedCase>
      label={t('handover.cases')} rows={cases} rowKey={(one) => one.case}
      columns={[
        { id: 'reference', header: t('cases.reference'), cell: (one) => <Link href={`/requests/${one.reference}`}>{one.reference}</Link> },
        { id: 'state', header: t('cases.state'), cell: (one) => <Tag tone={one.state === 'overdue' ? 'late' : one.state === 'soon' ? 'warn' : 'plain'} icon={one.state === 'overdue'}>{t(`handover.state.${one.state}`)}</Tag> },
        { id: 'due', header: t('cases.due'), cell: (one) => (one.dueAt === null ? <span className="mute">{t('handover.theirs')}</span> : <Time at={one.dueAt} />) },
      ]}
    />
  );
}

function Write({ seat }: { seat: Seat }) {
  const { t } = useI18n();
  const now = useNow();
  const { authority } = seat;
  const { online } = useConnection();
  const alarm = useAlarm();
  const problem = useProblemText();
  const change = useChangeTeamPage(seat);
  const open = useCases(useMemo(() => ({ authority, view: 'open' as const }), [authority]));
  const cases = useMemo(() => handedCases(open.cases, authority, now), [open.cases, authority, now]);
  const [promised, setPromised] = useState('');
  const [note, setNote] = useState('');
  const leave = () =>
    change.mutate(
      (page) => ({ ...page, handOvers: [...page.handOvers, { id: crypto.randomUUID(), by: seat.officer, at: new Date(nowByHub()).toISOString(), cases, promised: promised.trim(), note: note.trim(), taken: null }] }),
      { onSuccess: () => (setPromised(''), setNote(''), alarm.armed && alarm.disarm()) },
    );
  return (
    <section aria-labelledby="handover-write">
      <h2 id="handover-write">{t('handover.write')}</h2>
      <Remote query={open.query}>{() => <Cases cases={cases} />}</Remote>
      <TextField long wide rows={3} label={t('handover.promised')} hint={t('handover.promised.hint')} value={promised} onChange={setPromised} />
      <TextField long wide rows={4} label={t('handover.note')} value={note} onChange={setNote} />
      {change.error && <Notice tone="bad" live><p>{problem(change.error).text}</p></Notice>}
      <div className="actions"><Button kind="primary" busy={change.isPending} onPress={leave} blocked={online ? undefined : t('case.needsHub')}>{t('handover.leave')}</Button></div>
      {alarm.armed && <p className="mute">{t('handover.endsDuty')}</p>}
    </section>
  );
}

function Words({ one }: { one: HandOver }) {
  const { t } = useI18n();
  return (
    <>
      {one.promised !== '' && <><h3>{t('handover.promised')}</h3><UserText block>{one.promised}</UserText></>}
      {one.note !== '' && <><h3>{t('handover.note')}</h3><UserText block>{one.note}</UserText></>}
    </>
  );
}

/** What waits for whoever comes now. Nothing is taken over before they say so. */
function Received({ one, seat }: { one: HandOver; seat: Seat }) {
  const { t } = useI18n();
  const problem = useProblemText();
  const { online } = useConnection();
  const change = useChangeTeamPage(seat);
  const take = () =>
    change.mutate((page) => ({
      ...page,
      handOvers: page.handOvers.map((other) => (other.id === one.id && other.taken === null ? { ...other, taken: { by: seat.officer, at: new Date(nowByHub()).toISOString() } } : other)),
    }));
  return (
    <section className="panel" aria-labelledby="handover-received">
      <h2 id="handover-received">{t('handover.received')}</h2>
      <p className="meta"><Id>{one.by}</Id> <Time at={one.at} /></p>
      <Cases cases={one.cases} />
      <Words one={one} />
      {change.error && <Notice tone="bad" live><p>{problem(change.error).text}</p></Notice>}
      <div className="actions"><Button kind="primary" busy={change.isPending} onPress={take} blocked={online ? undefined : t('case.needsHub')}>{t('handover.take')}</Button></div>
    </section>
  );
}

function Left({ one, title }: { one: HandOver; title?: string }) {
  const { t } = useI18n();
  return (
    <section className="panel" aria-label={t('handover.of', { officer: one.by })}>
      {title !== undefined && <h2>{title}</h2>}
      <p className="meta"><Id>{one.by}</Id> <Time at={one.at} /></p>
      <p>{one.taken === null ? t('handover.untaken') : <>{t('handover.takenBy')} <Id>{one.taken.by}</Id> <Time at={one.taken.at} /></>}</p>
      <Cases cases={one.cases.filter((item) => item.state === 'overdue' || item.state === 'soon')} />
      <Words one={one} />
    </section>
  );
}
