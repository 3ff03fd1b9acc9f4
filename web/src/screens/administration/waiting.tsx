import { useMutation, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '@/api/context';
import type { ReasonToDecline, VerifiedDirectory, WaitingAct } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { Remote, useConnection, useProblemText, useWords, type Seat } from '@/parts/desk';
import { Button, Dialog, Empty, Facts, Id, Notice, ProofMark, Tag, Time, type ProofState } from '@/ui';
import { ReasonDialog } from './reason';
import { changeOf, numberOf } from './waiting-act';

type Asked = { what: 'sign' | 'decline'; act: WaitingAct } | null;

/** Acts that two administrators must sign: those that wait for me, those that I have begun, and what became of them. */
export function WaitingActs({ query, directory, seat }: { query: UseQueryResult<readonly WaitingAct[]>; directory: VerifiedDirectory; seat: Seat }) {
  const { t } = useI18n();
  const [asked, setAsked] = useState<Asked>(null);
  const [done, setDone] = useState<ProofState | null>(null);
  const close = () => setAsked(null);
  return (
    <>
      <h2>{t('admin.tab.waiting')}</h2>
      <p>{t('admin.waiting.text')}</p>
      {done && <Notice tone="ok" live><p>{t('admin.waiting.done')} <ProofMark proof={done} /></p></Notice>}
      <Remote query={query} rows={1}>
        {(list) => list.length === 0 ? <Empty title={t('admin.waiting.none')} /> : <>{list.map((act) => <Waiting key={act.id} act={act} directory={directory} seat={seat} onAsk={(what) => setAsked({ what, act })} />)}</>}
      </Remote>
      {asked?.what === 'sign' && <SignDialog act={asked.act} directory={directory} seat={seat} onClose={close} onDone={setDone} />}
      {asked?.what === 'decline' && <DeclineDialog act={asked.act} onClose={close} />}
    </>
  );
}

/** What the act does, in words, from its signed text and from the directory that this browser verified. */
function What({ act, directory, seat }: { act: WaitingAct; directory: VerifiedDirectory; seat: Seat }) {
  const { t, format } = useI18n();
  const words = useWords();
  const change = changeOf(act, directory, seat.authority);
  const roles = (of: readonly string[]) => format.list(of.map((role) => words.role(role)));
  if (change === null) return <Facts facts={[[t('admin.waiting.type'), act.type], ...Object.entries(act.what).map(([name, value]): [string, string] => [name, typeof value === 'string' ? value : JSON.stringify(value)])]} />;
  return (
    <Facts
      facts={[
        [t('admin.officer'), <Id key="o">{change.officer}</Id>],
        ...(change.before === null ? [] : [[t('admin.waiting.before'), roles(change.before)] as [string, string]]),
        [t('admin.appoint.roles'), roles(change.roles)],
        [t('admin.until'), <Time key="u" at={change.until} />],
      ]}
    />
  );
}

function Who({ kid, directory, seat }: { kid: string; directory: VerifiedDirectory; seat: Seat }) {
  const { t } = useI18n();
  return <span>{t('admin.waiting.administrator', { n: numberOf(kid, directory, seat.authority) })} <Id>{`${kid.slice(0, 12)}…`}</Id> {seat.me.device === kid && <Tag tone="new">{t('admin.you')}</Tag>}</span>;
}

function Waiting({ act, directory, seat, onAsk }: { act: WaitingAct; directory: VerifiedDirectory; seat: Seat; onAsk: (what: 'sign' | 'decline') => void }) {
  const { t } = useI18n();
  const { online } = useConnection();
  const blocked = online ? undefined : t('admin.offline');
  const change = changeOf(act, directory, seat.authority);
  const title = change === null ? act.type : t(change.before === null ? 'admin.waiting.appoints' : 'admin.waiting.changes');
  const open = act.state === 'waiting';
  return (
    <article className="panel officer" aria-label={title}>
      <h3>{title} {act.state === 'admitted' && <Tag tone="ok" icon>{t('admin.waiting.admitted')}</Tag>}{act.state === 'declined' && <Tag tone="warn" icon>{t('admin.waiting.declined')}</Tag>}{act.state === 'void' && <Tag tone="warn" icon>{t('admin.waiting.void')}</Tag>}</h3>
      <What act={act} directory={directory} seat={seat} />
      <p>{t('admin.waiting.signedBy')} {act.signers.map((kid) => <Who key={kid} kid={kid} directory={directory} seat={seat} />)} <Time at={act.signedAt} /></p>
      {act.index !== null && <p><ProofMark proof={{ state: 'verified', index: act.index }} /></p>}
      {act.declined && <p>{t(`admin.waiting.why.${act.declined.why}`)}: <Who kid={act.declined.by} directory={directory} seat={seat} /> <Time at={act.declined.at} /></p>}
      {open && <p className="small">{t('admin.waiting.until')} <Time at={act.expiresAt} /></p>}
      {open && !act.verdict.good && <Notice tone="bad"><p>{t('admin.waiting.bad')}</p></Notice>}
      {open && act.mine && <p className="mute">{t('admin.waiting.mine')}</p>}
      {open && (
        <div className="actions">
          {!act.mine && act.verdict.good && <Button kind="primary" blocked={blocked} onPress={() => onAsk('sign')}>{t('admin.waiting.sign')}</Button>}
          <Button kind={act.mine ? 'quiet' : 'plain'} blocked={blocked} onPress={() => onAsk('decline')}>{t(act.mine ? 'admin.waiting.takeBack' : 'admin.waiting.decline')}</Button>
        </div>
      )}
    </article>
  );
}

function useAgain(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({ queryKey: ['waiting'] });
    await client.invalidateQueries({ queryKey: ['directory'] });
  };
}

