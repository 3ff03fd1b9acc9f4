// @vitest-environment node
import { expect, it, vi } from 'vitest';

import { refused } from '../../tests/kit/vectors';
import type { Http } from './http';
import { EventParser, Live } from './live';

it('takes events apart, whatever pieces they come in', () => {
  const text = ': hello\n\nid: 4711\nevent: act\ndata: {"index":4711}\n\nevent: presence\r\ndata: {"a":\r\ndata: 1}\r\n\r\n: beat\n\n';
  for (const size of [1, 3, 7, text.length]) {
    const parser = new EventParser();
    const all = [];
    for (let at = 0; at < text.length; at += size) all.push(...parser.feed(text.slice(at, at + size)));
    expect(all).toEqual([{ id: 4711, name: 'act', data: { index: 4711 } }, { id: null, name: 'presence', data: { a: 1 } }]);
  }
});
it('refuses a line without an end', async () => {
  expect(await refused(() => new EventParser().feed('x'.repeat((1 << 20) + 1)))).toBe('events.form');
});
it('waits longer from failure to failure, and tries again at once when the line is back', async () => {
  vi.stubGlobal('navigator', { locks: { request: (_place: string, _how: unknown, work: () => Promise<void>) => work() } });
  let attempts = 0;
  const http = { attempt: () => Promise.reject(new Error(`no line, ${++attempts}`)) } as unknown as Http;
  const live = new Live(http, 'au:fr:central', 'a-place', 0, () => undefined);
  // By itself the tenth attempt comes after a minute and more.
  for (let n = 1; n <= 10; ++n) {
    await vi.waitFor(() => expect(attempts).toBe(n));
    live.wake();
  }
  live.close();
  vi.unstubAllGlobals();
});
it('says that a line which went down is there again, to this tab and to the others', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { locks: { request: (_place: string, _how: unknown, work: () => Promise<void>) => work() } });
  const told: string[] = [];
  const others: string[] = [];
  const other = new BroadcastChannel('another-place');
  other.onmessage = ({ data }: MessageEvent<{ event: { name: string } }>) => others.push(data.event.name);
  const lines: ReadableStreamDefaultController<Uint8Array>[] = [];
  const http = { attempt: async () => ({ body: new ReadableStream<Uint8Array>({ start: (line) => void lines.push(line) }) }) } as unknown as Http;
  const live = new Live(http, 'au:fr:central', 'another-place', 0, (event) => told.push(event.name));
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  lines[0]!.enqueue(new TextEncoder().encode('event: waiting\ndata: {}\n\nevent: again\ndata: {}\n\n'));
  await vi.waitFor(() => expect(told).toEqual(['waiting']));
  await vi.advanceTimersByTimeAsync(20_000);
  lines[0]!.close();
  await vi.advanceTimersByTimeAsync(20_000);
  await vi.waitFor(() => expect(told).toEqual(['waiting', 'again']));
  vi.useRealTimers();
  await vi.waitFor(() => expect(others).toEqual(['waiting', 'again']));
  live.close();
  other.close();
  vi.unstubAllGlobals();
});
