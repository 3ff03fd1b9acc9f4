import { useQuery } from '@tanstack/react-query';
import { useDesk } from '@/api/context';
import { useI18n } from '@/i18n/react';
import { Remote, useSession } from '@/parts/desk';
import { Facts, Notice, Time, UserText } from '@/ui';

/** What this device signs documents with, and until when. Looking here also fetches a new one. */
export function Documents() {
  const { t } = useI18n();
  const desk = useDesk();
  const session = useSession();
  const certificate = useQuery({ queryKey: ['document-certificate'], queryFn: () => desk.documentCertificate(), retry: false });
  if (session.state !== 'open' || session.me.subject.startsWith('au:')) return null;
  return (
    <section aria-labelledby="documents">
      <h2 id="documents">{t('settings.documents')}</h2>
      <p>{t('settings.documents.text')}</p>
      <Remote query={certificate} rows={1}>
        {(own) => (own === null ? <Notice tone="warn"><p>{t('settings.documents.none')}</p></Notice> : <Facts facts={[[t('settings.documents.name'), <UserText key="n">{own.name}</UserText>], [t('settings.documents.until'), <Time key="u" at={own.until} />]]} />)}
      </Remote>
    </section>
  );
}
