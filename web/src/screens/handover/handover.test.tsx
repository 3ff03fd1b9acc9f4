import { cleanup, configure, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { aCase, aWorld, memoryDesk, MINE } from '../../../tests/memory_desk';
import { renderAt } from '../../../tests/kit/render';
import type { Desk, DraftContent } from '@/api/desk';
import { DeskError } from '@/api/error';
import { HandOverScreen } from '.';
import { handedCases } from './cases';

configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });
afterEach(cleanup);

const NOW = Date.parse('2026-11-22T02:00:00Z');

describe('what a shift hands over', () => {
  test('is every open case, the most pressing first, and none that is done', () => {
    const done = aCase(NOW, 9, null, { threads: [{ kind: 'preservation', state: 'closed', final: true, basis: '', requesting: '', requested: '', label: {} }] });
    const handed = handedCases([aCase(NOW, 1, null), aCase(NOW, 2, 60 * 24), aCase(NOW, 3, 60), aCase(NOW, 4, -5), done], MINE, NOW);
    expect(handed.map((one) => one.state)).toEqual(['overdue', 'soon', 'open', 'waiting']);
    expect(handed[3]?.dueAt).toBeNull();
  });
});

/** Two officers at their desks, one sealed page between them. */
async function open(officer: string, page: { content: DraftContent | null; etag: number }) {
  const world = aWorld({}, ['duty-officer']);
  if (world.session.state === 'open') world.session = { ...world.session, me: { ...world.session.me, subject: officer } };
  const { desk } = memoryDesk(world);
  const more: Partial<Desk> = {
    openTeamDraft: async () => {
      if (page.content === null) throw new DeskError({ kind: 'not_found', rule: 'api.not_found', detail: '' });
      return { content: page.content, etag: String(page.etag), updatedBy: officer, updatedAt: '' };
    },
    shareDraft: async (draft) => ((page.content = draft.content), { etag: String(++page.etag), updatedAt: '' }),
  };
  await renderAt('/handover', { '/handover': HandOverScreen }, new Proxy(desk, { get: (target, name: keyof Desk) => more[name] ?? target[name] }) as Desk);
}

test('one officer leaves it, the next sees it and takes over, and both see by whom', async () => {
  const page = { content: null as DraftContent | null, etag: 0 };
  await open('of:ke:first', page);
  await userEvent.type(await screen.findByRole('textbox', { name: /What was promised/ }), 'An answer to Paris by noon');
  await userEvent.type(screen.getByRole('textbox', { name: /A word to the next officer/ }), 'Quiet night');
  await userEvent.click(screen.getByRole('button', { name: 'Leave it for the next officer' }));
  await screen.findByText('Nobody has taken over yet.');
  cleanup();

  await open('of:ke:second', page);
  const received = await screen.findByRole('region', { name: 'The last shift left you this' });
  expect(within(received).getByText('An answer to Paris by noon')).toBeTruthy();
  expect(within(received).getByText('Quiet night')).toBeTruthy();
  expect(within(received).getAllByText('Overdue').length).toBeGreaterThan(0);
  await userEvent.click(within(received).getByRole('button', { name: 'I take over' }));
  await waitFor(() => expect(screen.getByText(/Taken over by/)).toBeTruthy());
  expect(screen.getByText('of:ke:second')).toBeTruthy();
});
