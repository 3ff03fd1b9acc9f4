import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '@/api/context';
import { useI18n } from '@/i18n/react';
import { useProblemText } from '@/parts/desk';
import { Button, Dialog, Id, Loading, Notice, ProofMark, Time } from '@/ui';
import { ReasonDialog } from './reason';

export type Target = { kid: string } | { subject: string };
const REASONS = ['lost', 'left', 'compromised', 'replaced'] as const;

function useAgain(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({ queryKey: ['directory'] });
    await client.invalidateQueries({ queryKey: ['invitations'] });
  };
}

/** Makes the code of an invitation here; the hub never sees it. It is shown once. */
export function InviteDialog({ authority, officer, onClose }: { authority: string; officer: string; onClose: () => void }) {
  const { t } = useI18n();
  const desk = useDesk();
  const problem = useProblemText();
  const again = useAgain();
  const invite = useQuery({ queryKey: ['invite', authority, officer], queryFn: () => desk.invite(authority, officer), staleTime: Infinity, gcTime: 0, retry: false, refetchOnWindowFocus: false });
  const close = () => {
    void again();
    onClose();
  };
  return (
    <Dialog alert wide title={t('admin.invite.title')} isOpen onClose={close} actions={<Button kind="primary" onPress={close}>{t('admin.invite.done')}</Button>}>
      {invite.isPending && <Loading rows={1} />}
      {invite.error && <Notice tone="bad" live><p>{problem(invite.error).text}</p></Notice>}
      {invite.data && (
        <>
          <p>{t('admin.invite.text')}</p>
          <p className="bigcode"><Id what={t('enrol.code')}>{invite.data.code}</Id></p>
          <p>{t('admin.invite.link')} <Id long what={t('admin.invite.link')}>{`${location.origin}/enrol#${invite.data.code}`}</Id></p>
          <p>{t('admin.invite.until')} <Time at={invite.data.expiresAt} /></p>
          <Notice tone="warn"><p>{t('admin.invite.warn')}</p></Notice>
        </>
      )}
    </Dialog>
  );
}

/** A device or an officer loses everything at once; what they signed before stays valid. */
export function RevokeDialog({ authority, target, onClose }: { authority: string; target: Target; onClose: () => void }) {
  const { t } = useI18n();
  const desk = useDesk();
  const again = useAgain();
  const revoke = useMutation({ mutationFn: (reason: string) => desk.revoke(target, authority, reason), onSuccess: again });
  const device = 'kid' in target;
  const name = device ? target.kid.slice(0, 12) : target.subject;
  if (revoke.data)
    return (
      <Dialog title={t('admin.revoked')} isOpen onClose={onClose} actions={<Button kind="primary" onPress={onClose}>{t('ui.close')}</Button>}>
        <p><ProofMark proof={revoke.data.verdict.good ? { state: 'verified', index: revoke.data.index } : { state: 'failed' }} /></p>
        <p>{t('admin.revoked.next')}</p>
      </Dialog>
    );
  return (
    <ReasonDialog title={t(device ? 'admin.revoke.device.title' : 'admin.revoke.officer.title')} action={t(device ? 'admin.revoke.device' : 'admin.revoke.officer')} reasons={REASONS.map((id) => [id, t(`admin.revoke.why.${id}`)])} doing={revoke} onClose={onClose} foot={<p className="mute">{t('admin.recorded')}</p>}>
      <p><Id>{name}</Id></p>
      <p>{t(device ? 'admin.revoke.device.text' : 'admin.revoke.officer.text')}</p>
    </ReasonDialog>
  );
}

/** Seals the authority's present keys to one more device, so that it can read. */
export function GrantDialog({ authority, device, onClose }: { authority: string; device: string; onClose: () => void }) {
  const { t } = useI18n();
  const desk = useDesk();
  const problem = useProblemText();
  const again = useAgain();
  const grant = useMutation({ mutationFn: () => desk.grantRing(authority, device), onSuccess: async () => { await again(); onClose(); } });
  return (
    <Dialog alert title={t('admin.grant.title')} isOpen onClose={onClose} actions={<><Button kind="primary" busy={grant.isPending} onPress={() => grant.mutate()}>{t('admin.grant')}</Button><Button onPress={onClose}>{t('ui.cancel')}</Button></>}>
      <p><Id>{device.slice(0, 12)}</Id></p>
      <p>{t('admin.grant.text')}</p>
      {grant.error && <Notice tone="bad" live><p>{problem(grant.error).text}</p></Notice>}
      <p className="mute">{t('admin.recorded')}</p>
    </Dialog>
  );
}
