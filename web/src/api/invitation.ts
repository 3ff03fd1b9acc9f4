// Invitations: the code that an administrator's browser makes, and the four words that two people compare.

import { base64url } from '@/sealing/base64';
import { randomBytes } from '@/sealing/bytes';
import { Fault } from '@/sealing/fault';
import { sha256 } from '@/sealing/sha256';
import words from '../../../src/client/words.txt?raw';

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LIST = words.trimEnd().split('\n');

/** 20 characters of Crockford's base32, in groups for people. */
export function newCode(): string {
  const letters = [...randomBytes(20)].map((byte) => LETTERS[byte % 32] as string).join('');
  return (letters.match(/.{4}/g) ?? []).join('-');
}
/** As it is hashed. Rule: enrolment.code. */
export function readCode(text: string): string {
  const code = text.toUpperCase().replace(/[- ]/g, '').replace(/[IL]/g, '1').replaceAll('O', '0');
  if (code.length !== 20 || [...code].some((letter) => !LETTERS.includes(letter))) throw new Fault('invalid', 'enrolment.code', 'the code has 20 letters and digits, in five groups');
  return code;
}
export const ticketOf = (code: string): string => base64url(sha256('entraide/invitation-ticket/v1\n', readCode(code)));
export const ticketHash = (ticket: string): string => base64url(sha256(ticket));

/** What both sides say to each other: 44 bits over the code and the newcomer's keys. */
export function wordsOf(code: string, signKid: string, sealKid: string): readonly string[] {
  const hash = sha256('entraide/invitation-words/v1\n', readCode(code), '\n', signKid, '\n', sealKid);
  let bits = 0n;
  for (const byte of hash) bits = (bits << 8n) | BigInt(byte);
  return [0, 1, 2, 3].map((i) => LIST[Number((bits >> BigInt(256 - 11 * (i + 1))) & 2047n)] as string);
}
