// A new draft: its form, to whom, on which ground, and what is known beforehand.

import type { Draft, Intention } from '@/api/desk';
import { isObject, prefill, type JsonObject, type Known, type Rulebook } from '@/forms';

export interface Beginning {
  type: string;
  authority: string;
  to: readonly string[];
  case: string | null;
  /** Of the case, for people; null for a new one. */
  reference: string | null;
  basis: string;
  language: string;
  known: Partial<Known>;
}

/** Base64url of 16 random bytes. */
export function newDraftId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export function beginDraft(rules: Rulebook, id: string, beginning: Beginning): Draft {
  const form = rules.formOf(beginning.type);
  const first: JsonObject = form ? prefill(form, beginning.known) : {};
  const ownsBasis = form?.sections.some((section) => section.fields.some((field) => field.field === 'basis')) ?? false;
  const intention: Intention = {
    type: beginning.type, authority: beginning.authority, to: beginning.to, case: beginning.case, basis: beginning.basis, answers: {}, language: beginning.language,
    summary: '', translations: [], files: [], rulebook: rules.digest,
  };
  return {
    id, authority: beginning.authority, kind: rules.kindOf(beginning.type)?.kind ?? '', form: form?.form ?? '',
    content: {
      intention, form: form?.form ?? '', formDigest: rules.digest, answers: { ...(ownsBasis ? { basis: beginning.basis } : {}), ...first },
      translations: [], versions: {}, sections: {}, notes: { reference: beginning.reference, files: [], language: beginning.language },
    },
  };
}

/** The intention as it goes to be prepared: answers in normal form are the caller's. */
export function intentionOf(draft: Draft, answers: JsonObject): Intention {
  const { intention, translations } = draft.content;
  const basis = typeof answers['basis'] === 'string' ? answers['basis'] : intention.basis;
  const language = typeof answers['language'] === 'string' ? answers['language'] : intention.language;
  return { ...intention, answers, basis, language, translations, rulebook: draft.content.formDigest };
}

export interface DraftFile {
  fid: string;
  name: string;
  type: string;
  size: number;
  sha256: string;
  note: string;
}
/** Files that were sealed and sent ahead for this draft. */
export function filesOf(draft: Draft): DraftFile[] {
  const files = draft.content.notes['files'];
  return Array.isArray(files) ? (files as unknown[]).filter((one): one is DraftFile => isObject(one) && typeof one['fid'] === 'string') : [];
}

/** The reference of the case that the draft belongs to, or null. */
export function referenceOf(draft: Draft): string | null {
  const reference = draft.content.notes['reference'];
  return typeof reference === 'string' ? reference : null;
}
