// What the directory knows of countries, authorities, officers, devices and keys.

import type { Bytes } from '@/sealing/bytes';
import type { JsonObject } from '@/sealing/json';
import type { Jwk, KeyId } from '@/sealing/keys';

export interface Key {
  readonly jwk: Jwk;
  readonly use: 'root' | 'administrator' | 'sign' | 'seal';
  /** `org`, a country, an authority (administrators) or an officer (devices). */
  readonly holder: string;
  readonly from: number;
  readonly revoked: number | null;
  readonly since: number;
  readonly revokedAt: number | null;
}
export interface Genesis {
  readonly id: string;
  readonly roots: readonly KeyId[];
  readonly threshold: number;
  readonly log: string;
  readonly witnesses: string;
  readonly demonstration: boolean;
}
export type Status = 'active' | 'closed';
export interface Country {
  readonly country: string;
  readonly roots: readonly KeyId[];
  readonly threshold: number;
  /** DER certificates that document signers chain to. */
  readonly pki: readonly Bytes[];
  readonly status: Status;
  readonly since: number;
}
export interface Ring {
  readonly generation: number;
  readonly index: number;
  readonly wrap: string;
  readonly jwk: Jwk;
  readonly kid: KeyId;
  readonly since: number;
}
export interface Authority {
  readonly authority: string;
  readonly kind: string;
  readonly competence: readonly string[];
  readonly name: JsonObject;
  readonly administrators: readonly KeyId[];
  /** By generation, from 1. */
  readonly rings: readonly Ring[];
  readonly status: Status;
}
export interface Assignment {
  readonly roles: readonly string[];
  /** Seconds. */
  readonly until: number;
  readonly index: number;
}
export interface Officer {
  readonly officer: string;
  readonly assignments: ReadonlyMap<string, Assignment>;
  readonly status: Status;
}
export interface Device {
  readonly sign: KeyId;
  readonly seal: KeyId;
  readonly officer: string;
  readonly aal: 'hw' | 'prf' | 'soft';
  /** Signs documents, never acts: for its certificate. */
  readonly document: Jwk | null;
}
export interface ActingOfficer {
  readonly officer: string;
  readonly roles: readonly string[];
  readonly aal: string;
}
export interface Actor {
  readonly authority: string;
  readonly kind: string;
  /** One a signature line; the first is `by`. */
  readonly officers: readonly ActingOfficer[];
}

export const currentRing = (authority: Authority | null | undefined): Ring | null => authority?.rings.at(-1) ?? null;
