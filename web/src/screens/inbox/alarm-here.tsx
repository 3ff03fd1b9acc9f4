import type { Case } from '@/api/desk';
import { inSentence } from '@/i18n/bidi';
import { useI18n } from '@/i18n/react';
import { useAlarm } from '@/parts/alarm';
import { AlarmBar, Button, keyOf, nowByHub } from '@/ui';

/** The one loud thing: what is overdue, or else what rings. Reference and clock, never content. */
export function AlarmHere({ cases, onOpen }: { cases: readonly Case[]; authority: string; onOpen: (one: Case) => void }) {
  const { t, format } = useI18n();
  const alarm = useAlarm();
  const overdue = alarm.rings.filter((ring) => ring.dueAt <= nowByHub());
  const ring = overdue[0] ?? alarm.rings.find((one) => one.class === 'A' && !alarm.resting.has(one.case));
  if (!ring) return null;
  const one = cases.find((other) => other.case === ring.case);
  const reference = inSentence(ring.reference);
  const text = overdue.length > 0 ? t('alarm.bar.overdue', { n: overdue.length, reference }) : t('alarm.bar.now', { reference, when: t('time.both', { utc: format.utc(new Date(ring.dueAt)), local: format.local(new Date(ring.dueAt)) }) });
  const sounds = alarm.armed && alarm.silentUntil === null && alarm.rings.some((other) => other.class === 'A' && !alarm.resting.has(other.case));
  return (
    <AlarmBar text={text}>
      {sounds && <Button kind="ghost-on-alarm" keys={keyOf('alarm.silence')} onPress={alarm.silence}>{t('strip.silence')}</Button>}
      {one && <Button kind="on-alarm" onPress={() => onOpen(one)}>{t('alarm.bar.open')}</Button>}
    </AlarmBar>
  );
}
