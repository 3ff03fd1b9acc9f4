import { useState, type ReactNode } from 'react';
import { useI18n } from '@/i18n/react';
import { useProblemText } from '@/parts/desk';
import { Button, Dialog, Notice, RadioGroup } from '@/ui';

type Props<Reason extends string> = {
  title: string;
  /** The verb, on the button. */
  action: string;
  /** With their words; none: nothing is asked, and `otherwise` is what is given. */
  reasons: readonly (readonly [Reason, string])[];
  otherwise?: Reason | undefined;
  /** What is being done with the reason. */
  doing: { readonly isPending: boolean; readonly error: unknown; mutate(reason: Reason): void };
  onClose: () => void;
  children: ReactNode;
  /** Under the reasons. */
  foot?: ReactNode;
};

/** Asks why before something is taken from somebody. A reason is chosen, not written: the hub reads it. */
export function ReasonDialog<Reason extends string>({ title, action, reasons, otherwise, doing, onClose, children, foot }: Props<Reason>) {
  const { t } = useI18n();
  const problem = useProblemText();
  const [why, setWhy] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const go = () => {
    const reason = reasons.find(([id]) => id === why)?.[0] ?? otherwise;
    if (reason === undefined) setMissing(true);
    else doing.mutate(reason);
  };
  return (
    <Dialog alert title={title} isOpen onClose={onClose} actions={<><Button kind="primary" busy={doing.isPending} onPress={go}>{action}</Button><Button onPress={onClose}>{t('ui.cancel')}</Button></>}>
      {children}
      {doing.error !== null && <Notice tone="bad" live><p>{problem(doing.error).text}</p></Notice>}
      {reasons.length > 0 && <RadioGroup label={t('admin.revoke.why')} error={missing && why === null ? t('admin.revoke.why.missing') : undefined} value={why} onChange={setWhy} options={reasons.map(([id, label]) => ({ id, label }))} />}
      {foot}
    </Dialog>
  );
}
