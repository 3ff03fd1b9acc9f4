import { useEffect, useRef } from 'react';
import { useT } from '@/i18n/react';

export type FieldFault = { field: string; message: string };

/** Brings the first control of the field with this id under the cursor. */
export function focusField(field: string): void {
  const holder = document.getElementById(field);
  const control = holder?.matches('input,textarea,button,select') ? holder : holder?.querySelector<HTMLElement>('input,textarea,button,select,[tabindex="0"]');
  control?.focus();
}

/** "There is a problem": takes the focus when it appears, and leads to each field with the same words that stand there. */
export function ErrorSummary({ faults }: { faults: readonly FieldFault[] }) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const key = faults.map((fault) => fault.field).join();
  useEffect(() => {
    if (key !== '') box.current?.focus();
  }, [key]);
  if (faults.length === 0) return null;
  return (
    <div className="errsum" role="alert" tabIndex={-1} ref={box}>
      <h2>{t('ui.problem')}</h2>
      <ul>
        {faults.map((fault) => (
          <li key={fault.field + fault.message}>
            <a
              href={`#${fault.field}`}
              onClick={(event) => {
                event.preventDefault();
                focusField(fault.field);
              }}
            >
              {fault.message}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
