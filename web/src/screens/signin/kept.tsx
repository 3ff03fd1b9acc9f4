import { useMutation, useQuery } from '@tanstack/react-query';
import { useDesk } from '@/api/context';
import { useI18n } from '@/i18n/react';
import { useProblemText } from '@/parts/desk';
import { Button, Notice } from '@/ui';

/** Drafts that were never sent: they stay encrypted here until somebody takes them out or forgets them. */
export function Kept() {
  const { t } = useI18n();
  const desk = useDesk();
  const problem = useProblemText();
  const drafts = useQuery({ queryKey: ['drafts', 'kept'], queryFn: () => desk.listDrafts() });
  const take = useMutation({ mutationFn: async () => save(await desk.exportDrafts(), 'entraide-drafts.json') });
  const n = drafts.data?.length ?? 0;
  return (
    <>
      <h3>{t('revoked.kept')}</h3>
      <p>{t('revoked.drafts', { n })}</p>
      {take.error && <Notice tone="bad" live><p>{problem(take.error).text}</p></Notice>}
      {n > 0 && (
        <>
          <p className="mute">{t('revoked.export.warn')}</p>
          <div className="actions"><Button busy={take.isPending} onPress={() => take.mutate()}>{t('revoked.export')}</Button></div>
        </>
      )}
    </>
  );
}

function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}
