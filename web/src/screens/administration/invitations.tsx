import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '@/api/context';
import type { Enrolment, Sent } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { CATCH_UP, Remote, useProblemText, type Seat } from '@/parts/desk';
import { Button, Empty, Facts, Id, Notice, ProofMark, Table, Tag, TextField, Time } from '@/ui';

/** Invitations that are out, and the devices that have answered and wait to be admitted. */
export function Invitations({ seat }: { seat: Seat }) {
  const { t } = useI18n();
  const desk = useDesk();
  const client = useQueryClient();
  const problem = useProblemText();
  const { authority } = seat;
  const invitations = useQuery({ queryKey: ['invitations', authority], queryFn: () => desk.invitations(authority), refetchInterval: CATCH_UP });
  const enrolments = useQuery({ queryKey: ['enrolments', authority], queryFn: () => desk.enrolments(authority), refetchInterval: CATCH_UP });
  const mayCertify = useQuery({ queryKey: ['may-certify', authority], queryFn: () => desk.canCertify() });
  const [admitted, setAdmitted] = useState<Admitted | null>(null);
  const withdraw = useMutation({ mutationFn: (id: string) => desk.withdrawInvitation(id), onSuccess: () => client.invalidateQueries({ queryKey: ['invitations'] }) });
  return (
    <>
      <h2>{t('admin.pending')}</h2>
      {admitted && (
        <Notice tone="ok" live>
          <p>{t('admin.admitted')} <ProofMark proof={admitted.verdict.good ? { state: 'verified', index: admitted.index } : { state: 'failed' }} /></p>
          <p>{t(admitted.certified ? 'admin.admitted.certified' : 'admin.admitted.uncertified')} {t('admin.admitted.next')}</p>
        </Notice>
      )}
      <Remote query={enrolments} rows={1}>
        {(list) => {
          const pending = list.filter((one) => one.state === 'pending');
          return pending.length === 0 ? <p className="mute">{t('admin.pending.none')}</p> : <>{pending.map((one) => <Pending key={one.enrolment} one={one} mayCertify={mayCertify.data ?? false} onAdmitted={setAdmitted} />)}</>;
        }}
      </Remote>
      <h2>{t('admin.tab.invitations')}</h2>
      {withdraw.error && <Notice tone="bad" live><p>{problem(withdraw.error).text}</p></Notice>}
      <Remote query={invitations} rows={1}>
        {(list) =>
          list.length === 0 ? (
            <Empty title={t('admin.invitations.none')}>{t('admin.invitations.how')}</Empty>
          ) : (
            <Table label={t('admin.tab.invitations')} rows={list} rowKey={(one) => one.invitation} columns={[
              { id: 'officer', header: t('admin.officer'), cell: (one) => <Id>{one.officer}</Id> },
              { id: 'state', header: t('cases.state'), cell: (one) => <Tag tone={one.state === 'open' ? 'new' : 'plain'}>{t(`admin.invitation.${one.state}`)}</Tag> },
              { id: 'until', header: t('admin.invite.until'), cell: (one) => <Time at={one.expiresAt} /> },
              { id: 'do', header: t('admin.do'), cell: (one) => <Button small onPress={() => withdraw.mutate(one.invitation)} label={t('admin.invitation.withdraw.label', { officer: one.officer })}>{t('admin.invitation.withdraw')}</Button> },
            ]} />
          )
        }
      </Remote>
    </>
  );
}

type Admitted = Sent & { readonly certified: boolean };

/** The decisive minute: both read the same four words over the telephone, or the device is refused. */
function Pending({ one, mayCertify, onAdmitted }: { one: Enrolment; mayCertify: boolean; onAdmitted: (sent: Admitted) => void }) {
  const { t } = useI18n();
  const desk = useDesk();
  const client = useQueryClient();
  const problem = useProblemText();
  const [code, setCode] = useState('');
  const [name, setName] = useState('');
  const again = async () => {
    await client.invalidateQueries({ queryKey: ['enrolments'] });
    await client.invalidateQueries({ queryKey: ['directory'] });
  };
  const count = useMutation({ mutationFn: () => desk.enrolmentWords(one.enrolment, code) });
  const admit = useMutation({ mutationFn: () => desk.admitDevice(one.enrolment, mayCertify ? name.trim() : null), onSuccess: (sent) => { onAdmitted(sent); void again(); } });
  const refuse = useMutation({ mutationFn: () => desk.refuseEnrolment(one.enrolment), onSuccess: again });
  const words = one.words ?? count.data ?? null;
  const error = count.error ?? admit.error ?? refuse.error;
  return (
    <section className="panel officer" aria-label={`${t('admin.pending')} ${one.officer}`}>
      <Facts facts={[[t('admin.officer'), <Id key="o">{one.officer}</Id>], [t('admin.device'), <Id key="d">{`${one.device.slice(0, 12)}…`}</Id>], [t('admin.device.protection'), t(`admin.aal.${one.aal}`)], [t('admin.invite.until'), <Time key="u" at={one.expiresAt} />]]} />
      {!one.verdict.good && <Notice tone="bad"><p>{t('admin.pending.bad')}</p>{one.verdict.steps.filter((step) => step.finding === 'fails').map((step) => <p key={step.check} className="small">{step.detail}</p>)}</Notice>}
      {error && <Notice tone="bad" live><p>{problem(error).text}</p></Notice>}
      {words === null && one.verdict.good && (
        <form className="stack" onSubmit={(event) => { event.preventDefault(); count.mutate(); }}>
          <TextField label={t('enrol.code')} hint={t('admin.pending.code')} identifier autoComplete="off" value={code} onChange={setCode} />
          <Button type="submit" busy={count.isPending}>{t('admin.pending.show')}</Button>
        </form>
      )}
      {words !== null && one.verdict.good && (
        <>
          <p>{t('admin.pending.compare')}</p>
          <ol className="fourwords" lang="en" dir="ltr">{words.map((word) => <li key={word}>{word}</li>)}</ol>
          {mayCertify && <TextField label={t('admin.pending.signs')} hint={t('admin.pending.signs.hint')} optional autoComplete="off" value={name} onChange={(typed) => setName(typed.slice(0, 64))} />}
          <div className="actions">
            <Button kind="primary" busy={admit.isPending} onPress={() => admit.mutate()}>{t('admin.pending.admit')}</Button>
            <Button busy={refuse.isPending} onPress={() => refuse.mutate()}>{t('admin.pending.refuse')}</Button>
          </div>
          <p className="mute">{t('admin.recorded')}</p>
        </>
      )}
      {!one.verdict.good && <div className="actions"><Button kind="primary" busy={refuse.isPending} onPress={() => refuse.mutate()}>{t('admin.pending.refuseOnly')}</Button></div>}
    </section>
  );
}
