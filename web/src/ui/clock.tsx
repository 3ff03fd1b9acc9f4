import { useI18n } from '@/i18n/react';
import { clockSpoken, clockText, hasteOf } from '@/i18n/format';
import { useNow } from './now';

export type ClockProps = { dueAt: string | null; startedAt?: string | undefined; stopped?: boolean | undefined };

/** The time left. The exact moment, in UTC and where the person is, is in its title and its accessible name. Changes by the minute; not a live region. */
export function Clock({ dueAt, startedAt, stopped }: ClockProps) {
  const { t, format } = useI18n();
  const now = useNow();
  if (dueAt === null) return <span className="clock none">{t('clock.none')}</span>;
  if (stopped) return <span className="clock none">{t('clock.stopped')}</span>;
  const due = new Date(dueAt);
  const haste = hasteOf(now, due.getTime(), startedAt === undefined ? undefined : Date.parse(startedAt));
  const exact = t('clock.due', { when: t('time.both', { utc: format.utc(due), local: format.local(due) }) });
  return (
    <span className={`clock ${haste}`} title={exact}>
      <span aria-hidden>{clockText(t, now, due.getTime())}</span>
      <span className="vh">
        {clockSpoken(t, now, due.getTime())}. {exact}
      </span>
    </span>
  );
}
