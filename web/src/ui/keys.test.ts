import { describe, expect, test } from 'vitest';
import { COMMANDS } from './commands';
import { commandFor, keyLabel, keyName, type KeyPress } from './keys';

const press = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

describe('a key', () => {
  test('is its letter on a Latin keyboard, wherever the letter lies', () => expect(keyName(press('a', 'KeyQ'))).toBe('a'));
  test('is its place on an Arabic or Russian keyboard', () => {
    expect(keyName(press('ش', 'KeyA'))).toBe('a');
    expect(keyName(press('ф', 'KeyA'))).toBe('a');
    expect(keyName(press('؟', 'Slash', { shiftKey: true }))).toBe('?');
  });
  test('with Ctrl or Command is the same command', () => {
    expect(commandFor(press('k', 'KeyK', { ctrlKey: true }), null).command).toBe('palette');
    expect(commandFor(press('ن', 'KeyK', { metaKey: true }), null).command).toBe('palette');
  });
  test('may begin a sequence', () => {
    expect(commandFor(press('g', 'KeyG'), null)).toEqual({ command: null, pending: 'g' });
    expect(commandFor(press('i', 'KeyI'), 'g')).toEqual({ command: 'go.inbox', pending: null });
    expect(commandFor(press('r', 'KeyR'), 'g').command).toBe('go.requests');
    expect(commandFor(press('r', 'KeyR'), null).command).toBe('request.answer');
  });
  test('of nothing is nothing', () => expect(commandFor(press('z', 'KeyZ'), null)).toEqual({ command: null, pending: null }));
});

describe('the registry', () => {
  test('gives no key to two commands', () => {
    const keys = Object.values(COMMANDS).flatMap((command): readonly string[] => command.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
  test('gives no single key to sending, signing, refusing or deleting', () => {
    expect(Object.keys(COMMANDS).filter((id) => /send|sign|refuse|delete/.test(id))).toEqual([]);
  });
});

test('keys are written as they stand on the keyboard', () => {
  expect(keyLabel('mod+k', false)).toBe('Ctrl K');
  expect(keyLabel('mod+k', true)).toBe('⌘ K');
  expect(keyLabel('g i', false)).toBe('G I');
});
