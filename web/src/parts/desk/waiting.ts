import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useDesk } from '@/api/context';
import type { WaitingAct } from '@/api/desk';
import { CATCH_UP, type Seat } from './queries';

export const administers = (seat: Seat): boolean => seat.roles.includes('administrator');

/** Acts that two administrators must sign. Events say when there is something new. */
export function useWaiting(seat: Seat): UseQueryResult<readonly WaitingAct[]> {
  const desk = useDesk();
  return useQuery({ queryKey: ['waiting', seat.authority], queryFn: () => desk.waitingActs(), enabled: administers(seat), refetchInterval: CATCH_UP });
}

/** Acts that a colleague has begun and that hold: they wait for me. */
export const forMe = (acts: readonly WaitingAct[]): number => acts.filter((one) => one.state === 'waiting' && !one.mine).length;
