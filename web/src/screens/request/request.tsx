import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { OpenedAct, OpenedCase } from '@/api/desk';
import type { Rulebook } from '@/forms';
import { useI18n } from '@/i18n/react';
import { useAlarm } from '@/parts/alarm';
import { hasFailed, markOf, openingAct, otherSide, useCase, useFollowCase, useGo } from '@/parts/case';
import { usePresence, useTellPresence } from '@/parts/cases';
import { Remote, useRules, useSeat, useWords, type Seat } from '@/parts/desk';
import { useRuleWords } from '@/parts/form';
import { ButtonLink, Id, Notice, Page, Tabs, Timeline, useCommand, UserText, type TimelineEvent } from '@/ui';
import { ActBody } from './act-body';
import { Actions } from './actions';
import { Contents } from './contents';
import { Exhibits } from './exhibits';
import { Turn } from './turn';
import { Voices } from './voices';

/** Whose turn it is and by when; what was asked and answered, opened and checked here; what can be done next. */
export function RequestScreen() {
  const { reference = '' } = useParams({ strict: false }) as { reference?: string };
  const { t } = useI18n();
  const seat = useSeat();
  const opened = useCase(seat?.authority ?? null, reference);
  const rules = useRules(opened.data?.file.rulebook ?? null);
  useFollowCase(seat?.authority ?? null, reference);
  return (
    <Remote query={opened} title={t('case.title')}>
      {(one) => <Remote query={rules} title={t('case.title')}>{(book) => (seat ? <Request opened={one} rules={book} seat={seat} /> : <Page title={t('case.title')}><Notice>{t('state.notAllowed.text')}</Notice></Page>)}</Remote>}
    </Remote>
  );
}

type PartId = 'acts' | 'exhibits' | 'history' | 'write';

function Request({ opened, rules, seat }: { opened: OpenedCase; rules: Rulebook; seat: Seat }) {
  const { t, format } = useI18n();
  const words = useWords();
  const ruleWords = useRuleWords(rules);
  const alarm = useAlarm();
  const { file, acts } = opened;
  const other = otherSide(file, seat.authority);
  const first = openingAct(opened);
  const present = usePresence(seat.authority, seat.officer).get(file.case) ?? [];
  const go = useGo();
  const [tab, setTab] = useState<PartId>('acts');
  useCommand('request.exhibits', () => setTab('exhibits'));
  useCommand('request.proof', first ? () => go(`/requests/${file.reference}/proof/${(acts.at(-1) ?? first).id}`) : null);
  useTellPresence(file.case, 'reading');
  const { looksAt } = alarm;
  useEffect(() => {
    looksAt(file.case);
    return () => looksAt(null);
  }, [looksAt, file.case]);
  const others = format.list(present.map((one) => one.officer.split(':').at(-1) ?? one.officer));
  return (
    <Page
      title={ruleWords.kind(first ? (rules.kindOf(first.type)?.kind ?? file.kind) : file.kind)}
      over={<span className="meta"><Id what={t('receipt.reference')}>{file.reference}</Id><span>{file.requesting === seat.authority ? t('case.to', { who: words.authority(other) }) : t('case.from', { who: words.authority(file.requesting) })}</span></span>}
      actions={<ButtonLink href={`/requests/${file.reference}/print`}>{t('case.print')}</ButtonLink>}
    >
      {opened.offline && <Notice>{t('case.offline')}</Notice>}
      {!opened.good && <Notice tone="bad"><p><strong>{t('case.notGood')}</strong></p></Notice>}
      {first?.summary && !hasFailed(first.verdict) && <p className="lead"><UserText>{first.summary}</UserText></p>}
      {others !== '' && <Notice>{present.some((one) => one.state === 'writing') ? t('case.present.writing', { who: others, n: present.length }) : t('case.present', { who: others, n: present.length })}</Notice>}
      <Turn file={file} authority={seat.authority} other={other} words={ruleWords} />
      <Actions file={file} rules={rules} words={ruleWords} />
      <Tabs
        label={t('case.parts')} selected={tab} onChange={setTab}
        tabs={[
          { id: 'acts', label: t('case.tab.acts'), count: acts.length },
          { id: 'exhibits', label: t('case.tab.exhibits'), count: acts.reduce((sum, act) => sum + act.files.length, 0) },
          { id: 'history', label: t('case.tab.history') },
          { id: 'write', label: t('case.tab.write') },
        ]}
      >
        {tab === 'acts' && <Acts acts={acts} rules={rules} reference={file.reference} authority={seat.authority} />}
        {tab === 'exhibits' && <Exhibits acts={acts} authority={seat.authority} words={ruleWords} />}
        {tab === 'history' && <History opened={opened} rules={rules} />}
        {tab === 'write' && <Voices file={file} authority={seat.authority} other={other} />}
      </Tabs>
    </Page>
  );
}

/** Every communication with its content, newest first: the last word is what one came for. */
function Acts({ acts, rules, reference, authority }: { acts: readonly OpenedAct[]; rules: Rulebook; reference: string; authority: string }) {
  const newest = [...acts].reverse();
  return (
    <div className="with-contents">
      <Contents acts={newest} rules={rules} />
      <div className="acts">{newest.map((act, index) => <ActBody key={act.id} act={act} rules={rules} reference={reference} authority={authority} isOpen={index === 0 || act === acts[0]} />)}</div>
    </div>
  );
}

/** What happened, in the order of the ledger, each with its proof mark; what the clocks did stands between. */
function History({ opened, rules }: { opened: OpenedCase; rules: Rulebook }) {
  const i18n = useI18n();
  const { t } = i18n;
  const words = useRuleWords(rules);
  const names = useWords();
  const { file, acts } = opened;
  const events: (TimelineEvent & { index: number })[] = [
    ...acts.map((act) => ({
      id: act.id, index: act.index, at: act.time, what: words.act(act.type), who: t('case.history.by', { who: names.authority(act.for) }),
      proof: markOf(act), proofHref: `/requests/${file.reference}/proof/${act.id}`,
    })),
    ...file.notes.map((note) => ({ id: `note-${note.index}`, index: note.index, at: note.time, what: noteText(note, words, i18n), who: t('case.history.clock'), automatic: true })),
  ];
  return <Timeline events={events.sort((a, b) => a.index - b.index)} />;
}

/** A clock rang before its time or at it, or ran out; its name alone would read as if the thing had been done. */
export function noteText(note: OpenedCase['file']['notes'][number], words: Pick<ReturnType<typeof useRuleWords>, 'clock'>, { t, format }: Pick<ReturnType<typeof useI18n>, 't' | 'format'>): string {
  const { clock: id, due } = note.d as { clock?: unknown; due?: unknown };
  if (typeof id !== 'string') return note.t;
  const clock = words.clock(id);
  if (note.t === 'note.clock.lapsed') return t('case.history.lapsed', { clock });
  if (typeof due !== 'string' || Date.parse(due) <= Date.parse(note.time)) return t('case.history.overdue', { clock });
  return t('case.history.reminder', { clock, when: format.utc(new Date(due)) });
}
