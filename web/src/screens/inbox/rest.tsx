import type { Case } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { useAlarm } from '@/parts/alarm';
import { useProblemText, type Seat } from '@/parts/desk';
import { restEnds, restsOf, useChangeTeamPage, type Rest as Length } from '@/parts/team';
import { MenuButton, Notice, nowByHub } from '@/ui';

/** Lets the reminder of a case rest for the whole team; its clock goes on, and what is loudest rests at most until it is due. */
export function Rest({ one, seat }: { one: Case; seat: Seat }) {
  const { t } = useI18n();
  const alarm = useAlarm();
  const change = useChangeTeamPage(seat);
  const problem = useProblemText();
  const ring = alarm.rings.find((other) => other.case === one.case);
  if (!ring || seat.officer === seat.authority) return null;
  const rests = alarm.resting.has(one.case);
  const lengths = restsOf(ring, nowByHub());
  const rest = (id: string) =>
    change.mutate((page) => {
      const others = page.snoozes.filter((other) => other.case !== one.case);
      if (id === 'wake') return { ...page, snoozes: others };
      const until = new Date(restEnds(id as Length, ring, nowByHub())).toISOString();
      return { ...page, snoozes: [...others, { case: one.case, until, by: seat.officer }] };
    });
  return (
    <>
      <MenuButton label={t('rest.label')} entries={[...lengths.map((id) => ({ id, label: t(`rest.${id}`) })), ...(rests ? [{ id: 'wake', label: t('rest.wake') }] : [])]} onAction={rest} />
      {change.error && <Notice tone="bad" live><p>{problem(change.error).text}</p></Notice>}
    </>
  );
}
