import { useInfiniteQuery, useQueryClient, type InfiniteData, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useDesk } from '@/api/context';
import type { Case, CasePage, CaseQuery, LiveEvent } from '@/api/desk';
import { teamPageId } from '@/parts/draft';

export type CaseList = { cases: readonly Case[]; query: UseInfiniteQueryResult<InfiniteData<CasePage>>; whole: boolean };

/** A list of cases, page by page, each case once. */
export function useCases(query: CaseQuery, enabled = true): CaseList {
  const desk = useDesk();
  const result = useInfiniteQuery({
    queryKey: ['cases', query],
    queryFn: ({ pageParam }) => desk.cases({ limit: 200, ...query, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 30_000,
    enabled,
  });
  const pages = result.data?.pages;
  const cases = useMemo(() => {
    const seen = new Map<string, Case>();
    for (const page of pages ?? []) for (const one of page.items) if (!seen.has(one.case)) seen.set(one.case, one);
    return [...seen.values()];
  }, [pages]);
  return { cases, query: result, whole: !result.hasNextPage };
}

/** What an event says to fetch again, where it is not a case or a draft. */
const FETCHED_ANEW = {
  duty: ['duty'],
  waiting: ['waiting', 'enrolments', 'directory'],
  enrolment: ['invitations', 'enrolments'],
  again: ['duty', 'waiting', 'invitations', 'enrolments', 'notes', 'drafts', 'team-page'],
} as const;

/** Fetches again what an event says has changed; many events at once make one fetch. */
export function useLiveCases(authority: string): void {
  const desk = useDesk();
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = new Set<string>();
    const written = new Set<string>();
    const page = teamPageId(authority);
    const flush = () => {
      timer = undefined;
      if (written.size > 0) void flushDrafts();
      if (changed.size === 0) return;
      void client.invalidateQueries({ queryKey: ['cases'] });
      for (const id of changed) void client.invalidateQueries({ queryKey: ['case', id] });
      changed.clear();
    };
    const flushDrafts = async () => {
      const all = [...written];
      written.clear();
      for (const queryKey of [['notes', authority], ['drafts', 'team', authority]]) void client.invalidateQueries({ queryKey });
      if (all.includes(await page)) void client.invalidateQueries({ queryKey: ['team-page', authority] });
    };
    const stop = desk.events(authority, (event) => {
      if (event.name === 'presence') return;
      if (event.name === 'duty' || event.name === 'waiting' || event.name === 'enrolment' || event.name === 'again') {
        for (const key of FETCHED_ANEW[event.name]) void client.invalidateQueries({ queryKey: [key] });
        return;
      }
      timer ??= setTimeout(flush, 150);
      if (event.name === 'draft') {
        written.add(event.data.draft);
        return;
      }
      if (event.data.t.startsWith('dir.') || event.data.t.startsWith('ring.')) void client.invalidateQueries({ queryKey: ['directory'] });
      changed.add(event.data.case);
      changed.add(event.data.reference);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [desk, client, authority]);
}

export type Present = { officer: string; state: 'reading' | 'writing'; at: number };
const LAPSES = 60_000;

/** Adds what an event tells to who is where; by case. Whoever has left, or has not been heard of for a minute, is gone. */
export function withPresence(before: ReadonlyMap<string, readonly Present[]>, event: Extract<LiveEvent, { name: 'presence' }>['data'], now: number): ReadonlyMap<string, readonly Present[]> {
  const after = new Map<string, readonly Present[]>();
  for (const [id, people] of before) {
    const still = people.filter((one) => now - one.at < LAPSES && !(id === event.case && one.officer === event.officer));
    if (still.length > 0) after.set(id, still);
  }
  if (event.state !== 'left') after.set(event.case, [...(after.get(event.case) ?? []), { officer: event.officer, state: event.state, at: now }]);
  return after;
}

/** Who of my authority is in which case; without me. */
export function usePresence(authority: string, me: string): ReadonlyMap<string, readonly Present[]> {
  const desk = useDesk();
  const [present, setPresent] = useState<ReadonlyMap<string, readonly Present[]>>(new Map());
  useEffect(
    () =>
      desk.events(authority, (event) => {
        if (event.name === 'presence' && event.data.officer !== me) setPresent((before) => withPresence(before, event.data, Date.now()));
      }),
    [desk, authority, me],
  );
  return present;
}

/** Tells my authority that I am in this case, as long as the screen is open. */
export function useTellPresence(caseId: string | null, state: 'reading' | 'writing'): void {
  const desk = useDesk();
  useEffect(() => {
    if (caseId === null) return;
    const tell = (now: 'reading' | 'writing' | 'left') => void desk.presence(caseId, now).catch(() => undefined);
    tell(state);
    const timer = setInterval(() => tell(state), 30_000);
    return () => {
      clearInterval(timer);
      tell('left');
    };
  }, [desk, caseId, state]);
}
