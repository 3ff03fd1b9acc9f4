// What acts are opened into, and made from. Plain values that can be structured-cloned: the facade gives them to the
// screens as they are.

import type { Verdict } from '@/proof/verdict';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type Answers = { readonly [field: string]: Json };
/** `of:fr:…`, `au:fr:central`, `cc:fr`, `org`. */
export type Subject = string;
export type AuthorityId = string;
export type KeyId = string;
export type ActId = string;
export type CaseId = string;
/** RFC 3339, UTC, whole seconds. */
export type Time = string;

// ---- what was checked

// ---- cases, opened

export interface FileEntry {
  readonly fid: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly sha256: string;
  readonly note: string;
}
export interface Translation {
  readonly language: string;
  readonly maker: string;
  /** Empty: nobody has checked it. */
  readonly checkedBy: string;
  readonly answers: Answers;
}
export interface OpenedDocument {
  readonly form: string;
  readonly rulebook: string;
  readonly basis: string;
  readonly issuing: AuthorityId;
  readonly receiving: readonly AuthorityId[];
  /** Sealed and routing fields together, as the form reads them. */
  readonly answers: Answers;
  /** The subject of the certificate that signed. */
  readonly signer: string;
  readonly signedAt: Time | null;
  readonly commitment: string;
}
/** `before-us`: written before the authority came into the case, and sealed to those who had it then. */
export type Unopened = 'not-sealed-to-me' | 'before-us' | 'no-key' | 'not-valid' | 'not-fetched';
export interface OpenedAct {
  readonly id: ActId;
  readonly index: number;
  /** When the hub admitted it: checked by the receipt. */
  readonly time: Time;
  readonly type: string;
  readonly by: Subject;
  readonly for: AuthorityId;
  readonly to: readonly AuthorityId[];
  /** The signer's clock. */
  readonly at: Time;
  readonly device: KeyId;
  readonly routing: Answers;
  /** Authorities that can read the content. */
  readonly readers: readonly AuthorityId[];
  readonly verdict: Verdict;
  /** Null: there is none, or `unopened` says why not. Where the verdict fails, content may still be here: hide it behind a choice. */
  readonly document: OpenedDocument | null;
  readonly summary: string | null;
  readonly translations: readonly Translation[];
  readonly files: readonly FileEntry[];
  readonly unopened: Unopened | null;
  /** By one of my own authority. */
  readonly mine: boolean;
}
export type Summary =
  | { readonly state: 'open'; readonly text: string; readonly verdict: Verdict }
  | { readonly state: 'none' }
  | { readonly state: 'closed'; readonly why: Unopened; readonly verdict: Verdict | null };

// ---- writing

export interface Attachment {
  readonly fid: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly sha256: string;
  readonly note: string;
}
export interface Intention {
  readonly type: string;
  readonly authority: AuthorityId;
  readonly to: readonly AuthorityId[];
  /** Null: the act opens a case. */
  readonly case: CaseId | null;
  readonly basis: string;
  readonly answers: Answers;
  readonly language: string;
  /** At most 120 characters; empty: none. */
  readonly summary: string;
  readonly translations: readonly Translation[];
  /** Ids that `attach` gave. */
  readonly files: readonly string[];
  /** Rulebook digest of the form that was filled in; null: the one in force. */
  readonly rulebook?: string | null;
}
export interface Defect {
  /** `persons.0.name`. */
  readonly path: string;
  /** Words at `defect.<code>`. */
  readonly code: string;
  readonly params: { readonly [name: string]: Json };
}
/** What stands before the signer. It is kept in the worker under `id` until it is sent or dropped. */
export interface Prepared {
  readonly id: string;
  readonly intention: Intention;
  readonly defects: readonly Defect[];
  /** Answers that the form hides: they do not go out. */
  readonly removed: readonly string[];
  readonly readers: readonly AuthorityId[];
  /** Routing fields and labels: all that the hub can read of the content. */
  readonly hubSees: Answers;
  readonly assurance: 'session' | 'step-up' | 'two-person';
  readonly sealedBytes: number;
  readonly signer: Subject;
  readonly device: KeyId;
  /** Keys of receivers that this browser seals to for the first time. */
  readonly newKeys: readonly { readonly authority: AuthorityId; readonly kid: KeyId; readonly generation: number; readonly since: Time }[];
  /** What the hub says of the act beforehand; null when it could not be asked. Nothing is signed for it. */
  readonly rehearsal: { readonly allowed: boolean; readonly rule: string | null; readonly title: string | null } | null;
}
export interface Sent {
  readonly id: ActId;
  readonly index: number;
  readonly time: Time;
  readonly case: CaseId | null;
  readonly reference: string | null;
  readonly verdict: Verdict;
  readonly receipt: string;
  readonly witnessed: boolean;
}
/** By which act this device was shut out. Unless `checked` it is the hub's word, and says no more than that. */
export interface Revocation {
  readonly what: 'device' | 'officer';
  readonly by: Subject | null;
  readonly key: KeyId | null;
  readonly at: Time | null;
  readonly why: string | null;
  readonly index: number | null;
  readonly checked: boolean;
}
/** A mandate that the hub honours no more. `unexplained`: the verified directory gives no reason for it. */
export interface EndedMandate {
  readonly authority: AuthorityId;
  readonly roles: readonly string[];
  /** Its own date, or its authority or its country was closed. */
  readonly why: 'until' | 'authority' | 'country' | 'unexplained';
  readonly since: Time;
  /** The act of the ledger, verified here, that closed it, or that gave it with its date. */
  readonly act: { readonly index: number; readonly time: Time; readonly by: Subject; readonly key: KeyId } | null;
}
export interface OutboxItem {
  readonly id: ActId;
  readonly type: string;
  readonly case: CaseId | null;
  readonly to: readonly AuthorityId[];
  readonly signedAt: Time;
  /** `confirm`: older than 15 minutes or the world has moved; a person must say again that it goes. */
  readonly state: 'waiting' | 'sending' | 'confirm' | 'refused';
  readonly attempts: number;
  readonly rule: string | null;
  readonly title: string | null;
}
