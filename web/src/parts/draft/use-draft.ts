import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { useDesk } from '@/api/context';
import type { Desk } from '@/api/desk';
import { DeskError } from '@/api/error';
import { DraftStore, type OpenDraft } from './store';

const open = new WeakMap<Desk, Map<string, DraftStore>>();

function storesOf(desk: Desk): Map<string, DraftStore> {
  let stores = open.get(desk);
  if (!stores) {
    stores = new Map();
    open.set(desk, stores);
  }
  return stores;
}

/** The device that versions are counted by; another browser of the same person is another device. */
function deviceOf(desk: Desk): string {
  const session = desk.session();
  return session.state === 'none' ? 'nobody' : session.identity.kid;
}

async function openStore(desk: Desk, id: string): Promise<DraftStore> {
  const stores = storesOf(desk);
  const known = stores.get(id);
  if (known) return known;
  const draft = await desk.loadDraft(id);
  if (!draft) throw new DeskError({ kind: 'not_found', rule: 'draft.unknown', detail: `no draft ${id} on this device` });
  const saved = (await desk.listDrafts()).find((one) => one.id === id)?.updatedAt ?? new Date().toISOString();
  const store = stores.get(id) ?? new DraftStore(desk, draft, saved, deviceOf(desk));
  stores.set(id, store);
  return store;
}

/** The draft of this id, loaded once and shared by the pages that show it. Leaving or hiding the page writes what waits. */
export function useDraftStore(id: string) {
  const desk = useDesk();
  const query = useQuery({ queryKey: ['draft', id], queryFn: () => openStore(desk, id), staleTime: Infinity, gcTime: 0, structuralSharing: false });
  const store = query.data;
  useEffect(() => {
    if (!store) return undefined;
    const flush = () => void store.flush();
    const hidden = () => document.visibilityState === 'hidden' && flush();
    document.addEventListener('visibilitychange', hidden);
    window.addEventListener('pagehide', flush);
    return () => {
      flush();
      document.removeEventListener('visibilitychange', hidden);
      window.removeEventListener('pagehide', flush);
    };
  }, [store]);
  return query;
}

export function useOpenDraft(store: DraftStore): OpenDraft {
  return useSyncExternalStore(store.subscribe, store.current);
}

/** The draft has been sent or deleted: forget it in memory and on this device. */
export function useForgetDraft(): (id: string) => Promise<void> {
  const desk = useDesk();
  const queries = useQueryClient();
  return async (id) => {
    await storesOf(desk).get(id)?.flush();
    storesOf(desk).delete(id);
    await desk.deleteDraft(id);
    queries.removeQueries({ queryKey: ['draft', id] });
    await queries.invalidateQueries({ queryKey: ['drafts'] });
  };
}
