import { useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { useDesk } from '@/api/context';
import { CATCH_UP, readsCases, useRules, type Seat } from '@/parts/desk';
import { nowByHub } from '@/ui';
import { changeTeamPage, loadTeamPage, type TeamPage } from './page';

export function useTeamPage(seat: Seat): UseQueryResult<TeamPage> {
  const desk = useDesk();
  return useQuery({ queryKey: ['team-page', seat.authority], queryFn: async () => (await loadTeamPage(desk, seat.authority)).page, enabled: readsCases(seat), refetchInterval: CATCH_UP, retry: false });
}

export function useChangeTeamPage(seat: Seat): UseMutationResult<TeamPage, Error, (page: TeamPage) => TeamPage> {
  const desk = useDesk();
  const client = useQueryClient();
  const rules = useRules();
  return useMutation({
    mutationFn: (change: (page: TeamPage) => TeamPage) => changeTeamPage(desk, seat.authority, rules.data?.kinds[0]?.kind ?? '', nowByHub(), change),
    onSuccess: (page) => client.setQueryData(['team-page', seat.authority], page),
  });
}
