// People, devices, drafts, events: more values of the facade. See types.ts.

import type * as hub from './generated';
import type { Answers, AuthorityId, CaseId, Identity, Intention, Json, KeyId, OpenedAct, Sent, Subject, Time, Translation, Verdict } from './types';

/** Act or note with its ledger index; the others have none: they are told once, as they happen, to whoever hears. */
export type LiveEvent =
  | { readonly name: 'act' | 'note'; readonly data: hub.Event }
  | { readonly name: 'presence'; readonly data: { readonly case: CaseId; readonly reference: string; readonly officer: Subject; readonly state: 'reading' | 'writing' | 'left'; readonly at: Time } }
  | { readonly name: 'duty'; readonly data: { readonly authority: AuthorityId; readonly listening: boolean; readonly at: Time } }
  /** Somebody of the team has written a draft anew, or removed it. */
  | { readonly name: 'draft'; readonly data: { readonly authority: AuthorityId; readonly draft: string; readonly at: Time } }
  /** To administrators: an act of the directory was left for signatures, declined, or has taken effect. */
  | { readonly name: 'waiting'; readonly data: { readonly authority: AuthorityId; readonly waiting: string; readonly at: Time } }
  /** To administrators: an invitation or its answer came or went. */
  | { readonly name: 'enrolment'; readonly data: { readonly authority: AuthorityId; readonly enrolment: string; readonly at: Time } }
  /** The line was down and is there again: what was told meanwhile, and has no index, was not heard. */
  | { readonly name: 'again' };

export interface DutyState {
  readonly authority: AuthorityId;
  readonly listening: boolean;
  readonly unheardSince: Time | null;
  readonly officers: readonly { readonly officer: Subject; readonly armed: boolean; readonly since: Time; readonly seenAt: Time }[];
}

// ---- the directory, as this browser computed it

export interface DirectoryDevice {
  readonly kid: KeyId;
  readonly aal: 'soft' | 'prf' | 'hw';
  readonly status: 'active' | 'revoked';
  readonly since: Time;
  readonly revokedAt: Time | null;
  /** Holds the current generation of its authority's ring. */
  readonly ringMember: boolean;
  /** Has named a key for documents, for which a certificate can be issued. */
  readonly document: boolean;
}
export interface DirectoryOfficer {
  readonly officer: Subject;
  readonly authority: AuthorityId;
  readonly roles: readonly string[];
  readonly until: Time;
  readonly status: 'active' | 'closed';
  readonly devices: readonly DirectoryDevice[];
}
export interface DirectoryAuthority {
  readonly authority: AuthorityId;
  readonly country: string;
  readonly kind: string;
  readonly name: { readonly [language: string]: string };
  readonly competence: readonly string[];
  /** What the act of the directory says beside: telephone, hours, languages, time zone. */
  readonly details: { readonly [name: string]: Json };
  readonly status: 'active' | 'closed';
  readonly ring: { readonly generation: number; readonly kid: KeyId; readonly since: Time } | null;
  readonly administrators: readonly KeyId[];
  /** A device left after the ring was made: make a new one. */
  readonly ringStale: boolean;
}
export interface VerifiedDirectory {
  readonly authorities: readonly DirectoryAuthority[];
  readonly countries: readonly { readonly cc: string; readonly status: 'active' | 'closed'; readonly since: Time }[];
  readonly officers: readonly DirectoryOfficer[];
  readonly genesis: string;
  readonly rulebook: string;
  readonly size: number;
  readonly checkedAt: Time;
}

// ---- one act, proved

export interface ProofPage {
  readonly act: OpenedAct;
  readonly verdict: Verdict;
  readonly genesis: string;
  readonly body: string;
  readonly receipt: string;
  readonly treeSize: number;
  readonly root: string;
  /** Directory acts from genesis to the signing device. */
  readonly chain: readonly { readonly act: string; readonly type: string; readonly subject: Subject; readonly index: number; readonly time: Time }[];
  readonly witnesses: readonly string[];
}

// ---- drafts

export interface DraftContent {
  readonly intention: Intention;
  readonly form: string;
  readonly formDigest: string;
  readonly answers: Answers;
  readonly translations: readonly Translation[];
  /** Version vector by section: section -> device -> counter. */
  readonly versions: { readonly [section: string]: { readonly [device: string]: number } };
  readonly sections: { readonly [section: string]: 'todo' | 'doing' | 'done' | 'colleague' };
  readonly notes: { readonly [name: string]: Json };
}
export interface Draft {
  /** base64url of 16 random bytes. */
  readonly id: string;
  readonly authority: AuthorityId;
  readonly kind: string;
  readonly form: string;
  readonly content: DraftContent;
}
export interface DraftSummary {
  readonly id: string;
  readonly authority: AuthorityId;
  readonly kind: string;
  readonly form: string;
  readonly updatedAt: Time;
  readonly updatedBy: Subject | null;
  readonly etag: string | null;
  readonly bytes: number;
}

// ---- enrolment

export interface Invitation {
  readonly invitation: string;
  readonly authority: AuthorityId;
  readonly officer: Subject;
  readonly state: 'open' | 'answered';
  readonly createdAt: Time;
  readonly expiresAt: Time;
}
export interface NewcomerEnrolment {
  readonly identity: Identity;
  readonly enrolment: string;
  /** To be compared over the telephone with the administrator. */
  readonly words: readonly string[];
  readonly expiresAt: Time;
}
export interface Enrolment {
  readonly enrolment: string;
  readonly invitation: string;
  readonly officer: Subject;
  readonly authority: AuthorityId;
  readonly device: KeyId;
  readonly aal: 'soft' | 'prf' | 'hw';
  readonly state: 'pending' | 'admitted';
  readonly words: readonly string[] | null;
  /** The application is what it must be: right officer, right authority, own signature. */
  readonly verdict: Verdict;
  readonly createdAt: Time;
  readonly expiresAt: Time;
}
/** An act of the directory that waits for the signature of more administrators. */
export interface WaitingAct {
  readonly id: string;
  readonly type: string;
  /** The `d` of the act. */
  readonly what: { readonly [name: string]: Json };
  /** Keys that have signed; `first` began it. */
  readonly signers: readonly KeyId[];
  readonly first: KeyId;
  /** I have signed it. */
  readonly mine: boolean;
  /** `void`: it can be admitted no more, by `rule`. */
  readonly state: 'waiting' | 'admitted' | 'declined' | 'void';
  readonly index: number | null;
  readonly rule: string | null;
  /** The hub's word. */
  readonly declined: { readonly by: KeyId; readonly why: ReasonToDecline; readonly at: Time } | null;
  /** Whether it is what it says, by the directory that this browser has verified. */
  readonly verdict: Verdict;
  readonly signedAt: Time;
  readonly expiresAt: Time;
}
export type ReasonToDecline = hub.ReasonToDecline;
/** What an administrator alone could do is done; what needs a colleague waits. */
export type Enacted = { readonly sent: Sent } | { readonly waiting: string; readonly expiresAt: Time };
/** What this device signs documents with. */
export interface DocumentCertificate {
  readonly name: string;
  readonly from: Time;
  readonly until: Time;
}
export interface Passkey {
  readonly passkey: string;
  readonly createdAt: Time;
  readonly usedAt: Time | null;
}
