import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useDesk } from '@/api/context';
import type { ProofPage } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { hasFailed, markOf, useProof } from '@/parts/case';
import { Remote, useProblemText, useSeat, useWords, type Words } from '@/parts/desk';
import { Button, Facts, Id, Notice, Page, ProofMark, Table, Time } from '@/ui';
import { saveAs } from '../request/exhibits';
import { StepList } from './steps';

/** Who signed what and when, that the ledger holds it, and how this browser knows. In words for everybody; raw below, for experts. */
export function ProofScreen() {
  const { reference = '', act = '' } = useParams({ strict: false }) as { reference?: string; act?: string };
  const { t } = useI18n();
  const seat = useSeat();
  const proof = useProof(seat?.authority ?? null, act);
  return (
    <Page title={t('proof.title')} over={<Id>{reference}</Id>} back={{ href: `/requests/${reference}`, label: t('draft.backToCase') }}>
      <Remote query={proof}>{(page) => <Proof page={page} authority={seat?.authority ?? ''} />}</Remote>
    </Page>
  );
}

/** Who an entry of the directory is about: a country and an authority by name, whoever else by what stands for them. */
function Subject({ id, words }: { id: string; words: Words }) {
  if (id.startsWith('au:')) return words.authority(id);
  return id.startsWith('cc:') ? words.countryOf(id) : <Id>{id}</Id>;
}

function Proof({ page, authority }: { page: ProofPage; authority: string }) {
  const { t, format } = useI18n();
  const desk = useDesk();
  const words = useWords();
  const problem = useProblemText();
  const [failed, setFailed] = useState<unknown>(null);
  const { act, verdict } = page;
  const bad = hasFailed(verdict);
  const save = async (disclose: boolean) => {
    setFailed(null);
    try {
      saveAs(await desk.exportProof(authority, [act.id], disclose), `${act.id.slice(0, 12)}.proof.json`);
    } catch (error) {
      setFailed(error);
    }
  };
  return (
    <>
      {bad ? <div className="redpage" role="alert"><h2>{t('proof.red.title')}</h2><p>{t('proof.red.text')}</p><p>{t('proof.red.help')}</p></div> : (
        <Notice tone={verdict.good ? 'ok' : 'warn'}>
          <p><strong>{verdict.good ? t('proof.good') : t('proof.incomplete')}</strong></p>
          <p>{t('proof.sentence', { who: words.authority(act.for), what: words.act(act.type), at: format.utc(new Date(act.time)), index: act.index })}</p>
        </Notice>
      )}
      <h2>{t('proof.steps')}</h2>
      <StepList steps={verdict.steps} />
      <h2>{t('proof.facts')}</h2>
      <Facts
        facts={[
          [t('receipt.proof'), <ProofMark proof={markOf({ index: act.index, verdict })} />],
          [t('proof.for'), words.authority(act.for)],
          [t('proof.signer'), <Id what={t('proof.signer')}>{act.by}</Id>],
          [t('proof.device'), <Id long what={t('proof.device')}>{act.device}</Id>],
          [t('proof.signedAt'), <Time at={act.at} both />],
          [t('receipt.admitted'), <Time at={act.time} both />],
          [t('proof.tree'), t('proof.tree.text', { size: page.treeSize })],
          [t('proof.witnesses'), page.witnesses.length === 0 ? t('receipt.witness.no') : format.list(page.witnesses.map((one) => `\u2068${one}\u2069`))],
        ]}
      />
      <h2>{t('proof.chain')}</h2>
      <p className="mute">{t('proof.chain.text')}</p>
      <Table<ProofPage['chain'][number]>
        label={t('proof.chain')} rows={page.chain} rowKey={(link) => link.act}
        columns={[
          { id: 'what', header: t('receipt.what'), cell: (link) => words.act(link.type) },
          { id: 'who', header: t('proof.subject'), cell: (link) => <Subject id={link.subject} words={words} /> },
          { id: 'when', header: t('receipt.admitted'), cell: (link) => <Time at={link.time} /> },
          { id: 'index', header: t('proof.index'), cell: (link) => format.number(link.index), end: true },
        ]}
      />
      <h2>{t('proof.download')}</h2>
      <p>{t('proof.download.text')}</p>
      {failed !== null && <Notice tone="bad" live>{problem(failed).text}</Notice>}
      <div className="actions no-print">
        <Button kind="primary" onPress={() => void save(false)}>{t('proof.download.sealed')}</Button>
        <Button onPress={() => void save(true)}>{t('proof.download.open')}</Button>
      </div>
      <details>
        <summary>{t('proof.raw')}</summary>
        <h3>{t('proof.raw.body')}</h3>
        <pre className="raw" tabIndex={0}>{page.body}</pre>
        <h3>{t('proof.raw.receipt')}</h3>
        <pre className="raw" tabIndex={0}>{page.receipt}</pre>
        <h3>{t('proof.raw.root')}</h3>
        <pre className="raw" tabIndex={0}>{page.root}</pre>
        <h3>{t('proof.raw.genesis')}</h3>
        <pre className="raw" tabIndex={0}>{page.genesis}</pre>
      </details>
    </>
  );
}
