import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { FieldError, Label, Text } from 'react-aria-components';
import { useT } from '@/i18n/react';

/** What every field has: label above, hint under it, the error between hint and field. */
export type FieldProps = {
  /** The id of the group that error summaries link to. */
  id?: string | undefined;
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  /** Says "(optional)" after the label; a field without it is required. */
  optional?: boolean | undefined;
  disabled?: boolean | undefined;
  /** As wide as its place instead of the reading width. */
  wide?: boolean | undefined;
};

export function fieldClass(props: Pick<FieldProps, 'wide'>): string {
  return props.wide ? 'field wide' : 'field';
}

/** What every React Aria field is told alike. Validation is ours: the browser's own bubbles speak its language, not the desk's. */
export function fieldProps(props: FieldProps) {
  return { className: fieldClass(props), isInvalid: props.error !== undefined, isDisabled: props.disabled ?? false, validationBehavior: 'aria' as const, ...(props.id ? { id: props.id } : {}) };
}

/** Label, hint and error, in the slots of a React Aria field. */
export function FieldHead({ label, hint, error, optional }: FieldProps) {
  const t = useT();
  return (
    <>
      <Label className="label">
        {label} {optional && <span className="opt">{t('ui.optional')}</span>}
      </Label>
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      {error && (
        <FieldError className="fault">
          <CircleAlert className="icon" size={16} aria-hidden /> <span>{error}</span>
        </FieldError>
      )}
    </>
  );
}
