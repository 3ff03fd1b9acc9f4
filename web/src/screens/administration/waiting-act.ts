import type { VerifiedDirectory, WaitingAct } from '@/api/desk';

/** What an act does to an officer's assignment; `before`: the roles that the officer has now, null for somebody new. */
export interface Change {
  readonly officer: string;
  readonly roles: readonly string[];
  readonly before: readonly string[] | null;
  readonly until: string;
}

/** Null where the act is of another type, or not in its form: then its text is shown as it is. */
export function changeOf(act: Pick<WaitingAct, 'type' | 'what'>, directory: VerifiedDirectory, authority: string): Change | null {
  const { of, roles, until } = act.what;
  if (act.type !== 'dir.officer' || typeof of !== 'string' || typeof until !== 'string' || !Array.isArray(roles)) return null;
  const known = directory.officers.find((one) => one.officer === of && one.authority === authority);
  return { officer: of, roles: roles.filter((role): role is string => typeof role === 'string'), before: known?.roles ?? null, until };
}

/** Administrators have no names in the ledger: the first, the second, in the order of the act that made them. 0: none of them. */
export function numberOf(kid: string, directory: VerifiedDirectory, authority: string): number {
  return (directory.authorities.find((one) => one.authority === authority)?.administrators.indexOf(kid) ?? -1) + 1;
}
