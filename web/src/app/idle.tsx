import { lazy, Suspense, useEffect, useState } from 'react';
import { useDesk } from '@/api/context';
import { useAlarm } from '@/parts/alarm';
import { useSettings } from '@/parts/desk';

const Warning = lazy(() => import('./idle-warning').then((module) => ({ default: module.IdleWarning })));

const MINUTE = 60_000;
const SIGNS = ['keydown', 'pointerdown', 'wheel', 'touchstart'] as const;

export type Idle = 'busy' | 'warn' | 'lock';

/** A minute before the end it warns; while the alarm is on it never locks, since a locked desk hears nothing. */
export function idleState(lastSign: number, now: number, minutes: number, armed: boolean): Idle {
  if (armed) return 'busy';
  const idle = now - lastSign;
  if (idle >= minutes * MINUTE) return 'lock';
  return idle >= (minutes - 1) * MINUTE && minutes > 1 ? 'warn' : 'busy';
}

/** Takes the keys out of memory when nobody is there. */
export function IdleLock() {
  const desk = useDesk();
  const { armed } = useAlarm();
  const { lockAfter } = useSettings();
  const [warn, setWarn] = useState(false);
  useEffect(() => {
    let last = Date.now();
    const sign = () => {
      last = Date.now();
      setWarn(false);
    };
    for (const name of SIGNS) window.addEventListener(name, sign, { passive: true, capture: true });
    const timer = setInterval(() => {
      const state = idleState(last, Date.now(), lockAfter, armed);
      setWarn(state === 'warn');
      if (state === 'lock') void desk.lock();
    }, 5000);
    return () => {
      for (const name of SIGNS) window.removeEventListener(name, sign, { capture: true });
      clearInterval(timer);
    };
  }, [desk, lockAfter, armed]);
  return warn && (
    <Suspense fallback={null}>
      <Warning onStay={() => setWarn(false)} />
    </Suspense>
  );
}