function SignDialog({ act, directory, seat, onClose, onDone }: { act: WaitingAct; directory: VerifiedDirectory; seat: Seat; onClose: () => void; onDone: (proof: ProofState) => void }) {
  const { t } = useI18n();
  const desk = useDesk();
  const problem = useProblemText();
  const again = useAgain();
  const sign = useMutation({
    mutationFn: () => desk.countersign(act.id),
    onSuccess: async (sent) => {
      await again();
      if (sent !== null) onDone(sent.verdict.good ? { state: 'verified', index: sent.index } : { state: 'failed' });
      onClose();
    },
  });
  return (
    <Dialog alert wide title={t('admin.waiting.sign.title')} isOpen onClose={onClose} actions={<><Button kind="primary" busy={sign.isPending} onPress={() => sign.mutate()}>{t('admin.waiting.sign')}</Button><Button onPress={onClose}>{t('ui.cancel')}</Button></>}>
      <What act={act} directory={directory} seat={seat} />
      <p>{t('admin.waiting.sign.text')}</p>
      {sign.error && <Notice tone="bad" live><p>{problem(sign.error).text}</p></Notice>}
      <p className="mute">{t('admin.recorded')}</p>
    </Dialog>
  );
}

const REASONS = ['mistake', 'person', 'unexpected'] as const;

/** A colleague's act is declined for a reason; what I began myself I take back without one. */
function DeclineDialog({ act, onClose }: { act: WaitingAct; onClose: () => void }) {
  const { t } = useI18n();
  const desk = useDesk();
  const again = useAgain();
  const decline = useMutation({ mutationFn: (reason: ReasonToDecline) => desk.declineWaiting(act.id, reason), onSuccess: async () => { await again(); onClose(); } });
  const mine = act.mine ? 'takeBack' : 'decline';
  return (
    <ReasonDialog<ReasonToDecline> title={t(`admin.waiting.${mine}.title`)} action={t(`admin.waiting.${mine}`)} reasons={act.mine ? [] : REASONS.map((id) => [id, t(`admin.waiting.why.${id}`)])} otherwise={act.mine ? 'withdrawn' : undefined} doing={decline} onClose={onClose}>
      <p>{t('admin.waiting.decline.text')}</p>
    </ReasonDialog>
  );
}
