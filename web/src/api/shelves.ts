// The verified copy and the outbox, on this browser's shelves.

import type { Bytes } from '@/sealing/bytes';
import type { Store } from '@/sealing/store';
import { alone } from '@/sealing/store';
import type { MirrorState, MirrorStore } from '@/acts/mirror';
import type { OutboxStore, Waiting } from '@/acts/outbox';

export function mirrorShelf(store: Store): MirrorStore {
  return {
    async load() {
      const state = await store.get<MirrorState>('mirror', 'state');
      if (state === null) return null;
      const tiles: Bytes[] = [];
      for (let number = 0; number * 256 < state.size; ++number) tiles.push((await store.get<Bytes>('mirror', `tile/${number}`)) ?? new Uint8Array(0));
      return { state, tiles };
    },
    save: (state, tiles) => store.write('mirror', [['state', state], ...[...tiles].map(([number, bytes]) => [`tile/${number}`, bytes] as const)]),
    alone: (work) => alone('mirror', work),
  };
}

export function outboxShelf(store: Store): OutboxStore {
  return {
    list: () => store.all<Waiting>('outbox'),
    put: (item) => store.put('outbox', item.id, item),
    remove: (id) => store.remove('outbox', id),
    alone: (work) => alone('outbox', work),
  };
}
