// Why an officer whom the hub lets in acts for an authority no more: by the verified directory, never by the hub's word.

import type { Directory } from '@/proof/directory';
import { countryOf } from '@/proof/subject';
import { timeText } from '@/proof/time';

import type { DirectoryEntry } from './mirror_step';
import type { EndedMandate } from './model';

type Entry = Pick<DirectoryEntry, 'index' | 'time' | 'act'>;

/**
 * The assignments of `officer` at authorities that are not among `acting`, the last to end first. `entries`: the acts of
 * the directory, in order. `unexplained`: by the directory it runs on, beyond what clocks may differ by.
 */
export function endedMandates(directory: Directory, entries: readonly Entry[], officer: string, acting: readonly string[], now: number): readonly EndedMandate[] {
  const closing = (subject: string): Entry | undefined => entries.findLast(({ act }) => act.act.type === 'dir.revoke' && act.act.d['subject'] === subject);
  const mandates = [...(directory.officers.get(officer)?.assignments ?? [])].filter(([authority]) => !acting.includes(authority)).map(([authority, { roles, until }]): EndedMandate => {
    const country = countryOf(authority);
    const why = directory.authorities.get(authority)?.status === 'closed' ? 'authority' : directory.countries.get(country)?.status === 'closed' ? 'country' : until > now + CLOCKS_DIFFER ? 'unexplained' : 'until';
    const given = directory.origins.get(`${officer}@${authority}`);
    const entry = why === 'authority' ? closing(authority) : why === 'country' ? closing(country) : entries.find(({ act }) => act.id === given);
    const since = (why === 'authority' || why === 'country') && entry !== undefined ? entry.time : until;
    const by = entry === undefined ? null : { index: entry.index, time: timeText(entry.time), by: entry.act.act.by, key: entry.act.act.device };
    return { authority, roles, why, since: timeText(since), act: by };
  });
  return mandates.sort((a, b) => b.since.localeCompare(a.since));
}

/** Seconds. */
const CLOCKS_DIFFER = 300;
