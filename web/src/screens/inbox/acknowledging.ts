import { useNavigate } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import type { Case, Sent } from '@/api/desk';
import { inSentence } from '@/i18n/bidi';
import { useI18n } from '@/i18n/react';
import { useAcknowledge } from '@/parts/cases';
import { useProblemText, type Words } from '@/parts/desk';
import { useSay } from '@/ui';

export type Acknowledging = {
  run: (one: Case) => void;
  busy: ReadonlySet<string>;
  /** What came back for the last one: its receipt, or what went wrong, with its case. */
  last: { case: string; reference: string; sent: Sent } | { case: string; problem: string } | null;
};

/** One key: signed, sent, and said. What cannot be done with one key opens its form. */
export function useAcknowledging(words: Words): Acknowledging {
  const { t } = useI18n();
  const { acknowledge, busy } = useAcknowledge();
  const navigate = useNavigate();
  const problem = useProblemText();
  const { announce } = useSay();
  const [last, setLast] = useState<Acknowledging['last']>(null);
  const run = useCallback(
    (one: Case) => {
      if (busy.has(one.case)) return;
      acknowledge(one, words)
        .then((result) => {
          if (result.state === 'form') void navigate({ to: `/requests/${one.reference}/act/${result.type}` });
          if (result.state !== 'sent') return;
          setLast({ case: one.case, reference: one.reference, sent: result.sent });
          announce(t('inbox.acknowledged', { reference: inSentence(one.reference) }));
        })
        .catch((error: unknown) => {
          const { text } = problem(error);
          setLast({ case: one.case, problem: text });
          announce(text);
        });
    },
    [busy, acknowledge, words, navigate, t, announce, problem],
  );
  return { run, busy, last };
}
