import { DeskError } from '@/api/error';
import { useI18n, type I18n } from '@/i18n/react';
import type { Rulebook } from '@/forms';
import { useRules } from './queries';

export type ProblemText = { text: string; kind: DeskError['kind'] | 'crash'; rule: string | null; source: string | null; trace: string | null };

/** What went wrong, in the reader's language: the rule's words, else the desk's own, else what the hub said. */
export function problemText(error: unknown, { lang, t, has }: Pick<I18n, 'lang' | 't' | 'has'>, rules: Rulebook | undefined): ProblemText {
  if (!(error instanceof DeskError)) return { text: t('state.error.crash'), kind: 'crash', rule: null, source: null, trace: null };
  const own = `error.${error.rule}`;
  const known = rules?.word(lang, `rule.${error.rule}`);
  // Words with places belong to the hub, which knows what stands there.
  const ready = known !== undefined && error.title !== null && /\{[a-z_]+\}/.test(known) ? error.title : known;
  const text = ready ?? (has(own) ? t(own) : undefined) ?? error.title ?? t('problem.other', { rule: error.rule });
  return { text, kind: error.kind, rule: error.rule, source: error.source, trace: error.traceId };
}

export function useProblemText(): (error: unknown) => ProblemText {
  const i18n = useI18n();
  const rules = useRules().data;
  return (error) => problemText(error, i18n, rules);
}
