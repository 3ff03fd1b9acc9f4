import type { VerifiedDirectory } from '@/api/desk';

const SOON = 14 * 86_400_000;

export type Duty = { kind: 'ring-stale' } | { kind: 'no-ring' } | { kind: 'ending' | 'without-device' | 'without-ring'; count: number };

/** What an administrator of `authority` should do something about: pure, from the directory. */
export function duties(directory: VerifiedDirectory, authority: string, now: number): Duty[] {
  const own = directory.authorities.find((one) => one.authority === authority);
  const officers = directory.officers.filter((one) => one.authority === authority && one.status === 'active' && Date.parse(one.until) > now);
  const active = officers.map((officer) => officer.devices.filter((device) => device.status === 'active'));
  const found: Duty[] = [];
  if (own && !own.ring) found.push({ kind: 'no-ring' });
  else if (own?.ringStale) found.push({ kind: 'ring-stale' });
  const count = (kind: 'ending' | 'without-device' | 'without-ring', many: number) => many > 0 && found.push({ kind, count: many });
  count('ending', officers.filter((officer) => Date.parse(officer.until) - now < SOON).length);
  count('without-device', active.filter((devices) => devices.length === 0).length);
  if (own?.ring) count('without-ring', active.flat().filter((device) => !device.ringMember).length);
  return found;
}
