import { useNavigate } from '@tanstack/react-router';
import type { Case, Summary } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { acknowledgement, leadingClock, otherSide, SummaryText, type Present } from '@/parts/cases';
import { useConnection, type Seat, type Words } from '@/parts/desk';
import { Button, ButtonLink, Clock, Facts, Id, keyOf, MenuButton, Notice, ProofMark, Tag, WhoCanRead } from '@/ui';
import type { Acknowledging } from './acknowledging';
import { Rest } from './rest';

type Props = { one: Case; seat: Seat; words: Words; summary: Summary | undefined; present: readonly Present[] | undefined; acknowledging: Acknowledging };

/** The chosen case beside the list: enough to acknowledge it, or to see that it must be opened. */
export function Preview({ one, seat, words, summary, present, acknowledging }: Props) {
  const { t } = useI18n();
  const { online } = useConnection();
  const navigate = useNavigate();
  const { authority } = seat;
  const type = acknowledgement(one);
  const others = one.can.filter((act) => act !== type);
  const running = one.clocks.filter((clock) => clock.state === 'running');
  const clock = leadingClock(one, authority);
  const { last } = acknowledging;
  const here = last?.case === one.case ? last : null;
  const emergency = one.label['urgency'] === 'emergency';
  return (
    <aside className="panel preview" aria-label={t('inbox.preview')}>
      <p className="meta"><Id what={t('cases.reference')}>{one.reference}</Id>{emergency && <Tag tone="late" icon>{t('cases.emergency')}</Tag>}</p>
      <h2 className="subject"><SummaryText summary={summary} kind={words.kind(one.kind)} /></h2>
      <p className="brief meta"><Clock dueAt={clock?.due_at ?? null} startedAt={clock?.started_at} /> {t(one.requesting === authority ? 'cases.to' : 'cases.from', { country: words.countryOf(otherSide(one, authority)) })}</p>
      <Facts
        facts={[
          [t(one.requesting === authority ? 'cases.to.label' : 'cases.from.label'), words.authority(otherSide(one, authority))],
          [t('cases.kind'), words.kind(one.kind)],
          [t('cases.state'), words.state(one.kind, one.state)],
          ...running.map((clock) => [clock.owner === authority ? words.clock(clock.id) : t('cases.clock.theirs', { clock: words.clock(clock.id) }), <Clock key={clock.id} dueAt={clock.due_at} startedAt={clock.started_at} />] as const),
        ]}
      />
      {summary?.state === 'open' && !summary.verdict.good && <Notice tone="bad"><p>{t('inbox.summary.bad')}</p></Notice>}
      <WhoCanRead readers={{ voice: 'other', who: one.parties.map((party) => words.authority(party)) }} />
      {present && present.length > 0 && <Notice>{t(present.some((person) => person.state === 'writing') ? 'cases.writing' : 'cases.reading', { n: present.length })}</Notice>}
      {here && 'problem' in here && <Notice tone="bad" live><p>{here.problem}</p></Notice>}
      {here && 'sent' in here && <Notice tone="ok" live><p>{t('inbox.acknowledged.entry')}</p><ProofMark proof={here.sent.verdict.good ? { state: 'verified', index: here.sent.index } : { state: 'failed' }} href={`/requests/${one.reference}/proof/${here.sent.id}`} /></Notice>}
      <div className="actions">
        {type && (
          <Button kind="primary" keys={keyOf('acknowledge')} busy={acknowledging.busy.has(one.case)} onPress={() => acknowledging.run(one)} blocked={online ? undefined : t('inbox.offline.acknowledge')}>
            {words.act(type)}
          </Button>
        )}
        <ButtonLink href={`/requests/${one.reference}`} kind={type ? 'plain' : 'primary'} keys={keyOf('list.open')!}>{t('inbox.open')}</ButtonLink>
        <Rest one={one} seat={seat} />
        {others.length > 0 && <MenuButton label={t('ui.moreActions')} entries={others.map((act) => ({ id: act, label: words.act(act) }))} onAction={(act) => void navigate({ to: `/requests/${one.reference}/act/${act}` })} />}
      </div>
    </aside>
  );
}
