import { useT } from '@/i18n/react';
import type { Seat } from '@/parts/desk';
import { useTeamPage } from '@/parts/team';
import { Id, Link, Notice } from '@/ui';

/** What colleagues have asked me: a line each, to the case where the question stands. */
export function AskedHere({ seat }: { seat: Seat }) {
  const t = useT();
  const asks = (useTeamPage(seat).data?.asks ?? []).filter((one) => one.to === seat.officer && one.done === null);
  if (asks.length === 0) return null;
  return (
    <Notice>
      {asks.map((ask) => (
        <p key={ask.id}>{t('inbox.asked')} <Link href={`/requests/${ask.reference}`}><Id>{ask.reference}</Id></Link></p>
      ))}
    </Notice>
  );
}
