import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { useDesk } from '@/api/context';
import type { Alarm } from '@/api/desk';
import { Loading } from '@/ui';

const RedPage = lazy(() => import('./red-page').then((module) => ({ default: module.RedPage })));

/**
 * Stands before every screen. While an alarm about the ledger stands, the screen is hidden behind a red page, and comes
 * back when a person says that it was reported, or chooses to see it all the same. What was being written stays as it was.
 */
export function Guard({ children }: { children: ReactNode }) {
  const desk = useDesk();
  const [alarms, setAlarms] = useState<readonly Alarm[]>([]);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    void desk.alarms().then(setAlarms).catch(() => undefined);
    return desk.onAlarm(setAlarms);
  }, [desk]);
  const stands = alarms.length > 0;
  return (
    <>
      {stands && <Suspense fallback={<Loading />}><RedPage alarms={alarms} shown={shown} onShow={() => setShown(true)} /></Suspense>}
      <div className="through" hidden={stands && !shown}>{children}</div>
    </>
  );
}
