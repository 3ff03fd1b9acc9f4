import { ShieldX } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Verdict } from '@/api/desk';
import { useT } from '@/i18n/react';
import { StepList } from '../proof/steps';
import { Button } from '@/ui';

/** Something does not verify. What was found stands here in red; the content only after a person has chosen to see it. */
export function Untrusted({ verdict, children }: { verdict: Verdict; children: ReactNode }) {
  const t = useT();
  const [shown, setShown] = useState(false);
  return (
    <div className="redpage" role="alert">
      <h3><ShieldX className="icon" size={20} aria-hidden /> {t('proof.red.title')}</h3>
      <p>{t('proof.red.text')}</p>
      <StepList steps={verdict.steps.filter((step) => step.finding === 'fails')} />
      <p>{t('proof.red.help')}</p>
      {shown ? <div>{children}</div> : <Button onPress={() => setShown(true)}>{t('proof.red.show')}</Button>}
    </div>
  );
}
