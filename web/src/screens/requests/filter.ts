import type { CaseQuery } from '@/api/desk';

const VIEWS = ['inbox', 'sent', 'open', 'closed', 'all'] as const;

/** What the list of requests shows; lives in the address, so that a view can be kept and sent to a colleague. */
export type Filter = { view: (typeof VIEWS)[number]; kind?: string; country?: string; state?: string };

const WORD = /^[a-z0-9-]{1,64}$/;

/** Reads the address; what does not fit is left out. A state belongs to a kind and goes with it. */
export function readFilter(search: Readonly<Record<string, unknown>>): Filter {
  const word = (name: string) => {
    const value = search[name];
    return typeof value === 'string' && WORD.test(value) ? value : undefined;
  };
  const kind = word('kind');
  const country = word('country');
  const state = kind === undefined ? undefined : word('state');
  return { view: VIEWS.find((view) => view === search['view']) ?? 'open', ...(kind ? { kind } : {}), ...(country ? { country } : {}), ...(state ? { state } : {}) };
}

export function caseQuery(authority: string, filter: Filter): CaseQuery {
  return { authority, ...filter };
}

/** Two filters show the same. */
export function sameFilter(a: Filter, b: Filter): boolean {
  return a.view === b.view && a.kind === b.kind && a.country === b.country && a.state === b.state;
}
