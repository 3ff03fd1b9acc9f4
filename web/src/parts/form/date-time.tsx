import { useState } from 'react';
import { offsetText, parseDateTime } from '@/forms';
import { useT } from '@/i18n/react';
import { DateField, Select, TextField, type FieldProps } from '@/ui';
import { offsets } from './standards';

type Parts = { date: string | null; time: string; offset: string };

/** "2026-03-02T09:14:05+01:00" in its parts; the offset of this device where nothing is written yet. */
export function partsOf(value: string): Parts {
  const match = /^(\d{4}-\d\d-\d\d)?(?:T(.*?))?(Z|[+-]\d\d:\d\d)?$/.exec(value);
  const offset = match?.[3] === 'Z' ? '+00:00' : match?.[3];
  return { date: match?.[1] ?? null, time: match?.[2] ?? '', offset: offset ?? offsetText(-new Date().getTimezoneOffset()) };
}

/** "9:14" and "09:14:05" as whole seconds; anything else stays as it is, for the check to name it. */
export function timeText(typed: string): string {
  const match = /^(\d{1,2})[:.hH](\d\d)(?:[:.](\d\d))?$/.exec(typed.trim());
  return match ? `${(match[1] ?? '').padStart(2, '0')}:${match[2]}:${match[3] ?? '00'}` : typed.trim();
}

/** A moment: day, time and offset from UTC, which nobody may leave out. What it means in UTC stands below it. */
export function DateTimeField({ value, onChange, ...head }: FieldProps & { value: string; onChange: (value: string) => void }) {
  const t = useT();
  const [parts, setParts] = useState(() => partsOf(value));
  const change = (next: Partial<Parts>) => {
    const all = { ...parts, ...next };
    setParts(all);
    onChange(all.date === null && all.time === '' ? '' : `${all.date ?? ''}T${timeText(all.time)}${all.offset === '+00:00' ? 'Z' : all.offset}`);
  };
  const moment = parseDateTime(value);
  return (
    <div className="field moment" id={head.id} role="group" aria-label={typeof head.label === 'string' ? head.label : undefined} {...(head.error ? { 'data-invalid': true } : {})}>
      <DateField label={head.label} hint={head.hint} error={head.error} optional={head.optional} value={parts.date} onChange={(date) => change({ date })} />
      <div className="bar">
        <TextField label={t('forms.moment.time')} identifier value={parts.time.replace(/:00$/, (seconds) => (parts.time.length === 8 ? '' : seconds))} onChange={(time) => change({ time })} />
        <Select label={t('forms.moment.offset')} options={offsets()} value={parts.offset} onChange={(offset) => change({ offset })} />
      </div>
      {moment !== null && <span className="hint">{t('forms.moment.utc', { at: new Date(moment).toISOString().slice(0, 16).replace('T', ' ') })}</span>}
    </div>
  );
}
