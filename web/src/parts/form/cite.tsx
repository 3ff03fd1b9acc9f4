import { isolate } from '@/i18n/bidi';
import { useT } from '@/i18n/react';
import type { RuleWords } from '@/forms';

/** The article that a field, a ground or a time limit stands on. */
export function Cite({ source, words }: { source: string | undefined; words: RuleWords }) {
  const t = useT();
  if (source === undefined || source === '') return null;
  const { instrument, article } = words.cite(source);
  return <span className="cite">{article === '' ? instrument : t('forms.cite', { instrument: isolate(instrument), article: isolate(article) })}</span>;
}
