// What a team and two administrators have left each other, for looking at.

import type { Desk, DraftContent, SessionState, WaitingAct } from '@/api/desk';
import type { HandedCase, TeamPage } from '@/parts/team';
import { anIdentity, MINE, type World } from '../memory_desk';

const at = (now: number, minutes: number): string => new Date(now + minutes * 60_000).toISOString();
const kColleague = 'of:ke:9d3x5t1w';
const kKeys = ['firstKid1234567890firstKid1234567890firstKi', 'secondKid234567890secondKid234567890secondK'] as const;

/** A shift that was left to me, a question to me, a reminder that rests. */
function pageOf({ now, cases }: World): TeamPage {
  const [first, second, third] = cases as [World['cases'][number], World['cases'][number], World['cases'][number]];
  const left = { by: kColleague, at: at(now, -20), promised: 'France: a first answer by noon.', note: 'Quiet night. The line to Rabat was slow after two.', cases: [first, second, third].map((one, index): HandedCase => ({ case: one.case, reference: one.reference, state: (['overdue', 'soon', 'waiting'] as const)[index] ?? 'open', dueAt: index === 2 ? null : at(now, index * 200 - 12) })) };
  return {
    snoozes: [{ case: third.case, until: at(now, 120), by: kColleague }],
    asks: [{ id: 'a1', case: second.case, reference: second.reference, by: kColleague, to: 'of:ke:7h2k9m4q', at: at(now, -5), done: null }],
    handOvers: [{ ...left, id: 'h0', by: 'of:ke:7h2k9m4q', at: at(now, -900), taken: { by: kColleague, at: at(now, -880) } }, { ...left, id: 'h1', taken: null }],
  };
}
export function teamOf(world: World): Partial<Desk> {
  const content: DraftContent = {
    intention: { type: '', authority: MINE, to: [], case: null, basis: '', answers: {}, language: '', summary: '', translations: [], files: [] },
    form: 'note', formDigest: '', answers: {}, translations: [], versions: {}, sections: {}, notes: pageOf(world) as unknown as DraftContent['notes'],
  };
  return { openTeamDraft: async () => ({ content, etag: 'e1', updatedBy: kColleague, updatedAt: at(world.now, -5) }) };
}

/** One that waits for me, one that I began, one of each end. */
export function waitingOf(world: World): Partial<Desk> {
  const own = world.directory.authorities.find((one) => one.authority === MINE);
  Object.assign(own ?? {}, { administrators: kKeys });
  const act = (id: string, change: Partial<WaitingAct>): WaitingAct => ({
    id, type: 'dir.officer', what: { of: 'of:ke:7h2k9m4q', roles: ['officer', 'magistrate'], until: '2027-11-22T00:00:00Z' }, signers: [kKeys[0]], first: kKeys[0], mine: false, state: 'waiting', index: null, rule: null,
    declined: null, verdict: { steps: [], good: true }, signedAt: at(world.now, -90), expiresAt: at(world.now, 9000), ...change,
  });
  const all = [
    act('w1', {}), act('w2', { what: { of: kColleague + 'new', roles: ['ring-admin'], until: '2027-11-22T00:00:00Z' }, mine: true }), act('w3', { verdict: { steps: [], good: false } }),
    act('w4', { state: 'admitted', index: 88_213, signers: kKeys }), act('w5', { state: 'declined', declined: { by: kKeys[1], why: 'unexpected', at: at(world.now, -30) } }), act('w6', { state: 'void', rule: 'dir.superseded' }),
  ];
  return { waitingActs: async () => all };
}

export const kRevoked: SessionState = {
  state: 'revoked', identity: anIdentity({ state: 'revoked', custody: 'soft' }),
  revocation: { what: 'device', by: MINE, key: kKeys[0], at: '2026-11-22T01:10:00Z', why: 'lost', index: 88_213, checked: true },
};
