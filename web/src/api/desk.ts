// The one object that the screens use. Everything behind it happens in a worker that believes nothing that it has not
// checked; failures are thrown as DeskError.

import type * as hub from './generated';
import type {
  ActId, Alarm, Attachment, AuthorityId, CaseId, DemonstrationPerson, EndedMandate, Identity, Intention, KeyId, OpenedCase, OpenedAct,
  OutboxItem, Prepared, Sent, SessionState, Subject, Summary, Time, Verdict,
} from './types';
import type {
  DocumentCertificate, Draft, DraftContent, DraftSummary, DutyState, Enacted, Enrolment, Invitation, LiveEvent, NewcomerEnrolment, Passkey,
  ProofPage, ReasonToDecline, VerifiedDirectory, WaitingAct,
} from './types_people';

export * from './types';
export * from './types_people';

export type Unsubscribe = () => void;

export interface CaseQuery {
  readonly authority: AuthorityId;
  readonly view: 'inbox' | 'sent' | 'open' | 'closed' | 'all';
  readonly kind?: string;
  readonly state?: string;
  readonly country?: string;
  readonly reference?: string;
  readonly limit?: number;
  readonly cursor?: string | null;
}

export interface Desk {
  // ---- the hub and who I am
  /** The language of what the hub says: en, fr, es, ar. */
  speak(language: string): void;
  status(): Promise<hub.Status>;
  /** Keys that this device holds; nothing secret in it. */
  identities(): Promise<readonly Identity[]>;
  /** The session as it is now; `onSession` calls once at once and at each change. */
  session(): SessionState;
  onSession(listener: (state: SessionState) => void): Unsubscribe;
  /** Unlocks the keys (asks for the passkey where there is one) and opens a session. Errors: session.*, key.*. */
  signIn(kid: KeyId): Promise<hub.Me>;
  /** Keys leave memory; what is stored stays. */
  lock(): Promise<void>;
  signOut(): Promise<void>;
  /** Keys, drafts, mirror, caches, outbox: everything of this device and site. Cannot be taken back. */
  forgetEverything(): Promise<void>;
  /** Asks the hub anew for whom I act; where that has changed, the session says so too. */
  me(): Promise<hub.Me>;
  /** Mandates of this officer that the hub honours no more, the last to end first. */
  endedMandates(): Promise<readonly EndedMandate[]>;

  // ---- the demonstration
  demonstrationPeople(): Promise<readonly DemonstrationPerson[]>;
  /** Takes the person's keys and signs in. Refused by every hub that is not a demonstration. */
  openAs(subject: Subject, number?: number): Promise<hub.Me>;

  // ---- reading
  cases(query: CaseQuery): Promise<hub.CasePage>;
  /** Opens the sealed summaries of a page in one batch; by case id. */
  summaries(authority: AuthorityId, cases: readonly hub.Case[]): Promise<{ readonly [caseId: string]: Summary }>;
  /** By id or reference; each act fetched, checked, opened. */
  openCase(authority: AuthorityId, caseOrReference: string): Promise<OpenedCase>;
  openAct(authority: AuthorityId, act: ActId): Promise<OpenedAct>;
  caseAbilities(caseId: CaseId): Promise<readonly hub.Ability[]>;
  abilities(authority: AuthorityId): Promise<readonly hub.Ability[]>;
  /** Computed here from the feed and tied to the signed tree. */
  directory(): Promise<VerifiedDirectory>;
  /** Path to text of each file; the digest has been checked. Null: the one in force. */
  rulebook(digest?: string | null): Promise<{ readonly digest: string; readonly files: { readonly [path: string]: string } }>;
  /** The plaintext of an evidence file, checked chunk by chunk and against the signed manifest. */
  openFile(authority: AuthorityId, act: ActId, fid: string, progress?: (done: number, total: number) => void): Promise<Blob>;

  // ---- proofs
  proof(authority: AuthorityId, act: ActId): Promise<ProofPage>;
  /** A bundle that `entraide proof verify` checks with no network. `disclose`: with the opened content. */
  exportProof(authority: AuthorityId, acts: readonly ActId[], disclose: boolean): Promise<Blob>;
  /** Brings the verified copy of the ledger up to date. */
  checkLedger(): Promise<{ readonly size: number; readonly root: string; readonly checkedAt: Time; readonly verdict: Verdict }>;
  alarms(): Promise<readonly Alarm[]>;
  onAlarm(listener: (alarms: readonly Alarm[]) => void): Unsubscribe;
  /** A person has looked. */
  clearAlarms(): Promise<void>;

  // ---- writing
  /** Encrypts and uploads, resumably. */
  attach(file: File, note: string, progress?: (done: number, total: number) => void): Promise<Attachment>;
  /** Validates, seals, composes; nothing leaves but a rehearsal. With defects nothing is sealed and `send` refuses. */
  prepare(intention: Intention): Promise<Prepared>;
  dropPrepared(id: string): Promise<void>;
  /** Signs and sends. Offline it goes into the outbox and DeskError `desk.offline` says so. */
  send(id: string): Promise<Sent>;
  outbox(): Promise<readonly OutboxItem[]>;
  onOutbox(listener: (items: readonly OutboxItem[]) => void): Unsubscribe;
  /** Sends what waits. Items in state `confirm` only when named. */
  sendWaiting(confirmed?: readonly ActId[]): Promise<void>;
  dropWaiting(act: ActId): Promise<void>;

