import { cleanup, configure, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { aWorld, memoryDesk, MINE } from '../../../tests/memory_desk';
import { renderAt } from '../../../tests/kit/render';
import type { Desk, WaitingAct } from '@/api/desk';
import { AdministrationScreen } from '.';
import { forMe } from '@/parts/desk';
import { changeOf, numberOf } from './waiting-act';

configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });
afterEach(cleanup);

const FIRST = 'firstKid1234567890firstKid1234567890firstKi';
const SECOND = 'secondKid234567890secondKid234567890secondK';
const waiting = (change: Partial<WaitingAct> = {}): WaitingAct => ({
  id: 'w1', type: 'dir.officer', what: { of: 'of:ke:7h2k9m4q', roles: ['officer', 'magistrate'], until: '2027-11-22T00:00:00Z' }, signers: [FIRST], first: FIRST, mine: false, state: 'waiting', index: null, rule: null,
  declined: null, verdict: { steps: [{ check: 'signature', finding: 'holds', params: {}, rule: null, detail: '' }], good: true }, signedAt: '2026-11-22T08:00:00Z', expiresAt: '2026-11-29T08:00:00Z', ...change,
});

async function open(acts: readonly WaitingAct[]) {
  const world = aWorld({}, ['administrator']);
  const own = world.directory.authorities.find((one) => one.authority === MINE);
  Object.assign(own ?? {}, { administrators: [FIRST, SECOND] });
  const asked: string[] = [];
  const { desk } = memoryDesk(world);
  const more: Partial<Desk> = {
    waitingActs: async () => acts,
    countersign: async (id) => (asked.push(`sign ${id}`), { id, index: 512, time: '2026-11-22T09:00:00Z', case: null, reference: null, verdict: { steps: [], good: true }, receipt: '', witnessed: false }),
    declineWaiting: async (id, why) => void asked.push(`decline ${id} ${why}`),
    addOfficer: async (_, roles) => (asked.push(`appoint ${roles.join('+')}`), roles.includes('magistrate') ? { waiting: 'w2', expiresAt: '2026-11-29T08:00:00Z', officer: 'of:ke:new' } : { sent: { id: 'x', index: 1, time: '', case: null, reference: null, verdict: { steps: [], good: true }, receipt: '', witnessed: false }, officer: 'of:ke:new' }),
  };
  const both = new Proxy(desk, { get: (target, name: keyof Desk) => more[name] ?? target[name] }) as Desk;
  await renderAt('/administration', { '/administration': AdministrationScreen }, both);
  return asked;
}
const toTab = async () => userEvent.click(await screen.findByRole('tab', { name: /Second signature/ }));

describe('an act that needs two administrators', () => {
  test('says what it changes, who has signed, and when it lapses', async () => {
    await open([waiting()]);
    await screen.findByText('1 act of a colleague waits for your signature.');
    await toTab();
    const panel = await screen.findByRole('article', { name: 'Change what an officer may do' });
    expect(within(panel).getByText('of:ke:7h2k9m4q')).toBeTruthy();
    expect(within(panel).getByText(/May do until now/)).toBeTruthy();
    expect(within(panel).getByText(/administrator 1/)).toBeTruthy();
    expect(within(panel).getByText(/Lapses/)).toBeTruthy();
  });
  test('is signed by the second after they have looked, and only once they say so', async () => {
    const asked = await open([waiting()]);
    await toTab();
    await userEvent.click(await screen.findByRole('button', { name: 'Sign too' }));
    const dialog = await screen.findByRole('alertdialog');
    expect(asked).toEqual([]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Sign too' }));
    await screen.findByText(/Both have signed/);
    expect(asked).toEqual(['sign w1']);
  });
  test('is not offered for signing when it does not hold, nor to who has signed it', async () => {
    await open([waiting({ verdict: { steps: [], good: false } }), waiting({ id: 'w3', mine: true })]);
    await toTab();
    await screen.findByText(/This is not what it should be/);
    expect(screen.queryByRole('button', { name: 'Sign too' })).toBeNull();
    await screen.findByRole('button', { name: 'Take back' });
  });
  test('is declined with a reason, which is asked for', async () => {
    const asked = await open([waiting()]);
    await toTab();
    await userEvent.click(await screen.findByRole('button', { name: 'Decline' }));
    const dialog = await screen.findByRole('alertdialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Decline' }));
    expect(within(dialog).getByText('Choose a reason')).toBeTruthy();
    await userEvent.click(within(dialog).getByText('Nobody told me of it'));
    await userEvent.click(within(dialog).getByRole('button', { name: 'Decline' }));
    await waitFor(() => expect(asked).toEqual(['decline w1 unexpected']));
  });
  test('says what became of it: declined by whom and why, admitted where, or void', async () => {
    await open([waiting({ state: 'declined', declined: { by: SECOND, why: 'person', at: '2026-11-22T09:00:00Z' } }), waiting({ id: 'w4', state: 'admitted', index: 99 }), waiting({ id: 'w5', state: 'void', rule: 'act.device.revoked' })]);
    await toTab();
    await screen.findByText(/Not right for this officer/);
    expect(screen.getByText(/administrator 2/)).toBeTruthy();
    expect(screen.getByText('Signed by both')).toBeTruthy();
    expect(screen.getByText('Can come to nothing')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Sign too' })).toBeNull();
  });
  test('is begun by appointing a magistrate, and the first is told that a colleague must sign', async () => {
    const asked = await open([]);
    await userEvent.click(await screen.findByRole('button', { name: 'Appoint an officer' }));
    await userEvent.click(within(await screen.findByRole('dialog')).getByText('magistrate'));
    await screen.findByText(/Two administrators give such a role together/);
    await userEvent.click(screen.getByRole('button', { name: 'Sign, and ask a colleague' }));
    await screen.findByText('It waits for a second signature');
    expect(asked).toEqual(['appoint duty-officer+magistrate']);
  });
});

describe('what an act says in words', () => {
  const { directory } = aWorld();
  test('is a change for who is there, an appointment for who is not', () => {
    expect(changeOf(waiting(), directory, MINE)?.before).toEqual(['duty-officer', 'officer']);
    expect(changeOf(waiting({ what: { of: 'of:ke:new', roles: ['magistrate'], until: 'x' } }), directory, MINE)?.before).toBeNull();
    expect(changeOf(waiting({ type: 'dir.revoke' }), directory, MINE)).toBeNull();
    expect(changeOf(waiting({ what: {} }), directory, MINE)).toBeNull();
  });
  test('counts what waits for me, and numbers administrators as their authority does', () => {
    expect(forMe([waiting(), waiting({ mine: true }), waiting({ state: 'declined' })])).toBe(1);
    const own = { ...directory, authorities: [{ ...directory.authorities[0]!, authority: MINE, administrators: [FIRST, SECOND] }] };
    expect(numberOf(SECOND, own, MINE)).toBe(2);
    expect(numberOf('nobody', own, MINE)).toBe(0);
  });
});
