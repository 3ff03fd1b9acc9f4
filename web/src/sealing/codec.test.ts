// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { refused } from '../../tests/kit/vectors';
import { base64, base64url, fromBase64, fromBase64url } from './base64';
import { randomBytes, toHex, utf8 } from './bytes';
import { ObjectReader, parseJson } from './json';
import { Sha256, sha256 } from './sha256';

describe('base64', () => {
  it('reads back what it writes, whatever the length', () => {
    for (let size = 0; size < 70; ++size) {
      const bytes = randomBytes(size);
      expect(fromBase64url(base64url(bytes))).toEqual(bytes);
      expect(fromBase64(base64(bytes))).toEqual(bytes);
      expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(base64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
    }
  });
  it.each(['A', 'AB', 'AAB', 'AA==', 'AA=', 'A A', 'AA\n', 'A+', 'A/', 'Aé', 'AAAAA'])('refuses %j as base64url: another spelling, or none', async (text) => {
    expect(await refused(() => fromBase64url(text))).toBe('codec.base64url');
  });
  it.each(['AA', 'AA=', 'AB==', 'AAB=', 'A===', 'AA-=', 'AA==\n', '====', 'AAA=AAA='])('refuses %j as base64', async (text) => {
    expect(await refused(() => fromBase64(text))).toBe('codec.base64');
  });
});

describe('SHA-256', () => {
  it('is WebCrypto\'s, in one piece and in pieces of any size', async () => {
    for (const size of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 100_003]) {
      const bytes = randomBytes(Math.min(size, 65_536)).length === size ? randomBytes(size) : new Uint8Array(size).map((_, i) => i % 251);
      const expected = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
      expect(toHex(sha256(bytes))).toBe(expected);
      const hash = new Sha256();
      for (let at = 0; at < size; at += 37) hash.update(bytes.subarray(at, at + 37));
      expect(toHex(hash.finish())).toBe(expected);
    }
  });
  it('takes texts as UTF-8', () => {
    expect(sha256('entraide/', 'é')).toEqual(sha256(utf8('entraide/é')));
  });
});

describe('JSON', () => {
  it('reads what is strict', () => {
    expect(parseJson(' {"a":[1,-2,0,true,false,null,"\\u00e9\\n\\ud83d\\ude00"],"b":{}} ')).toEqual({ a: [1, -2, 0, true, false, null, 'é\n😀'], b: {} });
    expect(parseJson('9007199254740992')).toBe(2 ** 53);
  });
  it.each([
    ['{"a":1,"a":2}', 'json.duplicate'], ['{"a":{"b":1,"b":1}}', 'json.duplicate'], ['{"\\u0061":1,"a":2}', 'json.duplicate'],
    ['1.5', 'json.number'], ['1e3', 'json.number'], ['9007199254740993', 'json.number'], ['-9007199254740994', 'json.number'],
    ['01', 'json.syntax'], ['+1', 'json.syntax'], ['{}x', 'json.syntax'], ['{', 'json.syntax'], ['[1,]', 'json.syntax'], ['{"a":1,}', 'json.syntax'], ['', 'json.syntax'],
    ['"\\ud800"', 'json.syntax'], ['"\t"', 'json.syntax'], ['"\\x"', 'json.syntax'], ['"\\u12g4"', 'json.syntax'], ['nul', 'json.syntax'], ['\'a\'', 'json.syntax'],
    ['\u00a0{}', 'json.syntax'], [`${'['.repeat(17)}${']'.repeat(17)}`, 'json.depth'],
  ])('refuses %s', async (text, rule) => {
    expect(await refused(() => parseJson(text))).toBe(rule);
  });
  it('refuses bytes that are not UTF-8, and more than it was told to take', async () => {
    expect(await refused(() => parseJson(new Uint8Array([0x22, 0xff, 0x22])))).toBe('json.syntax');
    expect(await refused(() => parseJson(new Uint8Array([0xef, 0xbb, 0xbf, 0x31])))).toBe('json.syntax');
    expect(await refused(() => parseJson('[1,2,3]', { values: 3 }))).toBe('json.size');
    expect(await refused(() => parseJson('[1,2,3]', { bytes: 6 }))).toBe('json.size');
  });
  it('keeps a member named __proto__ a member', () => {
    const value = parseJson('{"__proto__":{"polluted":1}}') as { [name: string]: unknown };
    expect(Object.hasOwn(value, '__proto__')).toBe(true);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
  it('refuses members that nobody asked for, and members of another type', async () => {
    expect(await refused(() => new ObjectReader({ a: 1 }, 'x').finish())).toBe('json.member');
    expect(await refused(() => new ObjectReader({ a: 1 }, 'x').string('a'))).toBe('json.member');
    expect(await refused(() => new ObjectReader([], 'x'))).toBe('json.member');
    expect(await refused(() => new ObjectReader({}, 'x').string('toString'))).toBe('json.member');
  });
});
