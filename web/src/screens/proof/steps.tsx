import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import type { Step } from '@/api/desk';
import { useI18n, type I18n } from '@/i18n/react';
import { useWords, type Words } from '@/parts/desk';

const ICONS = { holds: CircleCheck, fails: CircleX, not_shown: CircleDashed };

/** What this browser looked at, step by step, and what it found. */
export function StepList({ steps }: { steps: readonly Step[] }) {
  const i18n = useI18n();
  const { t } = i18n;
  const names = useWords();
  return (
    <ol className="steps">
      {steps.map((step, index) => {
        const Icon = ICONS[step.finding];
        return (
          <li key={index} className={step.finding}>
            <Icon className="icon" size={20} aria-hidden />
            <span>
              <span className="vh">{t(`proof.finding.${step.finding}`)}: </span>
              {inWords(step, i18n, names)}
              {step.finding === 'fails' && step.rule !== null && <small className="hint"> {t('proof.rule', { rule: `\u2066${step.rule}\u2069` })}</small>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** Authorities by their names; an officer is known to all by nothing but the pseudonym. */
const nameOf = (value: Step['params'][string], names: Pick<Words, 'authority'>) => (typeof value === 'string' && value.startsWith('au:') ? names.authority(value) : value);

/** The step as a sentence; where a place of the sentence has no value, what the checker wrote down itself. */
export function inWords(step: Step, { t, has }: Pick<I18n, 't' | 'has'>, names: Pick<Words, 'authority'>): string {
  const key = `verdict.${step.check}.${step.finding}`;
  if (!has(key)) return step.detail;
  try {
    return t(key, Object.fromEntries(Object.entries(step.params).map(([name, value]) => [name, nameOf(value, names)])));
  } catch {
    return step.detail;
  }
}
