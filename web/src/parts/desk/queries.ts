import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useDesk } from '@/api/context';
import type { Me, SessionState, Status, VerifiedDirectory } from '@/api/desk';
import { loadBundle, type Rulebook } from '@/forms';
import { hasNewDesk } from '@/offline/register';
import { useSettings } from './settings';

/** What changes is told as it happens, by the hub that this browser reached; this is for what another hub of several was told. */
export const CATCH_UP = 300_000;

/** What the hub is. Needs no session. */
export function useStatus(): UseQueryResult<Status> {
  const desk = useDesk();
  return useQuery({ queryKey: ['status'], queryFn: () => desk.status(), staleTime: 60_000, refetchInterval: 300_000 });
}

/** Whether the hub gives another desk by now than the one that runs here. */
export function useNewDesk(): boolean {
  // Another hash is a reason to look again at once. A hub may name none, as where another server gives the desk's files.
  const bundle = useStatus().data?.desk;
  // Without a line nobody can say; with it, it is asked again.
  const { online } = useConnection();
  return useQuery({ queryKey: ['new-desk', bundle], queryFn: hasNewDesk, enabled: bundle !== undefined && online, staleTime: 300_000 }).data ?? false;
}

export function useSession(): SessionState {
  const desk = useDesk();
  return useSyncExternalStore(
    useCallback((changed) => desk.onSession(changed), [desk]),
    () => desk.session(),
  );
}

export type Seat = { authority: string; kind: string; roles: readonly string[]; officer: string; me: Me };

/** An administrator's key belongs to the authority itself: it appoints and admits, and opens no case. */
export const readsCases = (seat: Seat): boolean => seat.officer !== seat.authority;

/** For whom the person acts now; null without a session. Where there are several authorities, the one that the person chose. */
export function useSeat(): Seat | null {
  const session = useSession();
  const { authority } = useSettings();
  if (session.state !== 'open') return null;
  const { me } = session;
  const chosen = me.authorities.find((one) => one.authority === authority) ?? me.authorities.find((one) => one.authority === session.identity.authority) ?? me.authorities[0];
  if (chosen) return { authority: chosen.authority, kind: chosen.kind, roles: chosen.roles, officer: me.subject, me };
  if (!me.subject.startsWith('au:')) return null;
  return { authority: me.subject, kind: me.subject.split(':')[2] ?? '', roles: ['administrator'], officer: me.subject, me };
}

/** The rulebook in force, or that of `digest`. Its words are in four languages. */
export function useRules(digest: string | null = null): UseQueryResult<Rulebook> {
  const desk = useDesk();
  return useQuery({
    queryKey: ['rulebook', digest],
    queryFn: async () => {
      const bundle = await desk.rulebook(digest);
      return loadBundle({ files: { ...bundle.files } });
    },
    staleTime: Infinity,
    gcTime: Infinity,
  });
}

/** The directory as this browser computed it from the signed acts. */
export function useDirectory(): UseQueryResult<VerifiedDirectory> {
  const desk = useDesk();
  return useQuery({ queryKey: ['directory'], queryFn: () => desk.directory(), staleTime: 5 * 60_000 });
}

export type Connection = { online: boolean; skewSeconds: number | null; since: number };

/** Whether the hub can be reached, and since when that is so. */
export function useConnection(): Connection {
  const desk = useDesk();
  const [state, setState] = useState<Connection>({ online: true, skewSeconds: null, since: Date.now() });
  useEffect(
    () =>
      desk.onConnection(({ online, skewSeconds }) =>
        setState((before) => ({ online, skewSeconds, since: before.online === online ? before.since : Date.now() })),
      ),
    [desk],
  );
  return state;
}
