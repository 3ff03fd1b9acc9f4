// Loads the bundle that the hub serves (GET /v1/rulebook/{digest}) and looks things up in it. Files are parsed when they
// are first asked for: a bundle is a megabyte, a page needs a few kilobytes of it.

import { isObject, type Json, type JsonObject } from './json';
import type { ClockRule, Form, Instrument, Kind, Presence, Transition, UseRule, Vocab } from './model';

export class RulebookError extends Error {
  override name = 'RulebookError';
  constructor(readonly rule: string, message: string) {
    super(message);
  }
}

type Files = ReadonlyMap<string, string>;

export class Rulebook {
  readonly #files: Files;
  readonly #parsed = new Map<string, JsonObject>();
  readonly #words = new Map<string, ReadonlyMap<string, string>>();
  #transitions: ReadonlyMap<string, { transition: Transition; kind: Kind }> | undefined;
  #bases: ReadonlySet<string> | undefined;

  /** `digest` is computed over these very files by whoever calls; see `loadBundle`. */
  constructor(files: Files, readonly digest: string) {
    this.#files = files;
    if (!files.has('rulebook.json')) throw new RulebookError('rulebook.file', 'rulebook.json: is missing');
  }

  get version(): string {
    return String(this.#file('rulebook.json')['version'] ?? '');
  }
  get languages(): string[] {
    return this.#file('rulebook.json')['languages'] as readonly Json[] as string[];
  }
  get roles(): string[] {
    return this.#file('rulebook.json')['roles'] as readonly Json[] as string[];
  }

  /** Null where the rulebook has no such thing; so for all look-ups by name. */
  form(id: string): Form | null {
    return this.#find<Form>(`forms/${id}.json`);
  }
  kind(id: string): Kind | null {
    return this.#find<Kind>(`kinds/${id}.json`);
  }
  vocab(id: string): Vocab | null {
    return this.#find<Vocab>(`vocab/${id}.json`);
  }
  instrument(id: string): Instrument | null {
    return this.#find<Instrument>(`instruments/${id}.json`);
  }
  /** What a country had notified when the rulebook was made. */
  profile(country: string): JsonObject | null {
    const answers = this.#find<JsonObject>(`profiles/${country}.json`)?.['answers'];
    return isObject(answers) ? answers : null;
  }
  get kinds(): Kind[] {
    return this.#names('kinds').map((name) => this.#file(name) as unknown as Kind);
  }
  get forms(): Form[] {
    return this.#names('forms').map((name) => this.#file(name) as unknown as Form);
  }
  get vocabs(): Vocab[] {
    return this.#names('vocab').map((name) => this.#file(name) as unknown as Vocab);
  }
  get instruments(): Instrument[] {
    return this.#names('instruments').map((name) => this.#file(name) as unknown as Instrument);
  }
  get useRules(): UseRule[] {
    return (this.#find<JsonObject>('rules-of-use.json')?.['rules'] ?? []) as unknown as UseRule[];
  }

  transition(actType: string): Transition | null {
    return this.#acts().get(actType)?.transition ?? null;
  }
  kindOf(actType: string): Kind | null {
    return this.#acts().get(actType)?.kind ?? null;
  }
  formOf(actType: string): Form | null {
    const form = this.transition(actType)?.form;
    return form === undefined ? null : this.form(form);
  }
  clock(id: string): ClockRule | null {
    return this.kind(id.slice(0, id.indexOf('.')))?.clocks?.find((clock) => clock.clock === id) ?? null;
  }
  /** Whether some kind takes this as its legal basis. */
  knowsBasis(basis: string): boolean {
    this.#bases ??= new Set(this.kinds.flatMap((kind) => kind.basis ?? []));
    return this.#bases.has(basis);
  }

  /** The words for a key in a language, or undefined where it has none. */
  word(language: string, key: string): string | undefined {
    return this.#wordsOf(language).get(key);
  }
  /** All keys that begin so, for readers of the rulebook. */
  wordKeys(language: string, prefix: string): string[] {
    return [...this.#wordsOf(language).keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  #wordsOf(language: string): ReadonlyMap<string, string> {
    const known = this.#words.get(language);
    if (known) return known;
    const words = new Map<string, string>();
    for (const name of this.#files.keys())
      if (name.startsWith(`words/${language}/`))
        for (const [key, text] of Object.entries(this.#file(name))) words.set(key, String(text));
    this.#words.set(language, words);
    return words;
  }
  #acts(): ReadonlyMap<string, { transition: Transition; kind: Kind }> {
    this.#transitions ??= new Map(this.kinds.flatMap((kind) => kind.transitions.map((transition) => [transition.t, { transition, kind }] as const)));
    return this.#transitions;
  }
  #names(folder: string): string[] {
    return [...this.#files.keys()].filter((name) => name.startsWith(`${folder}/`)).sort();
  }
  #find<T>(name: string): T | null {
    return this.#files.has(name) ? (this.#file(name) as unknown as T) : null;
  }
  #file(name: string): JsonObject {
    const known = this.#parsed.get(name);
    if (known) return known;
    const parsed: unknown = JSON.parse(this.#files.get(name) ?? 'null');
    if (!isObject(parsed)) throw new RulebookError('rulebook.syntax', `${name}: is not an object`);
    this.#parsed.set(name, parsed);
    return parsed;
  }
}

/**
 * Reads a bundle and computes the digest that it really has: the caller compares it with the one that it asked for, or
 * that an act names. Rules: rulebook.bundle, rulebook.syntax, rulebook.file.
 */
export async function loadBundle(bundle: string | Json): Promise<Rulebook> {
  const parsed: unknown = typeof bundle === 'string' ? JSON.parse(bundle) : bundle;
  const members = isObject(parsed) ? parsed['files'] : undefined;
  if (!isObject(parsed) || !isObject(members) || Object.keys(parsed).length !== 1)
    throw new RulebookError('rulebook.bundle', 'bundle: must be an object with the one member `files`');
  const files = new Map<string, string>();
  for (const [name, text] of Object.entries(members)) {
    if (typeof text !== 'string') throw new RulebookError('rulebook.bundle', `${name}: must be a text`);
    if (name.startsWith('examples/')) throw new RulebookError('rulebook.bundle', `${name}: examples do not travel in a bundle`);
    files.set(name, text);
  }
  return new Rulebook(files, await digestOf(files));
}

/** What an act carries sealed: as the transition says, else as its form has sealed fields or not. */
export function objectsOf(rules: Rulebook, actType: string): { doc: Presence; sum: Presence; tr: Presence } {
  const said = rules.transition(actType)?.objects;
  const sealed = rules.formOf(actType)?.sections.some((section) => section.fields.some((field) => field.in === 'sealed')) ?? false;
  const usual: Presence = sealed ? 'required' : 'optional';
  return { doc: said?.doc ?? usual, sum: said?.sum ?? usual, tr: said?.tr ?? 'optional' };
}

/** SHA-256 of the canonical JSON of path to SHA-256 of each file's bytes; paths are ASCII, so plain sorting is canonical. */
async function digestOf(files: Files): Promise<string> {
  const lines = await Promise.all(
    [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(async ([name, text]) => `${JSON.stringify(name)}:"${await sha256(text)}"`),
  );
  return sha256(`{${lines.join(',')}}`);
}

async function sha256(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...digest)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
