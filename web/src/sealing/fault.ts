// Failures of the floors below `api`: a stable rule and one English sentence. The screens see them as DeskError.

export type FaultKind =
  | 'invalid' | 'not_found' | 'unauthenticated' | 'refused' | 'conflict' | 'not_authentic' | 'unavailable' | 'too_large' | 'internal';

export class Fault extends Error {
  constructor(
    readonly kind: FaultKind,
    readonly rule: string,
    message: string,
    /** The member at fault, `act.obj.0.h`; empty where there is none. */
    readonly path = '',
  ) {
    super(message);
    this.name = 'Fault';
  }
}

/** For our own promises: what cannot happen unless this program is wrong. */
export function ensure(promise: boolean, what: string): asserts promise {
  if (!promise) throw new Fault('internal', 'internal', `internal: ${what}`);
}

export const ruleOf = (error: unknown): string => (error instanceof Fault ? error.rule : 'internal');
export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
