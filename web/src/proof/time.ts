// RFC 3339, UTC, whole seconds, `Z`. Seconds since 1970 inside.

import { Fault } from '@/sealing/fault';

/** Null when it is not `2026-01-02T03:04:05Z`. */
export function tryTime(text: string): number | null {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/.test(text)) return null;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds) || milliseconds < 0) return null;
  return timeText(milliseconds / 1000) === text ? milliseconds / 1000 : null;
}
/** Rule: codec.time. */
export function readTime(text: string, what = 'time'): number {
  const seconds = tryTime(text);
  if (seconds === null) throw new Fault('invalid', 'codec.time', `${what}: must be a time like 2026-01-02T03:04:05Z`);
  return seconds;
}
export const timeText = (seconds: number): string => `${new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19)}Z`;
