import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '@/api/context';
import type { DirectoryOfficer } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { useProblemText, useWords } from '@/parts/desk';
import { needsTwoAdministrators } from '@/proof/roles';
import { Button, CheckboxGroup, DateField, Dialog, ErrorSummary, nowByHub, Notice, Time, type FieldFault } from '@/ui';

/** Roles that an authority gives to its own officers; the others belong to roots and administrators. */
const ROLES = ['duty-officer', 'officer', 'magistrate', 'supervisor', 'reviewer', 'ring-admin', 'auditor', 'data-protection-officer'];

function inAYear(): string {
  return new Date(nowByHub() + 365 * 86_400_000).toISOString().slice(0, 10);
}

/**
 * Admits an officer, or gives one who is there (`officer`) other roles: what they may do, and until when. The person's name stays with the
 * authority; the ledger knows a pseudonym. What two administrators must give waits for the second.
 */
export function AppointDialog({ authority, officer, onClose, onAppointed }: { authority: string; officer?: DirectoryOfficer | undefined; onClose: () => void; onAppointed: (officer: string) => void }) {
  const { t } = useI18n();
  const desk = useDesk();
  const words = useWords();
  const client = useQueryClient();
  const problem = useProblemText();
  const [roles, setRoles] = useState<string[]>(officer ? [...officer.roles] : ['duty-officer']);
  const [until, setUntil] = useState<string | null>(officer ? officer.until.slice(0, 10) : inAYear);
  const [faults, setFaults] = useState<FieldFault[]>([]);
  const appoint = useMutation({
    mutationFn: () => desk.addOfficer(authority, roles, `${until}T23:59:59Z`, officer?.officer),
    onSuccess: async (enacted) => {
      await client.invalidateQueries({ queryKey: ['waiting' in enacted ? 'waiting' : 'directory'] });
      if ('sent' in enacted) onAppointed(enacted.officer);
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
  const two = roles.some(needsTwoAdministrators);
  if (appoint.data && 'waiting' in appoint.data)
    return (
      <Dialog title={t('admin.waiting.left.title')} isOpen onClose={onClose} actions={<Button kind="primary" onPress={onClose}>{t('ui.close')}</Button>}>
        <p>{t('admin.waiting.left.text')} <Time at={appoint.data.expiresAt} /></p>
        <p>{t('admin.waiting.left.call')}</p>
      </Dialog>
    );
  const fault = (field: string) => faults.find((one) => one.field === field)?.message;
  return (
    <Dialog wide title={t(officer ? 'admin.change' : 'admin.appoint')} isOpen onClose={onClose} actions={<><Button kind="primary" busy={appoint.isPending} onPress={go}>{t(two ? 'admin.appoint.go.two' : officer ? 'admin.change' : 'admin.appoint.go')}</Button><Button onPress={onClose}>{t('ui.cancel')}</Button></>}>
      <ErrorSummary faults={faults} />
      {appoint.error && <Notice tone="bad" live><p>{problem(appoint.error).text}</p></Notice>}
      <div className="stack">
        <CheckboxGroup id="roles" label={t('admin.appoint.roles')} hint={t('admin.appoint.roles.hint')} error={fault('roles')} value={roles} onChange={setRoles} options={ROLES.map((id) => ({ id, label: words.role(id) }))} />
        <DateField id="until" label={t('admin.appoint.until')} error={fault('until')} value={until} onChange={setUntil} />
      </div>
      {two && <Notice><p>{t('admin.appoint.two')}</p></Notice>}
      <p className="mute">{t('admin.recorded')}</p>
    </Dialog>
  );
}
