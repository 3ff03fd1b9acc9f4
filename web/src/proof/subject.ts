// Names of subjects: org, cc:fr, au:fr:central, of:fr:<16>, dv:<kid>, sy:fr:name, wi:name.

import { tryBase64url } from '@/sealing/base64';

export type SubjectKind = 'org' | 'country' | 'authority' | 'officer' | 'device' | 'system' | 'witness';

const PART = /^[A-Za-z0-9._-]{1,64}$/;
const LOWER = /^[a-z0-9._-]{1,64}$/;
const COUNTRY = /^[a-z0-9._-]{2}$/;

/** Null when it is not the name of a subject. */
export function subjectKind(subject: string): SubjectKind | null {
  const parts = subject.split(':');
  if (!parts.every((part) => PART.test(part))) return null;
  const [head, second = '', third = ''] = parts;
  const country = COUNTRY.test(second);
  if (head === 'org' && parts.length === 1) return 'org';
  if (head === 'cc' && parts.length === 2 && country) return 'country';
  if (head === 'au' && parts.length === 3 && country && LOWER.test(third)) return 'authority';
  if (head === 'of' && parts.length === 3 && country && tryBase64url(third)?.length === 12) return 'officer';
  if (head === 'dv' && parts.length === 2 && tryBase64url(second)?.length === 32) return 'device';
  if (head === 'sy' && parts.length === 3 && country && LOWER.test(third)) return 'system';
  if (head === 'wi' && parts.length === 2 && LOWER.test(second)) return 'witness';
  return null;
}

/** The `cc:..` of an authority, officer or system, itself for a country, empty for the others. */
export function countryOf(subject: string): string {
  const [head = '', second = ''] = subject.split(':');
  return second.length !== 2 || head === 'dv' || head === 'wi' ? '' : `cc:${second}`;
}
