// The values that the facade of the desk gives and takes. All of them can be structured-cloned: they cross from the
// worker, where everything is checked, to the screens. What is marked "hub" is the hub's word, for convenience only;
// what is marked "checked" this browser has verified.

import type { AuthorityId, KeyId, OpenedAct, Revocation, Subject, Time } from '@/acts/model';

import type * as hub from './generated';

export type * from '@/acts/model';
export type { Check, Finding, Step, StepParams, Verdict } from '@/proof/verdict';
export type { Ability, Case, CaseAct, CaseFile, CaseNote, CasePage, Clock, Event, Me, Problem, Status, Thread } from './generated';

/** A fork, a rollback, a key or an act that does not hold: written down with its evidence until a person has looked. */
export interface Alarm {
  readonly at: Time;
  /** `mirror.fork`, `mirror.rollback`, `mirror.feed`, … Words at `alarm.<rule>`. */
  readonly rule: string;
  readonly detail: string;
  readonly evidence: string;
}

// ---- keys and sessions

export interface Identity {
  readonly kid: KeyId;
  readonly officer: Subject;
  readonly authority: AuthorityId | null;
  readonly name: string;
  /** `prf`: locked by a passkey. `soft`: non-extractable in this browser. `demonstration`: anybody may open it. */
  readonly custody: 'prf' | 'soft' | 'demonstration';
  readonly state: 'enrolling' | 'ready' | 'revoked';
  readonly lastUsed: Time | null;
}
export type SessionState =
  | { readonly state: 'none' }
  | { readonly state: 'locked'; readonly identity: Identity }
  /** The hub lets this device in no more. What it keeps stays. */
  | { readonly state: 'revoked'; readonly identity: Identity; readonly revocation: Revocation }
  | { readonly state: 'open'; readonly identity: Identity; readonly me: hub.Me; readonly expiresAt: Time };

export interface DemonstrationPerson {
  readonly subject: Subject;
  /** Which of the administrators who go by their authority's name. */
  readonly number?: number;
  readonly name: string;
  readonly authority: AuthorityId;
  readonly kind: string;
  readonly country: string;
  readonly roles: readonly string[];
  readonly languages: readonly string[];
  readonly title: { readonly [language: string]: string };
}

export interface OpenedCase {
  /** Hub: state, clocks, whose turn, what I can do. */
  readonly file: hub.CaseFile;
  readonly acts: readonly OpenedAct[];
  /** False if one act of the case does not hold. */
  readonly good: boolean;
  readonly fetchedAt: Time;
  /** Read from this device, without the hub. */
  readonly offline: boolean;
}
