import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Printer } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { OpenedAct, OpenedCase } from '@/api/desk';
import type { Rulebook } from '@/forms';
import { loadLanguage } from '@/i18n/catalogue';
import { isLang, LANGUAGE_NAMES, LANGUAGES, type Lang } from '@/i18n/locale';
import { I18nPart, useI18n } from '@/i18n/react';
import { hasFailed, languageOf, markOf, useCase, useProof } from '@/parts/case';
import { Remote, useRules, useSeat, useWords } from '@/parts/desk';
import { Cite, FormView, languageName, useRuleWords } from '@/parts/form';
import { Button, Facts, Id, nowByHub, Page, ProofMark, RadioGroup, Time, UserText } from '@/ui';
import { makerText } from './act-body';
import { Qr } from './qr';
import './print.css';

/** The request, its answers and their proofs as a document, in one or two languages, on A4 or Letter. */
export function PrintScreen() {
  const { reference = '' } = useParams({ strict: false }) as { reference?: string };
  const { t } = useI18n();
  const seat = useSeat();
  const opened = useCase(seat?.authority ?? null, reference);
  const rules = useRules(opened.data?.file.rulebook ?? null);
  return (
    <Page title={t('print.title')} back={{ href: `/requests/${reference}`, label: t('draft.backToCase') }}>
      <Remote query={opened}>{(one) => <Remote query={rules}>{(book) => <Sheets opened={one} rules={book} />}</Remote>}</Remote>
    </Page>
  );
}

function Sheets({ opened, rules }: { opened: OpenedCase; rules: Rulebook }) {
  const { t, lang } = useI18n();
  const [first, setFirst] = useState<Lang>(lang);
  const [second, setSecond] = useState<Lang | 'none'>('none');
  const [paper, setPaper] = useState<'a4' | 'letter'>('a4');
  const { reference } = opened.file;
  useEffect(() => {
    document.documentElement.dataset['paper'] = paper;
    return () => void delete document.documentElement.dataset['paper'];
  }, [paper]);
  useEffect(() => {
    const root = document.documentElement.style;
    root.setProperty('--print-reference', JSON.stringify(reference));
    root.setProperty('--print-made', JSON.stringify(t('print.made', { at: `${new Date(nowByHub()).toISOString().slice(0, 16).replace('T', ' ')} UTC` })));
    root.setProperty('--print-page', JSON.stringify(t('print.page')));
    root.setProperty('--print-of', JSON.stringify(t('print.of')));
  }, [reference, t]);
  const languages = LANGUAGES.map((id) => ({ id, label: LANGUAGE_NAMES[id] }));
  return (
    <>
      <div className="bar no-print">
        <RadioGroup label={t('print.language')} options={languages} value={first} onChange={(id) => isLang(id) && setFirst(id)} />
        <RadioGroup label={t('print.second')} options={[{ id: 'none', label: t('print.second.none') }, ...languages.filter((one) => one.id !== first)]} value={second} onChange={(id) => setSecond(isLang(id) ? id : 'none')} />
        <RadioGroup label={t('print.paper')} options={[{ id: 'a4', label: 'A4' }, { id: 'letter', label: 'Letter' }]} value={paper} onChange={(id) => setPaper(id === 'letter' ? 'letter' : 'a4')} />
        <Button kind="primary" icon={Printer} onPress={() => window.print()}>{t('print.do')}</Button>
      </div>
      <div className={`sheets ${paper}`}>
        <InLanguage lang={first} opened={opened} rules={rules} />
        {second !== 'none' && <InLanguage lang={second} opened={opened} rules={rules} />}
      </div>
    </>
  );
}

function InLanguage({ lang, opened, rules }: { lang: Lang; opened: OpenedCase; rules: Rulebook }) {
  const pack = useQuery({ queryKey: ['language', lang], queryFn: () => loadLanguage(lang), staleTime: Infinity });
  return <Remote query={pack}>{(loaded) => <I18nPart lang={lang} pack={loaded}><Document opened={opened} rules={rules} /></I18nPart>}</Remote>;
}

