import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import type { Step } from '@/api/desk';
import { useI18n } from '@/i18n/react';

const ICONS = { holds: CircleCheck, fails: CircleX, not_shown: CircleDashed };

/** What this browser looked at, step by step, and what it found. */
export function StepList({ steps }: { steps: readonly Step[] }) {
  const { t, has } = useI18n();
  return (
    <ol className="steps">
      {steps.map((step, index) => {
        const Icon = ICONS[step.finding];
        const key = `verdict.${step.check}.${step.finding}`;
        return (
          <li key={index} className={step.finding}>
            <Icon className="icon" size={20} aria-hidden />
            <span>
              <span className="vh">{t(`proof.finding.${step.finding}`)}: </span>
              {has(key) ? t(key, { ...step.params }) : step.detail}
              {step.finding === 'fails' && step.rule !== null && <small className="hint"> {t('proof.rule', { rule: `\u2066${step.rule}\u2069` })}</small>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
