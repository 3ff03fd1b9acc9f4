import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useDesk } from '@/api/context';
import type { VerifiedDirectory } from '@/api/desk';
import { basesFor, isList, receiversOf, type BasisOffer, type Rulebook } from '@/forms';
import { useI18n } from '@/i18n/react';
import { useGo, useOpenings } from '@/parts/case';
import { Remote, useDirectory, useRules, useSeat, useSession, useWords, type Seat } from '@/parts/desk';
import { beginDraft, newDraftId } from '@/parts/draft';
import { languageName, languages, useRuleWords } from '@/parts/form';
import { Button, Combobox, ErrorSummary, Notice, Page, RadioGroup, type FieldFault } from '@/ui';
import { nowByHub } from '@/ui';
import { knownTo } from './known';

/** To whom, on which ground, in which language. What cannot work is said here, before an hour of typing. */
export function BeginScreen() {
  const { actType = '' } = useParams({ strict: false }) as { actType?: string };
  const { t } = useI18n();
  const seat = useSeat();
  const rules = useRules();
  const directory = useDirectory();
  const abilities = useOpenings(seat?.authority ?? null);
  return (
    <Remote query={rules} title={t('new.title')}>
      {(book) => (
        <Remote query={directory} title={t('new.title')}>
          {(known) => (
            <Remote query={abilities} title={t('new.title')}>
              {(can) => {
                const ability = can.find((one) => one.act === actType);
                if (!seat || !ability) return <Page title={t('new.title')}><Notice tone="warn">{t('new.unknown')}</Notice></Page>;
                return <Begin rules={book} directory={known} seat={seat} actType={actType} refused={ability.allowed ? null : (ability.rule ?? '')} />;
              }}
            </Remote>
          )}
        </Remote>
      )}
    </Remote>
  );
}

type BeginProps = { rules: Rulebook; directory: VerifiedDirectory; seat: Seat; actType: string; refused: string | null };

function Begin({ rules, directory, seat, actType, refused }: BeginProps) {
  const { t, lang, country, format } = useI18n();
  const desk = useDesk();
  const go = useGo();
  const session = useSession();
  const words = useRuleWords(rules);
  const { authority: nameOf } = useWords();
  const [to, setTo] = useState<string | null>(null);
  const [cc, setCc] = useState<string | null>(null);
  const [basis, setBasis] = useState<string | null>(null);
  const [language, setLanguage] = useState<string>(lang);
  const [faults, setFaults] = useState<FieldFault[]>([]);
  const own = seat.authority.split(':')[1] ?? '';
  const receivers = directory.authorities.filter((one) => one.status === 'active' && one.country !== own && receiversOf(rules, actType).main.includes(one.kind));
  const countries = [...new Set(receivers.map((one) => one.country))].map((id) => ({ id, label: country(id) })).sort((a, b) => format.compare(a.label, b.label));
  const here = receivers.filter((one) => one.country === cc);
  const receiver = here.length === 1 ? (here[0]?.authority ?? null) : to;
  const offers = basesFor(rules, rules.kindOf(actType)?.kind ?? '', cc === null ? [own] : [own, cc], nowByHub());
  const usable = offers.filter((offer) => offer.notBound.length === 0);
  const chosen = usable.length === 1 ? (usable[0]?.basis ?? null) : usable.some((offer) => offer.basis === basis) ? basis : null;
  const profile = cc === null ? null : rules.profile(cc);
  const accepted = isList(profile?.['languages']) ? profile['languages'].filter((one) => typeof one === 'string') : [];

  const begin = async () => {
    const found: FieldFault[] = [
      ...(cc === null ? [{ field: 'begin-country', message: t('new.country.missing') }] : []),
      ...(cc !== null && receiver === null ? [{ field: 'begin-authority', message: t('new.authority.missing') }] : []),
      ...(offers.length > 0 && chosen === null ? [{ field: 'begin-basis', message: t('new.basis.missing') }] : []),
    ];
    setFaults(found);
    if (found.length > 0 || receiver === null) return;
    const id = newDraftId();
    await desk.saveDraft(beginDraft(rules, id, {
      type: actType, authority: seat.authority, to: [receiver], case: null, reference: null, basis: chosen ?? '', language,
      known: knownTo(session, directory, seat.authority, receiver, language, null, {}),
    }));
    go(`/drafts/${id}`);
  };

  const error = (field: string) => faults.find((one) => one.field === field)?.message;
  return (
    <Page title={words.act(actType)} over={words.kind(rules.kindOf(actType)?.kind ?? '')} back={{ href: '/new', label: t('new.title') }} hasError={faults.length > 0} reading>
      {refused !== null && <Notice tone="warn">{words.rule(refused)}</Notice>}
      <ErrorSummary faults={faults} />
      <div className="stack">
        <Combobox id="begin-country" label={t('new.country')} hint={t('new.country.hint')} error={error('begin-country')} options={countries} value={cc} onChange={(id) => { setCc(id); setTo(null); }} />
        {here.length > 1 && (
          <RadioGroup
            id="begin-authority" label={t('new.authority')} error={error('begin-authority')} value={to} onChange={setTo}
            options={here.map((one) => ({ id: one.authority, label: nameOf(one.authority), hint: words.authorityKind(one.kind), disabled: one.ring === null }))}
          />
        )}
        {here.length === 1 && here[0] && <p>{t('new.receiver', { who: nameOf(here[0].authority) })}</p>}
        {offers.length > 0 && <BasisChoice offers={offers} words={words} value={chosen} onChange={setBasis} error={error('begin-basis')} />}
        <Combobox
          label={t('new.language')} options={languages(lang)} value={language} onChange={setLanguage}
          hint={accepted.length === 0 ? t('new.language.hint') : t('new.language.accepted', { country: country(cc ?? ''), languages: format.list(accepted.map((one) => languageName(one, lang))) })}
        />
        {accepted.length > 0 && !accepted.includes(language) && <Notice tone="warn">{t('new.language.translate')}</Notice>}
        {typeof profile?.['usual_answer_days'] === 'number' && <p className="mute">{t('new.usual', { country: country(cc ?? ''), n: profile['usual_answer_days'] })}</p>}
        <Button kind="primary" onPress={() => void begin()} blocked={refused === null ? undefined : words.rule(refused)}>{t('new.start')}</Button>
      </div>
    </Page>
  );
}

function BasisChoice({ offers, words, value, onChange, error }: { offers: readonly BasisOffer[]; words: ReturnType<typeof useRuleWords>; value: string | null; onChange: (basis: string) => void; error: string | undefined }) {
  const { t, country, format } = useI18n();
  const label = (basis: string) => {
    const { instrument, article } = words.cite(basis);
    return article === '' ? instrument : t('forms.cite', { instrument, article: `\u2066${article}\u2069` });
  };
  return (
    <RadioGroup
      id="begin-basis" label={t('new.basis')} hint={t('new.basis.hint')} error={error} value={value} onChange={onChange}
      options={offers.map((offer) => ({
        id: offer.basis, label: label(offer.basis), disabled: offer.notBound.length > 0,
        hint: offer.notBound.length > 0 ? t('new.basis.notBound', { countries: format.list(offer.notBound.map(country)) }) : offer.notInForce ? t('new.basis.notInForce') : undefined,
      }))}
    />
  );
}
