import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { useDesk } from '@/api/context';
import type { Case, Desk, Summary } from '@/api/desk';

/** Summaries that this browser has opened, kept in memory only, asked for in batches, each once. */
export class SummaryStore {
  #known = new Map<string, Summary>();
  #asked = new Set<string>();
  #listeners = new Set<() => void>();
  #version = 0;

  constructor(private readonly open: Desk['summaries']) {}

  get(one: Case): Summary | undefined {
    return one.summary === null ? { state: 'none' } : this.#known.get(keyOf(one));
  }

  /** Opens those that are not open yet; what fails for the connection is asked for again next time. */
  async want(authority: string, cases: readonly Case[], batch = 200): Promise<void> {
    const missing = cases.filter((one) => one.summary !== null && !this.#known.has(keyOf(one)) && !this.#asked.has(keyOf(one)));
    for (let start = 0; start < missing.length; start += batch) {
      const some = missing.slice(start, start + batch);
      for (const one of some) this.#asked.add(keyOf(one));
      try {
        const opened = await this.open(authority, some);
        for (const one of some) {
          const summary = opened[one.case];
          if (summary) this.#known.set(keyOf(one), summary);
        }
      } catch {
        for (const one of some) this.#asked.delete(keyOf(one));
        return;
      }
      this.#version += 1;
      for (const listener of this.#listeners) listener();
    }
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  version(): number {
    return this.#version;
  }
}

function keyOf(one: Case): string {
  return `${one.case}/${one.summary?.h ?? ''}`;
}

const stores = new WeakMap<Desk, Map<string, SummaryStore>>();

function storeOf(desk: Desk, authority: string): SummaryStore {
  const byAuthority = stores.get(desk) ?? new Map<string, SummaryStore>();
  stores.set(desk, byAuthority);
  const store = byAuthority.get(authority) ?? new SummaryStore((...args) => desk.summaries(...args));
  byAuthority.set(authority, store);
  return store;
}

/** Keys have left memory: what they had opened leaves too. */
export function forgetSummaries(desk: Desk): void {
  stores.delete(desk);
}

/** Looks up the summary of a case; undefined while it is being opened. */
export function useSummaries(authority: string, cases: readonly Case[]): (one: Case) => Summary | undefined {
  const desk = useDesk();
  const store = useMemo(() => storeOf(desk, authority), [desk, authority]);
  const version = useSyncExternalStore(useCallback((listener) => store.subscribe(listener), [store]), () => store.version());
  useEffect(() => {
    void store.want(authority, cases);
  }, [store, authority, cases]);
  // A new function at each change, so that whoever memoises by it renders again.
  return useMemo(() => (version < 0 ? () => undefined : (one: Case) => store.get(one)), [store, version]);
}
