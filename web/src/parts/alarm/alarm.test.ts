import { describe, expect, test } from 'vitest';
import type { Case } from '@/api/desk';
import { Bell } from './bell';
import { ringsOf, type Ring } from './classes';

const NOW = Date.parse('2026-11-22T03:00:00Z');
const ME = 'au:ke:contact-point';
const MINUTE = 60_000;

function due(minutes: number, change: Partial<Case> = {}): Case {
  const clock = { id: 'contact-point.answer', kind: 'contact-point', owner: ME, started_at: '2026-11-21T00:00:00Z', due_at: new Date(NOW + minutes * MINUTE).toISOString(), state: 'running' as const, alarms: [] };
  return {
    case: `c${minutes}`, reference: `FR-2026-${minutes}`, kind: 'contact-point', state: 'requested', threads: [], requesting: 'au:fr:ncb', requested: ME, parties: [], basis: '', label: {}, rulebook: '',
    opened_at: '', changed_at: '', last_index: 0, turn: ME, clocks: [clock], summary: null, can: [], ...change,
  } as unknown as Case;
}
const classOf = (one: Case) => ringsOf([one], ME, NOW)[0]?.class;

describe('the class of an alarm', () => {
  test('is A under one hour, and for a life at risk at once', () => {
    expect(classOf(due(59))).toBe('A');
    expect(classOf(due(200, { label: { urgency: 'emergency' }, can: ['contact-point.acknowledge'] }))).toBe('A');
  });
  test('is B within the shift, and C beyond', () => expect([classOf(due(120)), classOf(due(600))]).toEqual(['B', 'C']));
  test('stays A as long as nobody has acknowledged, and ends an hour after the limit for everything else', () => {
    expect(classOf(due(-300, { can: ['contact-point.acknowledge'] }))).toBe('A');
    expect(classOf(due(-61))).toBe('C');
  });
  test('is none where no clock of ours runs', () => expect(ringsOf([due(5, { clocks: [] })], ME, NOW)).toEqual([]));
});

describe('the bell', () => {
  const ring = (id: string, cls: Ring['class'] = 'A'): Ring => ({ id, class: cls, case: id, reference: id, dueAt: NOW });
  function aBell() {
    const heard: string[] = [];
    const time = { now: 0 };
    const bell = new Bell({ tone: (loud) => heard.push(loud ? 'loud' : 'soft'), notify: (one) => heard.push(`notify ${one.id}`), withdraw: (one) => heard.push(`withdraw ${one.id}`) }, () => time.now);
    const wait = (seconds: number) => {
      for (let step = 0; step < seconds; step += 1) {
        time.now += 1000;
        bell.tick();
      }
    };
    return { bell, heard, wait };
  }
  test('is silent off duty', () => {
    const { bell, heard, wait } = aBell();
    bell.hear([ring('a')]);
    wait(60);
    expect(heard).toEqual([]);
  });
  test('rings at once and every 30 seconds until it is acknowledged', () => {
    const { bell, heard, wait } = aBell();
    bell.arm(true);
    bell.hear([ring('a')]);
    wait(65);
    expect(heard).toEqual(['notify a', 'loud', 'loud', 'loud']);
    bell.hear([]);
    wait(65);
    expect(heard.slice(4)).toEqual(['withdraw a']);
  });
  test('keeps silence for five minutes, and no longer', () => {
    const { bell, heard, wait } = aBell();
    bell.arm(true);
    bell.hear([ring('a')]);
    bell.silence();
    wait(299);
    expect(heard).toEqual(['notify a', 'loud']);
    wait(2);
    expect(heard).toEqual(['notify a', 'loud', 'loud']);
  });
  test('rings in the silence for what is new', () => {
    const { bell, heard } = aBell();
    bell.arm(true);
    bell.hear([ring('a')]);
    bell.silence();
    bell.hear([ring('a'), ring('b')]);
    expect(heard).toEqual(['notify a', 'loud', 'notify b', 'loud']);
  });
  test('does not ring for what the person has open', () => {
    const { bell, heard, wait } = aBell();
    bell.looksAt('a');
    bell.arm(true);
    bell.hear([ring('a')]);
    wait(40);
    expect(heard).toEqual([]);
    bell.looksAt(null);
    wait(1);
    expect(heard).toEqual(['notify a', 'loud']);
  });
  test('tells again when B has become A', () => {
    const { bell, heard } = aBell();
    bell.arm(true);
    bell.hear([ring('a', 'B')]);
    bell.hear([ring('a', 'A')]);
    expect(heard).toEqual(['soft', 'notify a', 'loud']);
  });
  test('sounds once for class B, not at all where the person wants quiet, and never for C', () => {
    const { bell, heard, wait } = aBell();
    bell.arm(true);
    bell.hear([ring('b', 'B'), ring('c', 'C')]);
    wait(90);
    expect(heard).toEqual(['soft']);
    bell.quietB = true;
    bell.hear([ring('d', 'B')]);
    expect(heard).toEqual(['soft']);
  });
});
