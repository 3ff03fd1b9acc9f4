// One directory act under judgement, and what all its readers ask of it.

import { tryBase64url } from '@/sealing/base64';
import { Fault } from '@/sealing/fault';
import { ObjectReader } from '@/sealing/json';
import type { Jwk, KeyId } from '@/sealing/keys';
import { kidOf } from '@/sealing/keys';

import type { VerifiedAct } from './act';
import type { Directory } from './directory';

export interface Step {
  readonly directory: Directory;
  readonly act: VerifiedAct;
  readonly index: number;
  readonly now: number;
}

export const refuse = (rule: string, words: string): Fault => new Fault('refused', rule, words);
export const invalid = (rule: string, words: string): Fault => new Fault('invalid', rule, words);
export const reader = (step: Step): ObjectReader => new ObjectReader(step.act.act.d, 'd', 'act.member');

export function readDigest(text: string, what: string): string {
  if (tryBase64url(text)?.length !== 32) throw invalid('codec.base64url', `${what}: must be base64url of 32 bytes`);
  return text;
}

/** How many of `among` are active and have signed. */
export const activeSigners = (step: Step, among: readonly KeyId[]): number =>
  among.filter((kid) => step.directory.isActiveKey(kid) && step.act.signers.includes(kid)).length;
export function requireThreshold(step: Step, among: readonly KeyId[], threshold: number, who: string): void {
  const have = activeSigners(step, among);
  if (have < threshold) throw refuse('dir.signers', `${step.act.act.type}: needs ${threshold} signatures of ${who}, has ${have}`);
}
export function requireNew(step: Step, key: Jwk): void {
  if (step.directory.keys.has(kidOf(key))) throw refuse('dir.key.duplicate', `key ${kidOf(key)} has been used before; make a new one`);
}
