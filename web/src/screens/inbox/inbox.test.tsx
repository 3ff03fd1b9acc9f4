import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { cleanup, configure, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aCase, aWorld, MINE, me, memoryDesk, type World } from '../../../tests/memory_desk';
import { DeskContext } from '@/api/context';
import { DeskError } from '@/api/error';
import { loadLanguage } from '@/i18n/catalogue';
import { I18nProvider } from '@/i18n/react';
import { AlarmProvider } from '@/parts/alarm';
import { listenForKeys, SayProvider } from '@/ui';
import { InboxScreen } from '.';

// A busy machine draws slowly; the tests wait for what they look for, not for a time.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

const pack = await loadLanguage('en');
const kind = { kind: 'preservation', source: '', basis: [], roles: [], states: [], transitions: [{ t: 'preservation.acknowledge', by: 'requested', from: ['asked'], to: 'acknowledged' }], clocks: [], label: [] };
const rulebook = { digest: 'r', files: { 'rulebook.json': '{}', 'kinds/preservation.json': JSON.stringify(kind), 'words/en/x.json': JSON.stringify({ 'kind.preservation': 'Preservation', 'act.preservation.acknowledge': 'Acknowledge receipt' }) } };

function open(change: Partial<World> = {}) {
  const world = aWorld({ rulebook, ...change });
  const memory = memoryDesk(world);
  const root = createRootRoute();
  const seat = { authority: MINE, kind: 'contact-point', roles: ['duty-officer'], officer: 'of:ke:7h2k9m4q', me: me(['duty-officer']) };
  const inbox = createRoute({ getParentRoute: () => root, path: '/', component: () => <AlarmProvider seat={seat}><InboxScreen /></AlarmProvider> });
  const other = createRoute({ getParentRoute: () => root, path: '/requests/$reference', component: () => <p>the request</p> });
  const form = createRoute({ getParentRoute: () => root, path: '/requests/$reference/act/$actType', component: () => <p>the form</p> });
  const router = createRouter({ routeTree: root.addChildren([inbox, other, form]), history: createMemoryHistory({ initialEntries: ['/'] }) });
  render(
    <I18nProvider lang="en" pack={pack}>
      <SayProvider>
        <DeskContext value={memory.desk}>
          <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } })}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </DeskContext>
      </SayProvider>
    </I18nProvider>,
  );
  return { world, ...memory };
}

let stopKeys: () => void;
beforeEach(() => {
  localStorage.clear();
  stopKeys = listenForKeys(() => true);
  window.scrollTo = () => undefined;
  window.scrollBy = () => undefined;
});
afterEach(() => {
  stopKeys();
  cleanup();
});

describe('the inbox', () => {
  test('shows what is due, by time left, with the subject that this browser opened', async () => {
    open();
    const rows = (await screen.findAllByRole('row')).slice(1);
    expect(rows[0]?.textContent).toContain('FR-2026-04817');
    expect(await screen.findAllByText('Conserver les données de trafic de trois comptes de messagerie')).not.toHaveLength(0);
    expect(screen.getByRole('alert').textContent).toContain('1 request is overdue');
  });
  test('is acknowledged with one key: signed, sent and said', async () => {
    const now = Date.now();
    const { world } = open({ cases: [aCase(now, 4, 30, { kind: 'preservation' })] });
    await screen.findByRole('button', { name: /Acknowledge receipt/ });
    await userEvent.keyboard('a');
    await waitFor(() => expect(world.sent).toEqual(['prepare preservation.acknowledge', 'send p1']));
    expect(await screen.findByText('Entry 88,213, verified')).toBeTruthy();
  });
  test('keeps the key quiet while a person types', async () => {
    const { world } = open({ cases: [aCase(Date.now(), 4, 30, { kind: 'preservation' })] });
    await userEvent.type(await screen.findByRole('searchbox'), 'a');
    expect(world.sent).toEqual([]);
  });
  test('moves with J and K, and opens with O', async () => {
    open();
    await screen.findAllByText('FR-2026-04817');
    await userEvent.keyboard('jj');
    await waitFor(() => expect(screen.getAllByRole('row').find((row) => row.getAttribute('aria-selected') === 'true')?.textContent).toContain('FR-2026-04843'));
    await userEvent.keyboard('k');
    await waitFor(() => expect(screen.getAllByRole('row').find((row) => row.getAttribute('aria-selected') === 'true')?.textContent).toContain('FR-2026-04830'));
    await userEvent.keyboard('o');
    expect(await screen.findByText('the request')).toBeTruthy();
  });
  test('finds by what is sealed, in this browser', async () => {
    open();
    await screen.findAllByText('FR-2026-04817');
    await userEvent.type(screen.getByRole('searchbox'), 'transferencia');
    await waitFor(() => expect(screen.getAllByRole('row').slice(1).every((row) => row.textContent?.includes('transferencia'))).toBe(true));
  });
  test('says why it is empty and what to do', async () => {
    open({ cases: [] });
    expect(await screen.findByText('Nothing to answer')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Test the alarm' })).toBeTruthy();
  });
  test('says that it needs the connection where there is none', async () => {
    open({ failing: { cases: new DeskError({ kind: 'unavailable', rule: 'desk.offline', detail: 'x' }) } });
    expect(await screen.findByText(/needs the connection/)).toBeTruthy();
  });
  test('says what went wrong, with the number for whoever helps', async () => {
    open({ failing: { cases: new DeskError({ kind: 'internal', rule: 'http.internal', detail: 'x', title: 'Something failed on our side.', traceId: 'abc' }) } });
    expect(await screen.findByText('Something failed on our side.')).toBeTruthy();
    expect(screen.getByText('Error number abc')).toBeTruthy();
  });
  test('says that it is not open to the person', async () => {
    open({ failing: { cases: new DeskError({ kind: 'refused', rule: 'api.authority', detail: 'x', title: 'You do not act for this authority.' }) } });
    expect(await screen.findByText('This is not open to you')).toBeTruthy();
  });
});
