import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '@/api/context';
import { useI18n } from '@/i18n/react';
import { useProblemText, useWords } from '@/parts/desk';
import { Button, CheckboxGroup, DateField, Dialog, ErrorSummary, nowByHub, Notice, type FieldFault } from '@/ui';

/** Roles that an authority gives to its own officers; the others belong to roots and administrators. */
const ROLES = ['duty-officer', 'officer', 'magistrate', 'supervisor', 'reviewer', 'ring-admin', 'auditor', 'data-protection-officer'];

function inAYear(): string {
  return new Date(nowByHub() + 365 * 86_400_000).toISOString().slice(0, 10);
}

/** Admits an officer: what they may do, and until when. The person's name stays with the authority; the ledger knows a pseudonym. */
export function AppointDialog({ authority, onClose, onAppointed }: { authority: string; onClose: () => void; onAppointed: (officer: string) => void }) {
  const { t } = useI18n();
  const desk = useDesk();
  const words = useWords();
  const client = useQueryClient();
  const problem = useProblemText();
  const [roles, setRoles] = useState<string[]>(['duty-officer']);
  const [until, setUntil] = useState<string | null>(inAYear);
  const [faults, setFaults] = useState<FieldFault[]>([]);
  const appoint = useMutation({
    mutationFn: () => desk.addOfficer(authority, roles, `${until}T23:59:59Z`),
    onSuccess: async (sent) => {
      await client.invalidateQueries({ queryKey: ['directory'] });
      onAppointed(sent.officer);
    },
  });
  const go = () => {
    const found = [
      ...(roles.length === 0 ? [{ field: 'roles', message: t('admin.appoint.roles.missing') }] : []),
      ...(until === null || Date.parse(until) <= nowByHub() ? [{ field: 'until', message: t('admin.appoint.until.wrong') }] : []),
    ];
    setFaults(found);
    if (found.length === 0) appoint.mutate();
  };
  const fault = (field: string) => faults.find((one) => one.field === field)?.message;
  return (
    <Dialog wide title={t('admin.appoint')} isOpen onClose={onClose} actions={<><Button kind="primary" busy={appoint.isPending} onPress={go}>{t('admin.appoint.go')}</Button><Button onPress={onClose}>{t('ui.cancel')}</Button></>}>
      <ErrorSummary faults={faults} />
      {appoint.error && <Notice tone="bad" live><p>{problem(appoint.error).text}</p></Notice>}
      <div className="stack">
        <CheckboxGroup id="roles" label={t('admin.appoint.roles')} hint={t('admin.appoint.roles.hint')} error={fault('roles')} value={roles} onChange={setRoles} options={ROLES.map((id) => ({ id, label: words.role(id) }))} />
        <DateField id="until" label={t('admin.appoint.until')} error={fault('until')} value={until} onChange={setUntil} />
      </div>
      <p className="mute">{t('admin.recorded')}</p>
    </Dialog>
  );
}
