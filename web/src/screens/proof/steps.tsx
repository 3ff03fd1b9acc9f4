import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import type { Step } from '@/api/desk';
import { useI18n, type I18n } from '@/i18n/react';

const ICONS = { holds: CircleCheck, fails: CircleX, not_shown: CircleDashed };

/** What this browser looked at, step by step, and what it found. */
export function StepList({ steps }: { steps: readonly Step[] }) {
  const i18n = useI18n();
  const { t } = i18n;
  return (
    <ol className="steps">
      {steps.map((step, index) => {
        const Icon = ICONS[step.finding];
        return (
          <li key={index} className={step.finding}>
            <Icon className="icon" size={20} aria-hidden />
            <span>
              <span className="vh">{t(`proof.finding.${step.finding}`)}: </span>
              {inWords(step, i18n)}
              {step.finding === 'fails' && step.rule !== null && <small className="hint"> {t('proof.rule', { rule: `\u2066${step.rule}\u2069` })}</small>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** The step as a sentence; where a place of the sentence has no value, what the checker wrote down itself. */
export function inWords(step: Step, { t, has }: Pick<I18n, 't' | 'has'>): string {
  const key = `verdict.${step.check}.${step.finding}`;
  if (!has(key)) return step.detail;
  try {
    return t(key, { ...step.params });
  } catch {
    return step.detail;
  }
}
