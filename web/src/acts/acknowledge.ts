// A receiver's word to the sender: the act has arrived, or its content was opened. Signed by the device that has it.

import type { Said } from './compose';
import type { Opening } from './open';

/** What was said already, by the hub's record of the act. */
export interface Told {
  readonly delivered: boolean;
  readonly opened: boolean;
}

/** Null: there is nothing to say. The act was not sent to `reader`, does not hold, has nothing open, or it was said already. */
export function acknowledgementOf({ act, signed, opened }: Opening, reader: string, told: Told, what: 'ack.delivered' | 'ack.opened'): Said | null {
  if (!act.verdict.good || signed.act.case === null || !act.to.includes(reader)) return null;
  if (told.opened || (told.delivered && what === 'ack.delivered')) return null;
  if (what === 'ack.opened' && act.document === null) return null;
  return { type: what, to: [], case: signed.act.case, previous: act.id, objects: [], d: { act: act.id, cc: [...opened] } };
}
