import { useMemo, useRef, useState } from 'react';
import type { Key } from '@/i18n/catalogue';
import { useI18n } from '@/i18n/react';
import { useRules, useSeat, useSettings } from '@/parts/desk';
import { COMMANDS, Empty, Id, keyLabel, keyOf, Link, Notice, Page, SearchField, useCommand, type CommandGroup, type CommandId } from '@/ui';
import { TERMS } from './glossary';

const GROUPS: readonly CommandGroup[] = ['desk', 'go', 'list', 'request', 'form'];

/** Keys from the one registry, words that need explaining, and whom to call. Works without a connection. */
export function HelpScreen() {
  const { t } = useI18n();
  const { singleKeys } = useSettings();
  const [find, setFind] = useState('');
  const search = useRef<HTMLInputElement>(null);
  useCommand('search', () => search.current?.focus());
  const wanted = find.trim().toLowerCase();
  const commands = useMemo(
    () => (Object.entries(COMMANDS) as [CommandId, (typeof COMMANDS)[CommandId]][]).map(([id, one]) => ({ id, group: one.group as CommandGroup, title: t(one.title), keys: (one.keys as readonly string[]).map((key) => keyLabel(key)) })),
    [t],
  );
  const shown = commands.filter((one) => one.keys.length > 0 && `${one.title} ${one.keys.join(' ')}`.toLowerCase().includes(wanted));
  const terms = TERMS.map((term) => ({ term, name: t(`term.${term}` as Key), text: t(`term.${term}.text` as Key) })).filter((one) => `${one.name} ${one.text}`.toLowerCase().includes(wanted));
  return (
    <Page title={t('nav.help')} reading>
      <SearchField label={t('help.search')} value={find} onChange={setFind} inputRef={search} keys={keyOf('search')!} />
      <Call />
      {shown.length === 0 && terms.length === 0 && <Empty title={t('ui.noMatch', { words: find })} />}
      {shown.length > 0 && (
        <>
          <h2>{t('help.keys')}</h2>
          {!singleKeys && <Notice><p>{t('help.keys.off')} <Link href="/settings">{t('nav.settings')}</Link></p></Notice>}
          <p className="mute">{t('help.keys.note')}</p>
          {GROUPS.filter((group) => shown.some((one) => one.group === group)).map((group) => (
            <section key={group} aria-labelledby={`keys-${group}`}>
              <h3 id={`keys-${group}`}>{t(`command.group.${group}`)}</h3>
              <dl className="keylist">
                {shown.filter((one) => one.group === group).map((one) => (
                  <div key={one.id}><dt>{one.title}</dt><dd>{one.keys.map((key) => <kbd key={key}>{key}</kbd>)}</dd></div>
                ))}
              </dl>
            </section>
          ))}
        </>
      )}
      {terms.length > 0 && (
        <>
          <h2>{t('help.words')}</h2>
          <dl className="glossary">{terms.map(({ term, name, text }) => <div key={term}><dt>{name}</dt><dd>{text}</dd></div>)}</dl>
        </>
      )}
    </Page>
  );
}

/** A telephone that is always answered: that of the person's own country. */
function Call() {
  const { t } = useI18n();
  const seat = useSeat();
  const rules = useRules().data;
  const profile = seat && rules?.profile(seat.authority.split(':')[1] ?? '');
  const contact = profile?.['contact_point_contact'] ?? profile?.['central_authority_contact'];
  return (
    <Notice>
      <p>{t('help.call')}</p>
      {typeof contact === 'string' && <p><Id long>{contact}</Id></p>}
    </Notice>
  );
}
