// What the desk says when it cannot: a stable rule, and where the hub spoke, its problem details.

export type ErrorKind =
  | 'invalid' | 'not_found' | 'unauthenticated' | 'refused' | 'conflict' | 'not_authentic' | 'unavailable' | 'too_large' | 'internal';

export interface ErrorFault {
  readonly pointer: string;
  readonly code: string;
  readonly params: { readonly [name: string]: unknown };
}

export interface ErrorParts {
  readonly kind: ErrorKind;
  /** Words: `rule.<rule>` of the rulebook, else catalogue key `error.<rule>`, else `title`. */
  readonly rule: string;
  readonly detail: string;
  /** In the reader's language, from the hub; null where this browser spoke. */
  readonly title?: string | null;
  /** The article behind the rule. */
  readonly source?: string | null;
  readonly status?: number | null;
  readonly traceId?: string | null;
  readonly retryAfter?: number | null;
  readonly faults?: readonly ErrorFault[];
}

/** `desk.offline`: the hub could not be reached; safe to repeat. `not_authentic`: never repeat, show in red. */
export class DeskError extends Error {
  readonly kind: ErrorKind;
  readonly rule: string;
  readonly title: string | null;
  readonly source: string | null;
  readonly status: number | null;
  readonly traceId: string | null;
  readonly retryAfter: number | null;
  readonly faults: readonly ErrorFault[];

  constructor(parts: ErrorParts) {
    super(parts.detail);
    this.name = 'DeskError';
    this.kind = parts.kind;
    this.rule = parts.rule;
    this.title = parts.title ?? null;
    this.source = parts.source ?? null;
    this.status = parts.status ?? null;
    this.traceId = parts.traceId ?? null;
    this.retryAfter = parts.retryAfter ?? null;
    this.faults = parts.faults ?? [];
  }
}
