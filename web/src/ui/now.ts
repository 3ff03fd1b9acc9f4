import { useSyncExternalStore } from 'react';

const STEP = 15_000;
const listeners = new Set<() => void>();
let now = Date.now();
let offset = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = Date.now() + offset;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now() + offset;
    timer = setInterval(tick, STEP);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Sets by how many milliseconds the hub's time is ahead of this device's; legal clocks run by the hub's. */
export function setClockOffset(milliseconds: number): void {
  offset = milliseconds;
  tick();
}

export function nowByHub(): number {
  return Date.now() + offset;
}

/** The time by the hub, renewed every quarter of a minute: one timer for all clocks of the page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
