// Strict JSON: what two readers could take two ways is refused (RFC 8259, narrowed as RFC 7493 does). Numbers are
// integers within +-2^53, keys are there once, nesting is bounded, nothing follows the value.

import { fromUtf8 } from './bytes';
import { Fault } from './fault';

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}
export interface JsonLimits {
  readonly bytes?: number;
  readonly depth?: number;
  readonly values?: number;
}

const INTEGER_MAX = 2 ** 53;
const SPACES = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// eslint-disable-next-line no-control-regex
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: { readonly [letter: string]: string } = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

class Parser {
  private at = 0;
  private values = 0;
  constructor(
    private readonly text: string,
    private readonly depthMax: number,
    private readonly valuesMax: number,
  ) {}

  all(): Json {
    const value = this.value(0);
    this.spaces();
    if (this.at !== this.text.length) this.wrong('something follows the value');
    return value;
  }

  private wrong(what: string): never {
    throw new Fault('invalid', 'json.syntax', `json: ${what}, at ${this.at}`);
  }
  private spaces(): void {
    SPACES.lastIndex = this.at;
    SPACES.exec(this.text);
    this.at = SPACES.lastIndex;
  }
  private take(letter: string): boolean {
    this.spaces();
    if (this.text[this.at] !== letter) return false;
    ++this.at;
    return true;
  }

  private value(depth: number): Json {
    if (++this.values > this.valuesMax) throw new Fault('too_large', 'json.size', 'json: too many values');
    this.spaces();
    const letter = this.text[this.at];
    if (letter === '{' || letter === '[') {
      if (depth === this.depthMax) throw new Fault('invalid', 'json.depth', `json: nested deeper than ${this.depthMax}`);
      ++this.at;
      return letter === '{' ? this.object(depth + 1) : this.array(depth + 1);
    }
    if (letter === '"') return this.string();
    for (const [word, value] of [['true', true], ['false', false], ['null', null]] as const) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    return this.number();
  }

  private object(depth: number): JsonObject {
    const out: JsonObject = {};
    if (this.take('}')) return out;
    do {
      this.spaces();
      if (this.text[this.at] !== '"') this.wrong('a member has no name');
      const key = this.string();
      if (Object.hasOwn(out, key)) throw new Fault('invalid', 'json.duplicate', `json: the key "${key.slice(0, 80)}" is there twice`);
      if (!this.take(':')) this.wrong('a member has no colon');
      // Not by assignment: `__proto__` must be a member like any other.
      Object.defineProperty(out, key, { value: this.value(depth), enumerable: true, configurable: true, writable: true });
    } while (this.take(','));
    if (!this.take('}')) this.wrong('an object does not end');
    return out;
  }

  private array(depth: number): Json[] {
    const out: Json[] = [];
    if (this.take(']')) return out;
    do out.push(this.value(depth));
    while (this.take(','));
    if (!this.take(']')) this.wrong('an array does not end');
    return out;
  }

  private string(): string {
    ++this.at;
    let out = '';
    for (;;) {
      PLAIN.lastIndex = this.at;
      PLAIN.exec(this.text);
      out += this.text.slice(this.at, PLAIN.lastIndex);
      this.at = PLAIN.lastIndex;
      const letter = this.text[this.at++];
      if (letter === '"') break;
      if (letter !== '\\') this.wrong('a string does not end, or has a control character');
      out += this.escape();
    }
    if (/\p{Surrogate}/u.test(out)) this.wrong('a string has half a surrogate pair');
    return out;
  }
  private escape(): string {
    const letter = this.text[this.at++] ?? '';
    if (letter !== 'u') return ESCAPES[letter] ?? this.wrong('an unknown escape');
    const digits = this.text.slice(this.at, this.at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.wrong('an escape without four digits');
    this.at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private number(): number {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (match === null) this.wrong('not a value');
    this.at = NUMBER.lastIndex;
    const value = Number(match[0]);
    if (!/^-?[0-9]+$/.test(match[0]) || Math.abs(value) > INTEGER_MAX || (Math.abs(value) === INTEGER_MAX && !/^-?9007199254740992$/.test(match[0])))
      throw new Fault('invalid', 'json.number', 'json: a number is not an integer within +-2^53');
    return value === 0 ? 0 : value;
  }
}

/** Rules: json.syntax, json.duplicate, json.depth, json.number, json.size. */
export function parseJson(text: Uint8Array | string, limits: JsonLimits = {}): Json {
  const bytesMax = limits.bytes ?? 1 << 20;
  if (text.length > bytesMax) throw new Fault('too_large', 'json.size', `json: larger than ${bytesMax} bytes`);
  const words = typeof text === 'string' ? text : fromUtf8(text);
  if (words === null) throw new Fault('invalid', 'json.syntax', 'json: not UTF-8');
  return new Parser(words, limits.depth ?? 16, limits.values ?? 200_000).all();
}

export const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Compact, members in their own order. */
export const toJson = (value: unknown): string => JSON.stringify(value);

/** Reads the members of one object by name and type; `finish` refuses what is left. Faults carry the reader's rule. */
export class ObjectReader {
  private readonly members: JsonObject;
  private readonly seen = new Set<string>();
  constructor(
    value: Json | undefined,
    readonly what: string,
    private readonly rule = 'json.member',
  ) {
    if (!isObject(value)) throw new Fault('invalid', rule, `${what}: must be an object`, what);
    this.members = value;
  }
  fault(key: string, words: string): never {
    throw new Fault('invalid', this.rule, `${this.what}.${key}: ${words}`, `${this.what}.${key}`);
  }
  has(key: string): boolean {
    return Object.hasOwn(this.members, key);
  }
  private get(key: string): Json | undefined {
    this.seen.add(key);
    return this.has(key) ? this.members[key] : undefined;
  }
  string(key: string): string {
    const value = this.get(key);
    return typeof value === 'string' ? value : this.fault(key, 'must be a text');
  }
  integer(key: string): number {
    const value = this.get(key);
    return typeof value === 'number' ? value : this.fault(key, 'must be an integer');
  }
  boolean(key: string): boolean {
    const value = this.get(key);
    return typeof value === 'boolean' ? value : this.fault(key, 'must be true or false');
  }
  array(key: string): readonly Json[] {
    const value = this.get(key);
    return Array.isArray(value) ? value : this.fault(key, 'must be a list');
  }
  strings(key: string): readonly string[] {
    return this.array(key).map((item, i) => (typeof item === 'string' ? item : this.fault(`${key}.${i}`, 'must be a text')));
  }
  /** Any value that is there and not null. */
  value(key: string): Json {
    return this.get(key) ?? this.fault(key, 'is missing');
  }
  object(key: string): JsonObject {
    const value = this.get(key);
    return isObject(value) ? value : this.fault(key, 'must be an object');
  }
  /** A text or null; it must be there. */
  nullableString(key: string): string | null {
    return this.get(key) === null ? null : this.string(key);
  }
  optionalString(key: string): string | null {
    return this.has(key) ? this.string(key) : null;
  }
  /** Refuses members that nobody asked for. */
  finish(): void {
    for (const key of Object.keys(this.members)) if (!this.seen.has(key)) this.fault(key, 'is not a member of this format');
  }
}
