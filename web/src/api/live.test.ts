// @vitest-environment node
import { expect, it } from 'vitest';

import { refused } from '../../tests/kit/vectors';
import { EventParser } from './live';

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