function Document({ opened, rules }: { opened: OpenedCase; rules: Rulebook }) {
  const { t } = useI18n();
  const names = useWords();
  const words = useRuleWords(rules);
  const { file, acts } = opened;
  const first = acts[0];
  return (
    <article className="sheet">
      <header>
        <p className="small">{t('print.head')}</p>
        <h2 className="doctitle">{words.kind(first ? (rules.kindOf(first.type)?.kind ?? file.kind) : file.kind)}</h2>
        <Facts
          facts={[
            [t('receipt.reference'), <strong><Id>{file.reference}</Id></strong>],
            [t('print.from'), names.authority(file.requesting)],
            [t('print.to'), names.authority(file.requested)],
            [t('print.basis'), <Cite source={file.basis} words={words} />],
            [t('print.opened'), <Time at={file.opened_at} />],
            [t('print.state'), words.state(file.kind, file.state)],
          ]}
        />
      </header>
      {acts.filter((act) => act.document !== null).map((act) => <PrintedAct key={act.id} act={act} rules={rules} reference={file.reference} />)}
      <Seal opened={opened} rules={rules} />
    </article>
  );
}

/** One communication: in the language of this document where there is a translation into it, else as it was written. */
function PrintedAct({ act, rules, reference }: { act: OpenedAct; rules: Rulebook; reference: string }) {
  const { t, lang, format } = useI18n();
  const names = useWords();
  const words = useRuleWords(rules);
  const form = act.document ? rules.form(act.document.form) : null;
  if (!act.document || !form || hasFailed(act.verdict)) return <section><h3>{words.act(act.type)}</h3><p>{t('print.withheld')}</p></section>;
  const language = languageOf(act);
  const translation = act.translations.find((one) => one.language === lang);
  return (
    <section className="printed-act">
      <h3>{words.form(form.form)}</h3>
      <p className="small">
        {t('case.history.by', { who: names.authority(act.for) })} · <Time at={act.time} /> · <Id>{reference}</Id>
        {language !== undefined && <> · {t('case.original', { language: languageName(language, lang) })}</>}
      </p>
      {translation && <p className="small">{t('side.translation', { language: languageName(translation.language, lang) })}: {makerText(translation, t)}</p>}
      {act.summary && <p><UserText>{act.summary}</UserText></p>}
      <FormView rules={rules} words={words} form={form} answers={act.document.answers} basis={act.document.basis} lang={language} level={3} translation={translation && { lang: translation.language, answers: translation.answers }} />
      {act.files.length > 0 && (
        <>
          <h4>{t('draft.task.files')}</h4>
          <ul className="plain">{act.files.map((file) => <li key={file.fid}><bdi>{file.name}</bdi> · SHA-256 <Id long>{file.sha256}</Id></li>)}</ul>
        </>
      )}
      <p className="small">{t('case.signedBy', { who: act.document.signer, at: act.document.signedAt === null ? '–' : format.utc(new Date(act.document.signedAt)) })}</p>
    </section>
  );
}

/** The receipt of the last act, for any reader of such receipts; it says what stands in the ledger without asking the hub. */
function Receipt({ act }: { act: OpenedAct }) {
  const { t } = useI18n();
  const proof = useProof(useSeat()?.authority ?? null, act.id);
  return <Remote query={proof} rows={1}>{({ receipt }) => <figure><Qr text={receipt} label={t('print.qr')} /><figcaption className="small">{t('print.qr')}</figcaption></figure>}</Remote>;
}

/** The page of proofs: what stands in the ledger, and where anybody who may can check it again. */
function Seal({ opened, rules }: { opened: OpenedCase; rules: Rulebook }) {
  const { t, format } = useI18n();
  const words = useRuleWords(rules);
  const { acts, file } = opened;
  const last = acts.at(-1);
  return (
    <section className="seal">
      <h3>{t('print.proofs')}</h3>
      <p>{t('print.proofs.text')}</p>
      <div className="seal-grid">
        <div className="table-wrap">
        <table className="table">
          <thead><tr><th scope="col">{t('receipt.what')}</th><th scope="col">{t('receipt.admitted')}</th><th scope="col">{t('proof.index')}</th><th scope="col">{t('receipt.proof')}</th></tr></thead>
          <tbody>
            {acts.map((act) => (
              <tr key={act.id}>
                <td>{words.act(act.type)}<br /><Id long>{act.id}</Id></td>
                <td><Time at={act.time} /></td>
                <td>{format.number(act.index)}</td>
                <td><ProofMark proof={markOf(act)} /></td>
              </tr>
            ))}
          </tbody>
        </table>
        </div>
        {last && <Receipt act={last} />}
      </div>
    </section>
  );
}
