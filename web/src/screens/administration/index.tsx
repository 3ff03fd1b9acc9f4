import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { VerifiedDirectory } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { administers, forMe, Remote, useDirectory, useSeat, useWaiting, useWords, type Seat } from '@/parts/desk';
import { Notice, Page, Tabs, useNow } from '@/ui';
import { Invitations } from './invitations';
import { Keys } from './keys';
import { Officers } from './officers';
import { duties, type Duty } from './upkeep';
import { WaitingActs } from './waiting';

type Tab = 'officers' | 'invitations' | 'waiting' | 'keys';

/** The people of my authority, their devices and the authority's keys. Everybody of it may read; an administrator acts. */
export function AdministrationScreen() {
  const seat = useSeat();
  return seat && <Administration seat={seat} />;
}

function Administration({ seat }: { seat: Seat }) {
  const { t } = useI18n();
  const words = useWords();
  const directory = useDirectory();
  const client = useQueryClient();
  useEffect(() => {
    // Whoever looks here wants to see the device that was admitted a moment ago.
    void client.invalidateQueries({ queryKey: ['directory'] });
  }, [client]);
  const [tab, setTab] = useState<Tab>('officers');
  const admin = administers(seat);
  const waiting = useWaiting(seat);
  const signed = forMe(waiting.data ?? []);
  return (
    <Page title={t('nav.administration')} lead={words.authority(seat.authority)}>
      {!admin && <Notice><p>{t('admin.readOnly')}</p></Notice>}
      <Remote query={directory}>
        {(data) => (
          <>
            <Upkeep directory={data} authority={seat.authority} toSign={signed} />
            <Tabs<Tab>
              label={t('nav.administration')}
              selected={tab}
              onChange={setTab}
              tabs={[{ id: 'officers', label: t('admin.tab.officers') }, ...(admin ? [{ id: 'invitations' as const, label: t('admin.tab.invitations') }, { id: 'waiting' as const, label: t('admin.tab.waiting'), count: signed }] : []), { id: 'keys', label: t('admin.tab.keys') }]}
            >
              {tab === 'officers' && <Officers directory={data} seat={seat} admin={admin} />}
              {tab === 'invitations' && admin && <Invitations seat={seat} />}
              {tab === 'waiting' && admin && <WaitingActs query={waiting} directory={data} seat={seat} />}
              {tab === 'keys' && <Keys directory={data} seat={seat} admin={admin} />}
            </Tabs>
          </>
        )}
      </Remote>
    </Page>
  );
}

/** What an administrator must look at, or that all is well. */
function Upkeep({ directory, authority, toSign }: { directory: VerifiedDirectory; authority: string; toSign: number }) {
  const { t, format } = useI18n();
  const now = useNow();
  const due = duties(directory, authority, now);
  const text = (duty: Duty) => {
    if (duty.kind === 'ring-stale') return t('admin.due.ringStale');
    if (duty.kind === 'no-ring') return t('admin.due.noRing');
    return t(`admin.due.${duty.kind}`, { n: duty.count });
  };
  if (due.length === 0 && toSign === 0) return <Notice tone="ok"><p>{t('admin.well', { time: format.time(new Date(directory.checkedAt)) })}</p></Notice>;
  return <Notice tone="warn">{toSign > 0 && <p>{t('admin.due.waiting', { n: toSign })}</p>}{due.map((duty) => <p key={duty.kind}>{text(duty)}</p>)}</Notice>;
}
