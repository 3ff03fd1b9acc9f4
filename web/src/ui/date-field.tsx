import { CircleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import { useI18n } from '@/i18n/react';
import { digitsOf, partsOf, readParts, type DateParts } from './date';
import { fieldClass, type FieldProps } from './field';

export type DateFieldProps = FieldProps & {
  /** "2026-11-22", or null; with `approximate` also "2026-11" and "2026". */
  value: string | null;
  onChange: (value: string | null) => void;
  approximate?: boolean | undefined;
};

/** A date that the person knows: three boxes in the order of the language, digits of any script, no calendar to fight with. */
export function DateField(props: DateFieldProps) {
  const { value, onChange, approximate = false } = props;
  const { t } = useI18n();
  const id = useId();
  const [parts, setParts] = useState<DateParts>(() => partsOf(value));
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    setSeen(value);
    const reading = readParts(parts, approximate);
    if ((reading.kind === 'date' ? reading.value : null) !== value) setParts(partsOf(value));
  }
  const reading = readParts(parts, approximate);
  const error = props.error ?? (reading.kind === 'wrong' ? t('date.notReal') : undefined);
  const change = (part: keyof DateParts) => (typed: string) => {
    const next = { ...parts, [part]: digitsOf(typed).slice(0, part === 'year' ? 4 : 2) };
    setParts(next);
    const read = readParts(next, approximate);
    const date = read.kind === 'date' ? read.value : null;
    setSeen(date);
    if (date !== value) onChange(date);
  };
  const described = [props.hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <fieldset className={fieldClass(props)} id={props.id} aria-describedby={described || undefined} data-invalid={error ? true : undefined} disabled={props.disabled}>
      <legend className="label">
        {props.label} {props.optional && <span className="opt">{t('ui.optional')}</span>}
      </legend>
      {props.hint && (
        <span className="hint" id={`${id}-hint`}>
          {props.hint}
        </span>
      )}
      {error && (
        <span className="fault" id={`${id}-error`}>
          <CircleAlert className="icon" size={16} aria-hidden /> <span>{error}</span>
        </span>
      )}
      <div className="dates" dir="auto">
        {(['day', 'month', 'year'] as const).map((part) => (
          <label key={part} className="field">
            <span className="small">{t(`date.${part}`)}</span>
            <input
              className="input short num"
              dir="ltr"
              inputMode="numeric"
              autoComplete="off"
              value={parts[part]}
              aria-invalid={error ? true : undefined}
              style={{ inlineSize: part === 'year' ? '9ch' : '7ch' }}
              onChange={(event) => change(part)(event.target.value)}
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
