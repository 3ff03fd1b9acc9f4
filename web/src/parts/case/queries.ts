import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useDesk } from '@/api/context';
import type { Ability, OpenedAct, OpenedCase, ProofPage } from '@/api/desk';

/** Leads to an address of the desk. */
export function useGo(): (href: string, how?: 'push' | 'replace') => void {
  const router = useRouter();
  return (href, how = 'push') => router.history[how](href);
}

/** A case by its reference, opened and checked here. */
export function useCase(authority: string | null, reference: string): UseQueryResult<OpenedCase> {
  const desk = useDesk();
  return useQuery({ queryKey: ['case', authority, reference], queryFn: () => desk.openCase(authority ?? '', reference), enabled: authority !== null && reference !== '' });
}

/** Fetches the case again when the hub tells of an act in it. */
export function useFollowCase(authority: string | null, reference: string): void {
  const desk = useDesk();
  const queries = useQueryClient();
  useEffect(() => {
    if (authority === null) return undefined;
    return desk.events(authority, (event) => {
      if ((event.name === 'act' || event.name === 'note') && event.data.reference === reference) {
        void queries.invalidateQueries({ queryKey: ['case', authority, reference] });
        void queries.invalidateQueries({ queryKey: ['abilities', 'case'] });
      }
    });
  }, [desk, queries, authority, reference]);
}

/** What may be done in a case, as the hub says it. */
export function useCaseAbilities(caseId: string | undefined): UseQueryResult<readonly Ability[]> {
  const desk = useDesk();
  return useQuery({ queryKey: ['abilities', 'case', caseId], queryFn: () => desk.caseAbilities(caseId ?? ''), enabled: caseId !== undefined });
}

/** What may be begun. */
export function useOpenings(authority: string | null): UseQueryResult<readonly Ability[]> {
  const desk = useDesk();
  return useQuery({ queryKey: ['abilities', authority], queryFn: () => desk.abilities(authority ?? ''), enabled: authority !== null });
}

export function useAct(authority: string | null, act: string): UseQueryResult<OpenedAct> {
  const desk = useDesk();
  return useQuery({ queryKey: ['act', authority, act], queryFn: () => desk.openAct(authority ?? '', act), enabled: authority !== null && act !== '' });
}

export function useProof(authority: string | null, act: string): UseQueryResult<ProofPage> {
  const desk = useDesk();
  return useQuery({ queryKey: ['proof', authority, act], queryFn: () => desk.proof(authority ?? '', act), enabled: authority !== null && act !== '' });
}
