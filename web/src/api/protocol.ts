// What crosses between a tab and its worker: calls and their answers, and what the worker tells unasked.

import type { Bytes } from '@/sealing/bytes';

import type { Desk } from './desk';
import type { ErrorParts } from './error';
import type { Alarm, Attachment, Identity, Me, OutboxItem, SessionState } from './types';
import type { LiveEvent, NewcomerEnrolment, Passkey } from './types_people';

/** What a passkey answered, base64url. */
export interface PasskeyAssertion {
  readonly id: string;
  readonly authenticator_data: string;
  readonly client_data: string;
  readonly signature: string;
}
export interface SignInStep {
  readonly identity: Identity;
  readonly nonce: string;
  /** Of the hub: one of them must answer. */
  readonly passkeys: readonly string[];
  /** That lock the keys here. */
  readonly lockedBy: readonly string[];
  readonly prfInput: Bytes;
}

type Here = 'speak' | 'session' | 'onSession' | 'signIn' | 'onAlarm' | 'onOutbox' | 'events' | 'onConnection' | 'openFile' | 'attach' | 'enrol' | 'addPasskey';

/** What the worker does. Callbacks and passkeys stay in the tab. */
export interface Engine extends Omit<Desk, Here> {
  start(language: string): Promise<void>;
  setLanguage(language: string): Promise<void>;
  beginSignIn(kid: string): Promise<SignInStep>;
  finishSignIn(kid: string, nonce: string, assertion: PasskeyAssertion | null, prf: Bytes | null): Promise<Me>;
  beginEnrolment(code: string, name: string): Promise<{ readonly kid: string; readonly prfInput: Bytes }>;
  finishEnrolment(kid: string, passkey: { readonly id: string; readonly prf: Bytes } | null): Promise<NewcomerEnrolment>;
  beginPasskey(): Promise<{ readonly nonce: string; readonly kid: string; readonly known: readonly string[] }>;
  finishPasskey(nonce: string, made: { readonly id: string; readonly authenticator_data: string; readonly client_data: string }): Promise<Passkey>;
  openFileAs(token: number, authority: string, act: string, fid: string): Promise<Blob>;
  attachAs(token: number, file: File, note: string): Promise<Attachment>;
  listen(authority: string): Promise<void>;
  listenNoMore(authority: string): Promise<void>;
}
export type Method = keyof Engine;

export interface Call {
  readonly call: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}
export type Told =
  | { readonly told: 'session'; readonly value: SessionState }
  | { readonly told: 'alarms'; readonly value: readonly Alarm[] }
  | { readonly told: 'outbox'; readonly value: readonly OutboxItem[] }
  | { readonly told: 'connection'; readonly value: { readonly online: boolean; readonly skewSeconds: number | null } }
  | { readonly told: 'event'; readonly authority: string; readonly value: LiveEvent }
  | { readonly told: 'progress'; readonly token: number; readonly done: number; readonly total: number };
export type Answer = { readonly answer: number; readonly value: unknown } | { readonly answer: number; readonly error: ErrorParts };
export type FromWorker = Answer | Told;
