import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { OpenedAct, Sent } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { markOf, useAct } from '@/parts/case';
import { Remote, useSeat, useWords } from '@/parts/desk';
import { Button, ButtonLink, Facts, Id, Notice, Page, ProofMark, Time } from '@/ui';

/** The hub's receipt, checked here: reference, moment, place in the ledger, and what happens next. */
export function ReceiptScreen() {
  const { act = '' } = useParams({ strict: false }) as { act?: string };
  const { t } = useI18n();
  const seat = useSeat();
  const queries = useQueryClient();
  const sent = queries.getQueryData<Sent>(['sent', act]);
  const opened = useAct(seat?.authority ?? null, act);
  return (
    <Page title={t('receipt.title')} reading>
      {sent ? <Receipt sent={sent} type={opened.data?.type} to={opened.data?.to ?? []} /> : <Remote query={opened}>{(one) => <Receipt sent={fromAct(one)} type={one.type} to={one.to} />}</Remote>}
    </Page>
  );
}

function fromAct(act: OpenedAct): Sent {
  return { id: act.id, index: act.index, time: act.time, case: null, reference: null, verdict: act.verdict, receipt: '', witnessed: false };
}

function Receipt({ sent, type, to }: { sent: Sent; type: string | undefined; to: readonly string[] }) {
  const { t, format } = useI18n();
  const words = useWords();
  const mark = markOf(sent);
  return (
    <>
      <Notice tone={mark.state === 'failed' ? 'bad' : 'ok'}>
        <p><strong>{mark.state === 'failed' ? t('receipt.notValid') : t('receipt.done')}</strong></p>
      </Notice>
      <Facts
        facts={[
          sent.reference === null ? null : [t('receipt.reference'), <Id what={t('receipt.reference')}>{sent.reference}</Id>],
          type === undefined ? null : [t('receipt.what'), words.act(type)],
          to.length === 0 ? null : [t('sign.to'), format.list(to.map((one) => words.authority(one)))],
          [t('receipt.admitted'), <Time at={sent.time} both />],
          [t('receipt.proof'), <ProofMark proof={mark} {...(sent.reference === null ? {} : { href: `/requests/${sent.reference}/proof/${sent.id}` })} />],
          [t('receipt.witness'), sent.witnessed ? t('receipt.witness.yes') : t('receipt.witness.no')],
        ]}
      />
      <p>{t('receipt.next')}</p>
      <div className="actions no-print">
        {sent.reference !== null && <ButtonLink kind="primary" href={`/requests/${sent.reference}`}>{t('receipt.toCase')}</ButtonLink>}
        {sent.reference !== null && <ButtonLink href={`/requests/${sent.reference}/print`}>{t('receipt.print')}</ButtonLink>}
        <ButtonLink href="/">{t('receipt.toInbox')}</ButtonLink>
        {sent.reference === null && <Button onPress={() => window.print()}>{t('receipt.print')}</Button>}
      </div>
    </>
  );
}
