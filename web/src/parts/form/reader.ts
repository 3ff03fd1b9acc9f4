import { useMemo } from 'react';
import { RuleWords, type Rulebook } from '@/forms';
import { useI18n } from '@/i18n/react';

/** The rulebook's words in the reader's language. */
export function useRuleWords(rules: Rulebook): RuleWords {
  const { lang } = useI18n();
  return useMemo(() => new RuleWords(rules, lang), [rules, lang]);
}
