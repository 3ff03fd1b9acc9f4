// What the desk knows before anybody has typed.

import type { SessionState, VerifiedDirectory } from '@/api/desk';
import { ownReference, type JsonObject, type Known } from '@/forms';
import { nowByHub } from '@/ui';

/** An authority's own name in the language of the document, else in any that it has. */
export function ownName(directory: VerifiedDirectory, id: string, language: string): string {
  const name = directory.authorities.find((one) => one.authority === id)?.name ?? {};
  return name[language] ?? name['en'] ?? Object.values(name)[0] ?? '';
}

export function knownTo(session: SessionState, directory: VerifiedDirectory, authority: string, other: string, language: string, reference: string | null, opening: JsonObject): Partial<Known> {
  return {
    now: new Date(nowByHub()), offsetMinutes: -new Date().getTimezoneOffset(), language, authority: ownName(directory, authority, language),
    otherAuthority: ownName(directory, other, language), officer: session.state === 'none' ? '' : session.identity.name, opening,
    ...(reference === null ? {} : { reference: ownReference(authority, reference) }),
  };
}