  // ---- live
  /** One connection for all tabs. Events come in ledger order, each once. */
  events(authority: AuthorityId, listener: (event: LiveEvent) => void): Unsubscribe;
  /** Whether the hub can be reached; calls once at once. `skewSeconds`: our clock minus the hub's. */
  onConnection(listener: (state: { readonly online: boolean; readonly skewSeconds: number | null }) => void): Unsubscribe;
  presence(caseId: CaseId, state: 'reading' | 'writing' | 'left'): Promise<void>;
  duty(authority: AuthorityId): Promise<DutyState>;
  /** To be repeated every 30 seconds while it holds. */
  armDuty(authority: AuthorityId, armed: boolean): Promise<void>;

  // ---- drafts
  /** Encrypted on this device by a key that cannot be extracted. */
  saveDraft(draft: Draft): Promise<Time>;
  loadDraft(id: string): Promise<Draft | null>;
  listDrafts(): Promise<readonly DraftSummary[]>;
  deleteDraft(id: string): Promise<void>;
  /** The drafts of this device in clear, in one file; also where the device was revoked. */
  exportDrafts(): Promise<Blob>;
  /** Sealed to the authority's ring. `etag` null: new. Error draft.stale: read again and let a person decide. */
  shareDraft(draft: Draft, etag: string | null): Promise<{ readonly etag: string; readonly updatedAt: Time }>;
  teamDrafts(authority: AuthorityId): Promise<readonly DraftSummary[]>;
  openTeamDraft(authority: AuthorityId, id: string): Promise<{ readonly content: DraftContent; readonly etag: string; readonly updatedBy: Subject; readonly updatedAt: Time }>;
  deleteTeamDraft(authority: AuthorityId, id: string, etag: string): Promise<void>;

  // ---- enrolment and administration
  /** Newcomer: what the code in an invitation opens. The hub's word until the administrator has signed. */
  openInvitation(code: string): Promise<{ readonly authority: AuthorityId; readonly officer: Subject; readonly expiresAt: Time; readonly administrators: readonly KeyId[] }>;
  /** Newcomer: makes the keys (locked by a passkey where this browser can), applies, and gives the four words. */
  enrol(code: string, name: string): Promise<NewcomerEnrolment>;
  enrolmentState(kid: KeyId): Promise<'pending' | 'admitted' | 'refused'>;
  invite(authority: AuthorityId, officer: Subject): Promise<Invitation & { readonly code: string }>;
  invitations(authority: AuthorityId): Promise<readonly Invitation[]>;
  withdrawInvitation(id: string): Promise<void>;
  /** `words` is null when this device does not hold the code: give it. */
  enrolments(authority: AuthorityId): Promise<readonly Enrolment[]>;
  enrolmentWords(id: string, code: string): Promise<readonly string[]>;
  /** `name`: whose signature the documents of the device carry; null admits it without a certificate. `certified`: it got one. */
  admitDevice(enrolment: string, name: string | null): Promise<Sent & { readonly certified: boolean }>;
  /** Whether this identity can issue certificates for documents. */
  canCertify(): Promise<boolean>;
  /** Issues a certificate to an admitted device, first or anew. */
  certifyDevice(authority: AuthorityId, device: KeyId, name: string): Promise<void>;
  /** When each device was last given one. */
  certificates(authority: AuthorityId): Promise<{ readonly [device: string]: Time }>;
  /** What this device signs documents with, after looking for a newer one; null: nothing yet. */
  documentCertificate(): Promise<DocumentCertificate | null>;
  refuseEnrolment(enrolment: string): Promise<void>;
  /** `officer`: another assignment for somebody who has a pseudonym. Roles that two administrators give wait for the second. */
  addOfficer(authority: AuthorityId, roles: readonly string[], until: Time, officer?: Subject): Promise<Enacted & { readonly officer: Subject }>;
  /** Acts of the authority that wait for more signatures, checked here. */
  waitingActs(): Promise<readonly WaitingAct[]>;
  /** Signs it too and sends it; null where it needs still more signatures and waits on. */
  countersign(id: ActId): Promise<Sent | null>;
  declineWaiting(id: ActId, why: ReasonToDecline): Promise<void>;
  revoke(what: { readonly kid: KeyId } | { readonly subject: Subject }, authority: AuthorityId, why: string): Promise<Sent>;
  /** A new generation, wrapped to every member; after somebody has left. */
  newRing(authority: AuthorityId, keepHistory: boolean): Promise<Sent>;
  grantRing(authority: AuthorityId, device: KeyId): Promise<Sent>;
  passkeys(): Promise<readonly Passkey[]>;
  addPasskey(): Promise<Passkey>;
  removePasskey(id: string): Promise<void>;
}
