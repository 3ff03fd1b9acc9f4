import { useMemo, useRef, useState } from 'react';
import { Phone } from 'lucide-react';
import type { DirectoryAuthority } from '@/api/desk';
import type { JsonObject } from '@/forms';
import { useI18n } from '@/i18n/react';
import { Remote, useDirectory, useRules, useSeat, useWords } from '@/parts/desk';
import { ButtonLink, Empty, Facts, Id, keyOf, Page, SearchField, Select, Tag, Time, useCommand, useNow } from '@/ui';
import { contactOf, findable, isOfficeHour, type Contact } from './contact';

/** Who can be called now: every authority with its telephone, its languages and the time where it is. */
export function DirectoryScreen() {
  const { t, country, format } = useI18n();
  const words = useWords();
  const directory = useDirectory();
  const rules = useRules().data;
  const [find, setFind] = useState('');
  const [kind, setKind] = useState('');
  const search = useRef<HTMLInputElement>(null);
  useCommand('search', () => search.current?.focus());
  const groups = useMemo(() => {
    const all = (directory.data?.authorities ?? []).filter((one) => one.status === 'active' && (kind === '' || one.kind === kind));
    const wanted = findable(find);
    const found = all.filter((one) => wanted === '' || findable(`${country(one.country)} ${words.authority(one.authority)} ${words.authorityKind(one.kind)} ${one.authority}`).includes(wanted));
    const by = new Map<string, DirectoryAuthority[]>();
    for (const one of found) by.set(one.country, [...(by.get(one.country) ?? []), one]);
    return [...by].sort(([a], [b]) => format.compare(country(a), country(b)));
  }, [directory.data, find, kind, words, country, format]);
  const kinds = [...new Set((directory.data?.authorities ?? []).map((one) => one.kind))];
  return (
    <Page title={t('nav.directory')} lead={t('directory.lead')}>
      <div className="bar">
        <SearchField label={t('directory.search')} value={find} onChange={setFind} inputRef={search} keys={keyOf('search')!} />
        <Select label={t('directory.kind')} value={kind} onChange={setKind} options={[{ id: '', label: t('requests.any') }, ...kinds.map((id) => ({ id, label: words.authorityKind(id) }))]} />
      </div>
      <Remote query={directory}>
        {(data) => (
          <>
            {groups.length === 0 && <Empty title={t('ui.noMatch', { words: find })} />}
            {groups.map(([cc, authorities]) => (
              <section key={cc} aria-labelledby={`country-${cc}`}>
                <CountryHead cc={cc} profile={rules?.profile(cc) ?? null} />
                <ul className="people cards wide">
                  {authorities.map((one) => <Card key={one.authority} one={one} contact={contactOf(one, rules?.profile(cc) ?? null)} />)}
                </ul>
              </section>
            ))}
            <p className="small">{t('directory.checked', { n: data.size })} <Time at={data.checkedAt} /></p>
          </>
        )}
      </Remote>
    </Page>
  );
}

function CountryHead({ cc, profile }: { cc: string; profile: JsonObject | null }) {
  const { t, country, format } = useI18n();
  const now = new Date(useNow());
  const zone = typeof profile?.['time_zone'] === 'string' ? profile['time_zone'] : null;
  const open = profile === null ? null : isOfficeHour(profile, now);
  return (
    <header className="countryhead">
      <h2 id={`country-${cc}`}>{country(cc)}</h2>
      {zone && (
        <p className="meta">
          <span className="num">{t('directory.localTime', { time: format.weekdayTime(now, zone) })}</span>
          {open !== null && <Tag tone={open ? 'ok' : 'plain'} icon>{t(open ? 'directory.office.open' : 'directory.office.closed')}</Tag>}
        </p>
      )}
    </header>
  );
}

function Card({ one, contact }: { one: DirectoryAuthority; contact: Contact }) {
  const { t, lang, format } = useI18n();
  const words = useWords();
  const seat = useSeat();
  const names = useMemo(() => new Intl.DisplayNames([lang], { type: 'language' }), [lang]);
  const round = one.kind === 'contact-point';
  return (
    <li className="panel">
      <h3>{words.authority(one.authority)}</h3>
      <p className="meta">{words.authorityKind(one.kind)} {round && <Tag tone="ok">{t('directory.always')}</Tag>}{!one.ring && <Tag tone="warn" icon>{t('directory.noRing')}</Tag>}</p>
      <Facts
        facts={[
          [t('directory.telephone'), contact.telephone ? <TelephoneNumber key="t" number={contact.telephone} /> : <span key="t" className="mute">{t('ui.notProvided')}</span>],
          contact.email ? [t('directory.email'), <Id key="e" long>{contact.email}</Id>] : null,
          contact.languages.length > 0 ? [t('directory.languages'), format.list(contact.languages.map((code) => names.of(code) ?? code))] : null,
          [t('directory.name'), <Id key="i" long>{one.authority}</Id>],
        ]}
      />
      {seat && seat.authority !== one.authority && one.ring && <ButtonLink href={`/new?to=${encodeURIComponent(one.authority)}`}>{t('directory.start')}</ButtonLink>}
    </li>
  );
}

function TelephoneNumber({ number }: { number: string }) {
  return (
    <a href={`tel:${number.replace(/[^+\d]/g, '')}`} className="tel">
      <Phone className="icon" size={16} aria-hidden /> <Id>{number}</Id>
    </a>
  );
}
