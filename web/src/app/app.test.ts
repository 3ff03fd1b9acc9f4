import { describe, expect, test } from 'vitest';
import { idleState } from './idle';
import { sameOriginOnly } from './trusted-types';

const MINUTE = 60_000;

describe('the idle lock', () => {
  test('warns a minute before it locks', () => {
    expect(idleState(0, 13.9 * MINUTE, 15, false)).toBe('busy');
    expect(idleState(0, 14 * MINUTE, 15, false)).toBe('warn');
    expect(idleState(0, 15 * MINUTE, 15, false)).toBe('lock');
  });
  test('never comes while the alarm is on', () => expect(idleState(0, 600 * MINUTE, 15, true)).toBe('busy'));
});

describe('a script’s address', () => {
  test('may be of this desk', () => expect(sameOriginOnly('/assets/worker-1a2b.js', 'https://hub.example')).toBe('/assets/worker-1a2b.js'));
  test('may not be from elsewhere', () => expect(() => sameOriginOnly('https://evil.example/x.js', 'https://hub.example')).toThrow(TypeError));
});
