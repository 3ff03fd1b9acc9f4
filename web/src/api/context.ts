import { createContext, use } from 'react';

import type { Desk } from './desk';

/** The desk of this tab; `app` provides it, tests give their own. */
export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = use(DeskContext);
  if (desk === null) throw new Error('no DeskContext around this screen');
  return desk;
}
