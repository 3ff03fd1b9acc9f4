import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '@/api/context';
import { useI18n } from '@/i18n/react';
import { useProblemText } from '@/parts/desk';
import { Button, Dialog, Id, Notice, TextField } from '@/ui';

/** The certificate with which an admitted device signs documents: the first one, or a new one. */
export function CertifyDialog({ authority, device, onClose }: { authority: string; device: string; onClose: () => void }) {
  const { t } = useI18n();
  const desk = useDesk();
  const client = useQueryClient();
  const problem = useProblemText();
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const certify = useMutation({
    mutationFn: () => desk.certifyDevice(authority, device, name.trim()),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['certificates'] });
      onClose();
    },
  });
  const go = () => (name.trim() === '' ? setMissing(true) : certify.mutate());
  return (
    <Dialog title={t('admin.certify.title')} isOpen onClose={onClose} actions={<><Button kind="primary" busy={certify.isPending} onPress={go}>{t('admin.certify')}</Button><Button onPress={onClose}>{t('ui.cancel')}</Button></>}>
      <p><Id>{`${device.slice(0, 12)}…`}</Id></p>
      <p>{t('admin.certify.text')}</p>
      {certify.error && <Notice tone="bad" live><p>{problem(certify.error).text}</p></Notice>}
      <TextField label={t('admin.certify.name')} error={missing && name.trim() === '' ? t('admin.certify.name.missing') : undefined} autoComplete="off" value={name} onChange={(typed) => setName(typed.slice(0, 64))} />
    </Dialog>
  );
}
