import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Case } from '@/api/desk';
import { inSentence } from '@/i18n/bidi';
import { useI18n } from '@/i18n/react';
import { useAlarm } from '@/parts/alarm';
import { acknowledgement, CaseTable, useCases, usePresence, useSummaries } from '@/parts/cases';
import { Remote, useSeat, useWords, type Seat } from '@/parts/desk';
import { Button, ButtonLink, Empty, keyOf, Notice, Page, ProofMark, SearchField, Tabs, useCommand } from '@/ui';
import { AlarmHere } from './alarm-here';
import { AskedHere } from './asked-here';
import { matches } from './find';
import { Preview } from './preview';
import { useAcknowledging } from './acknowledging';

type Tab = 'answer' | 'waiting' | 'done';
const VIEWS = { answer: 'inbox', waiting: 'open', done: 'closed' } as const;

/** What is due, by time left. The first screen of every duty. */
export function InboxScreen() {
  const seat = useSeat();
  return seat && <Inbox seat={seat} />;
}

function Inbox({ seat }: { seat: Seat }) {
  const { t, country } = useI18n();
  const words = useWords();
  const navigate = useNavigate();
  const [tab, setTab] = useState<Tab>('answer');
  const [find, setFind] = useState('');
  const [selected, setSelected] = useState<string | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const { authority } = seat;
  const answer = useCases(useMemo(() => ({ authority, view: 'inbox' as const }), [authority]));
  const list = useCases(useMemo(() => ({ authority, view: VIEWS[tab] }), [authority, tab]));
  const due = useMemo(() => new Set(answer.cases.map((one) => one.case)), [answer.cases]);
  const all = useMemo(() => (tab === 'waiting' ? list.cases.filter((one) => !due.has(one.case)) : list.cases), [tab, list.cases, due]);
  const summary = useSummaries(authority, all);
  const shown = useMemo(() => (find.trim() === '' ? all : all.filter((one) => matches(find, one, summary(one), country))), [all, find, summary, country]);
  const current = shown.find((one) => one.case === selected) ?? shown[0] ?? null;
  const presence = usePresence(authority, seat.officer);
  const alarm = useAlarm();

  const { query } = list;
  const more = useCallback(() => void (query.hasNextPage && !query.isFetchingNextPage && query.fetchNextPage()), [query]);
  useEffect(() => {
    if (find.trim() !== '') more();
  }, [find, more]);
  const open = useCallback((one: Case) => void navigate({ to: `/requests/${one.reference}` }), [navigate]);
  const acknowledging = useAcknowledging(words);
  useCommand('acknowledge', current && acknowledgement(current) ? () => acknowledging.run(current) : null);
  const handOver = current?.can.find((type) => type.endsWith('.hand-over'));
  useCommand('request.hand-over', current && handOver ? () => void navigate({ to: `/requests/${current.reference}/act/${handOver}` }) : null);
  useCommand('search', () => search.current?.focus());
  const { last } = acknowledging;
  const done = last && 'sent' in last ? last : null;
  const title = t('nav.inbox');
  return (
    <Page title={title} actions={<ButtonLink href="/new" keys={keyOf('new')!}>{t('command.new')}</ButtonLink>}>
      <AlarmHere cases={answer.cases} authority={authority} onOpen={open} />
      <AskedHere seat={seat} />
      {done && done.case !== current?.case && (
        <Notice tone="ok">
          <p>{t('inbox.acknowledged', { reference: inSentence(done.reference) })}</p>
          <ProofMark proof={done.sent.verdict.good ? { state: 'verified', index: done.sent.index } : { state: 'failed' }} href={`/requests/${done.reference}/proof/${done.sent.id}`} />
        </Notice>
      )}
      <div className="split">
        <section aria-label={title}>
          <div className="bar">
            <SearchField label={t('inbox.search')} value={find} onChange={setFind} inputRef={search} keys={keyOf('search')!} />
          </div>
          <Tabs<Tab>
            label={t('inbox.views')}
            selected={tab}
            onChange={setTab}
            tabs={[{ id: 'answer', label: t('inbox.tab.answer'), count: answer.cases.length }, { id: 'waiting', label: t('inbox.tab.waiting') }, { id: 'done', label: t('inbox.tab.done') }]}
          >
            <Remote query={query}>
              {() =>
                shown.length > 0 ? (
                  <CaseTable label={title} cases={shown} authority={authority} words={words} summary={summary} presence={presence} resting={alarm.resting} selected={current?.case ?? null} onSelect={setSelected} onOpen={open} onNearEnd={more} />
                ) : (
                  <Nothing tab={tab} find={find} onClear={() => setFind('')} />
                )
              }
            </Remote>
          </Tabs>
        </section>
        {current && <Preview one={current} seat={seat} words={words} summary={summary(current)} present={presence.get(current.case)} acknowledging={acknowledging} />}
      </div>
    </Page>
  );
}

/** Why it is empty, and what to do next. */
function Nothing({ tab, find, onClear }: { tab: Tab; find: string; onClear: () => void }) {
  const { t } = useI18n();
  const alarm = useAlarm();
  if (find.trim() !== '') return <Empty title={t('ui.noMatch', { words: inSentence(find) })} action={<Button onPress={onClear}>{t('ui.clearSearch')}</Button>} />;
  if (tab !== 'answer') return <Empty title={t(tab === 'waiting' ? 'inbox.empty.waiting' : 'inbox.empty.done')} />;
  return (
    <Empty title={t('inbox.empty.answer')} action={<Button onPress={() => void alarm.test()}>{t('command.alarm.test')}</Button>}>
      <p>{t(alarm.armed ? 'inbox.empty.armed' : 'inbox.empty.unarmed')}</p>
    </Empty>
  );
}
