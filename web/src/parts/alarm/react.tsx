import { useQuery } from '@tanstack/react-query';
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useDesk } from '@/api/context';
import type { DutyState } from '@/api/desk';
import { isolate } from '@/i18n/bidi';
import { clockSpoken } from '@/i18n/format';
import { useI18n } from '@/i18n/react';
import { useCases } from '@/parts/cases';
import { readsCases, useSettings, type Seat } from '@/parts/desk';
import { restsUntil, useTeamPage } from '@/parts/team';
import { nowByHub, useNow, useSay } from '@/ui';
import { Bell, type Voice } from './bell';
import { ringsOf, type Ring } from './classes';
import { showRinging } from './marks';
import { Tone } from './tone';

export type Sound = 'untested' | 'on' | 'blocked';

export type AlarmState = {
  /** On duty: the alarm is on, and the hub knows that somebody listens. */
  armed: boolean;
  since: Date | null;
  sound: Sound;
  rings: readonly Ring[];
  /** Whose reminders rest, and until when: they make no sound and stay on the screen. */
  resting: ReadonlyMap<string, number>;
  silentUntil: number | null;
  duty: DutyState | undefined;
  /** To be called from a press: lets the browser sound, asks for notifications, keeps the screen awake. */
  arm(): Promise<Sound>;
  disarm(): void;
  test(): Promise<Sound>;
  silence(): void;
  /** The case that is open and in front of the person does not ring. */
  looksAt(caseId: string | null): void;
};

const AlarmContext = createContext<AlarmState | null>(null);
const tone = new Tone();
const BEAT = 30_000;

export function useAlarm(): AlarmState {
  const state = use(AlarmContext);
  if (state === null) throw new Error('useAlarm: there is no AlarmProvider above');
  return state;
}

export function AlarmProvider({ seat, children }: { seat: Seat; children: ReactNode }) {
  const desk = useDesk();
  const { t, format } = useI18n();
  const { volume, quietB } = useSettings();
  const { announce } = useSay();
  const now = useNow();
  const [since, setSince] = useState<Date | null>(null);
  const [sound, setSound] = useState<Sound>('untested');
  const [silentUntil, setSilentUntil] = useState<number | null>(null);
  const armed = since !== null;
  const { cases } = useCases(useMemo(() => ({ authority: seat.authority, view: 'inbox' as const }), [seat.authority]), readsCases(seat));
  const rings = useMemo(() => ringsOf(cases, seat.authority, now), [cases, seat.authority, now]);

  const say = useRef({ t, format, volume, announce });
  useEffect(() => {
    say.current = { t, format, volume, announce };
  });
  const bell = useMemo(() => new Bell(voiceOf(say), nowByHub), []);
  const snoozes = useTeamPage(seat).data?.snoozes;
  const resting = useMemo(() => new Map(rings.flatMap((ring) => {
    const until = restsUntil(ring, snoozes ?? [], now);
    return until === null ? [] : [[ring.case, until] as const];
  })), [rings, snoozes, now]);
  useEffect(() => bell.hear(rings.filter((ring) => !resting.has(ring.case))), [bell, rings, resting]);
  useEffect(() => {
    bell.quietB = quietB;
  }, [bell, quietB]);
  useEffect(() => {
    if (!armed) return;
    const timer = setInterval(() => {
      bell.tick();
      setSilentUntil(bell.silentUntil);
    }, 1000);
    return () => clearInterval(timer);
  }, [bell, armed]);
  useEffect(() => {
    const overdue = rings.filter((ring) => ring.dueAt <= now).length;
    showRinging(overdue, format.number);
  }, [rings, now, format]);

  const duty = useQuery({ queryKey: ['duty', seat.authority], queryFn: () => desk.duty(seat.authority), refetchInterval: 60_000, retry: false, enabled: readsCases(seat) }).data;
  useEffect(() => {
    if (!armed) return;
    const beat = () => void desk.armDuty(seat.authority, true).catch(() => undefined);
    beat();
    const timer = setInterval(beat, BEAT);
    const release = keepAwake();
    return () => {
      clearInterval(timer);
      release();
      void desk.armDuty(seat.authority, false).catch(() => undefined);
    };
  }, [desk, seat.authority, armed]);

  const unlock = useCallback(async (): Promise<Sound> => {
    const state = (await tone.unlock()) ? 'on' : 'blocked';
    setSound(state);
    return state;
  }, []);
  const value = useMemo<AlarmState>(
    () => ({
      armed, since, sound, rings, resting, silentUntil, duty,
      arm: async () => {
        const state = await unlock();
        if ('Notification' in window && Notification.permission === 'default') await Notification.requestPermission();
        setSince(new Date(nowByHub()));
        bell.arm(true);
        return state;
      },
      disarm: () => {
        bell.arm(false);
        setSince(null);
        setSilentUntil(null);
      },
      test: async () => {
        const state = await unlock();
        tone.play(true, Math.max(0.4, volume));
        return state;
      },
      silence: () => {
        bell.silence();
        setSilentUntil(bell.silentUntil);
      },
      looksAt: (caseId) => bell.looksAt(caseId),
    }),
    [armed, since, sound, rings, resting, silentUntil, duty, unlock, bell, volume],
  );
  return <AlarmContext value={value}>{children}</AlarmContext>;
}

type Sayer = { t: ReturnType<typeof useI18n>['t']; format: ReturnType<typeof useI18n>['format']; volume: number; announce: (text: string) => void };

/** Sound, the notifications of the system and the screen reader: references and times, never content. */
function voiceOf(say: { readonly current: Sayer }): Voice {
  const shown = new Map<string, Notification>();
  return {
    tone: (loud) => tone.play(loud, loud ? Math.max(0.4, say.current.volume) : say.current.volume),
    notify: (ring) => {
      const { t, format, announce } = say.current;
      announce(t('alarm.spoken', { reference: isolate(ring.reference), left: clockSpoken(t, nowByHub(), ring.dueAt) }));
      if (!('Notification' in window) || Notification.permission !== 'granted') return;
      const notification = new Notification(ring.reference, { body: t('alarm.notification', { when: format.utc(new Date(ring.dueAt)) }), tag: ring.id, requireInteraction: true });
      notification.onclick = () => window.focus();
      shown.set(ring.id, notification);
    },
    withdraw: (ring) => {
      shown.get(ring.id)?.close();
      shown.delete(ring.id);
    },
  };
}

/** Keeps the screen from going dark; asks again when the window comes back, since browsers take the lock away from hidden ones. */
function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  const take = () => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    void navigator.wakeLock.request('screen').then((taken) => (lock = taken)).catch(() => undefined);
  };
  take();
  document.addEventListener('visibilitychange', take);
  return () => {
    document.removeEventListener('visibilitychange', take);
    void lock?.release().catch(() => undefined);
  };
}
