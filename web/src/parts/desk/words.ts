import { useMemo } from 'react';
import type { VerifiedDirectory } from '@/api/desk';
import type { Rulebook } from '@/forms';
import { useI18n, type I18n } from '@/i18n/react';
import { isolate } from '@/i18n/bidi';
import { useDirectory, useRules } from './queries';

/** Codes as the reader's words. A code without words is shown as it is, never hidden. */
export type Words = {
  word(key: string): string;
  kind(kind: string): string;
  state(kind: string, state: string): string;
  act(type: string): string;
  clock(clock: string): string;
  role(role: string): string;
  vocab(vocab: string, code: string): string;
  /** Its own name where the directory gives one in the reader's language, else its kind and country. */
  authority(id: string): string;
  authorityKind(kind: string): string;
  /** The country of `au:ke:…`, in words. */
  countryOf(id: string): string;
};

export function makeWords(i18n: I18n, rules: Rulebook | undefined, directory: VerifiedDirectory | undefined): Words {
  const word = (key: string) => rules?.word(i18n.lang, key) ?? rules?.word('en', key) ?? key.slice(key.lastIndexOf('.') + 1);
  const authorityKind = (kind: string) => word(`authority.${kind}`);
  const countryOf = (id: string) => i18n.country(id.split(':')[1] ?? '');
  return {
    word,
    kind: (kind) => word(`kind.${kind}`),
    state: (kind, state) => word(`state.${kind}.${state}`),
    act: (type) => word(`act.${type}`),
    clock: (clock) => word(`clock.${clock}`),
    role: (role) => word(`role.${role}`),
    vocab: (vocab, code) => word(`vocab.${vocab}.${code}`),
    authorityKind,
    countryOf,
    authority: (id) => {
      const known = directory?.authorities.find((one) => one.authority === id);
      const own = known?.name[i18n.lang];
      if (own) return isolate(own);
      const kind = known?.kind ?? id.split(':')[2] ?? '';
      return i18n.t('words.authority', { kind: authorityKind(kind), country: countryOf(id) });
    },
  };
}

export function useWords(): Words {
  const i18n = useI18n();
  const rules = useRules().data;
  const directory = useDirectory().data;
  return useMemo(() => makeWords(i18n, rules, directory), [i18n, rules, directory]);
}
