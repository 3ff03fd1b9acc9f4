import { useState } from 'react';
import type { OpenedAct, Translation } from '@/api/desk';
import type { Rulebook } from '@/forms';
import { useI18n } from '@/i18n/react';
import { hasFailed, languageOf, markOf } from '@/parts/case';
import { useWords } from '@/parts/desk';
import { FormView, languageName, useRuleWords } from '@/parts/form';
import { Notice, ProofMark, RadioGroup, Time, UserText, WhoCanRead } from '@/ui';
import { Untrusted } from './untrusted';

/** Where the table of contents finds an act. */
export const anchorOf = (act: OpenedAct): string => `act-${act.index}`;

/** One communication: who, when, proof, and its content beside its translation. */
export function ActBody({ act, rules, reference, authority, isOpen }: { act: OpenedAct; rules: Rulebook; reference: string; authority: string; isOpen: boolean }) {
  const { t } = useI18n();
  const names = useWords();
  const words = useRuleWords(rules);
  return (
    <details className="act panel" open={isOpen} id={anchorOf(act)}>
      <summary>
        <h2 className="subj">{words.act(act.type)}</h2>
        <span className="meta small">
          <span>{t(act.for === authority ? 'case.act.ours' : 'case.act.theirs', { who: names.authority(act.for) })}</span>
          <Time at={act.time} />
          {act.summary && !hasFailed(act.verdict) && <UserText>{act.summary}</UserText>}
        </span>
      </summary>
      <p className="meta"><ProofMark proof={markOf(act)} href={`/requests/${reference}/proof/${act.id}`} /></p>
      {hasFailed(act.verdict) ? <Untrusted verdict={act.verdict}><Content act={act} rules={rules} /></Untrusted> : <Content act={act} rules={rules} />}
    </details>
  );
}

export function Content({ act, rules }: { act: OpenedAct; rules: Rulebook }) {
  const { t, lang, format } = useI18n();
  const names = useWords();
  const words = useRuleWords(rules);
  const [side, setSide] = useState<string>(() => act.translations.find((one) => one.language === lang)?.language ?? act.translations[0]?.language ?? 'none');
  if (act.unopened !== null) return <Notice tone={act.unopened === 'not-valid' ? 'bad' : 'warn'}>{t(`case.unopened.${act.unopened}`)}</Notice>;
  const { document } = act;
  const form = document ? rules.form(document.form) : null;
  if (!document || !form) return <p className="mute">{t('case.act.nothing')}</p>;
  const translation = act.translations.find((one) => one.language === side);
  const language = languageOf(act);
  return (
    <>
      <WhoCanRead readers={{ voice: 'other', who: act.readers.map((one) => names.authority(one)) }} />
      {language !== undefined && <p className="small">{t('case.original', { language: languageName(language, lang) })}</p>}
      {act.translations.length > 0 && (
        <RadioGroup
          label={t('case.translation.which')} value={side} onChange={setSide}
          options={[...act.translations.map((one) => ({ id: one.language, label: t('side.translation', { language: languageName(one.language, lang) }), hint: makerText(one, t) })), { id: 'none', label: t('case.translation.none') }]}
        />
      )}
      <FormView rules={rules} words={words} form={form} answers={document.answers} basis={document.basis} lang={language} level={3} anchor={anchorOf(act)} translation={translation && { lang: translation.language, answers: translation.answers }} />
      <p className="small mute">{t('case.signedBy', { who: document.signer, at: document.signedAt === null ? '–' : format.utc(new Date(document.signedAt)) })}</p>
    </>
  );
}

/** Who made it and whether a person checked it: a translation without that is not to be relied on. */
export function makerText(one: Translation, t: ReturnType<typeof useI18n>['t']): string {
  const maker = one.maker.trim();
  const checker = one.checkedBy.trim();
  if (maker === '' || /^machine/i.test(maker)) return checker === '' ? t('side.by.machine') : t('side.by.machineChecked', { name: checker });
  return checker === '' ? t('side.by.person', { name: maker }) : t('side.by.personChecked', { name: checker === maker ? maker : `${maker}, ${checker}` });
}
