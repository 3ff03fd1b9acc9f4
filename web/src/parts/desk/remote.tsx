import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorHere, Loading, NotAllowed, OfflineHere, Page, RedHere } from '@/ui';
import { useProblemText } from './problem';

type Props<T> = {
  query: UseQueryResult<T>;
  rows?: number;
  /** Where what comes is the whole page: the title under which its other states stand, for a page without one leads nowhere. */
  title?: string;
  children: (data: T) => ReactNode;
};

/** What a query brings, or the state it is in: loading, offline, not allowed, error. Old data stays on the page while new is fetched. */
export function Remote<T>({ query, rows, title, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data);
  const state = <Missing query={query} rows={rows} />;
  return title === undefined ? state : <Page title={title}>{state}</Page>;
}

function Missing<T>({ query, rows }: { query: UseQueryResult<T>; rows: number | undefined }) {
  const problem = useProblemText();
  if (query.isPending) return <Loading {...(rows === undefined ? {} : { rows })} />;
  const { text, kind, rule, trace } = problem(query.error);
  if (rule === 'desk.offline') return <OfflineHere />;
  if (kind === 'not_authentic') return <RedHere text={text} onRetry={() => void query.refetch()} />;
  if (kind === 'refused') return <NotAllowed>{text}</NotAllowed>;
  return <ErrorHere text={text} trace={trace ?? undefined} onRetry={() => void query.refetch()} />;
}
