import { describe, expect, test } from 'vitest';
import { caseQuery, readFilter, sameFilter } from './filter';

describe('the filter in the address', () => {
  test('comes back as it was', () => expect(readFilter({ view: 'closed', kind: 'assistance', country: 'ke', state: 'refused' })).toEqual({ view: 'closed', kind: 'assistance', country: 'ke', state: 'refused' }));
  test('leaves out what does not fit', () => expect(readFilter({ view: 'x', kind: '../secret', country: 7 })).toEqual({ view: 'open' }));
  test('has no state without its kind', () => expect(readFilter({ state: 'refused' })).toEqual({ view: 'open' }));
  test('asks the hub for one authority', () => expect(caseQuery('au:ke:ncb', { view: 'all', kind: 'message' })).toEqual({ authority: 'au:ke:ncb', view: 'all', kind: 'message' }));
  test('is the same as another that shows the same', () => expect([sameFilter({ view: 'all' }, { view: 'all' }), sameFilter({ view: 'all' }, { view: 'all', kind: 'message' })]).toEqual([true, false]));
});
