import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorHere, Loading, NotAllowed, OfflineHere } from '@/ui';
import { useProblemText } from './problem';

/** What a query brings, or the state it is in: loading, offline, not allowed, error. Old data stays on the page while new is fetched. */
export function Remote<T>({ query, rows, children }: { query: UseQueryResult<T>; rows?: number; children: (data: T) => ReactNode }) {
  const problem = useProblemText();
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <Loading {...(rows === undefined ? {} : { rows })} />;
  const { text, kind, rule, trace } = problem(query.error);
  if (rule === 'desk.offline') return <OfflineHere />;
  if (kind === 'refused') return <NotAllowed>{text}</NotAllowed>;
  return <ErrorHere text={text} trace={trace ?? undefined} onRetry={() => void query.refetch()} />;
}
