// The repository's own rulebook, as a bundle would bring it; for tests only.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from './json';
import { loadBundle, type Rulebook } from './rulebook';

const kFolder = join(import.meta.dirname, '../../../rulebook');

function jsonFiles(folder: string): string[] {
  return readdirSync(join(kFolder, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => (folder === '' ? name : `${folder}/${name}`));
}

export function readJson(name: string): JsonObject {
  return JSON.parse(readFileSync(join(kFolder, name), 'utf8')) as JsonObject;
}

/** Names of the files below a folder of the rulebook. */
export const filesBelow = jsonFiles;

export function realBundle(change: Record<string, string> = {}): { files: Record<string, string> } {
  const files: Record<string, string> = {};
  for (const name of jsonFiles(''))
    if (!name.startsWith('examples/')) files[name] = readFileSync(join(kFolder, name), 'utf8');
  return { files: { ...files, ...change } };
}

let loaded: Promise<Rulebook> | undefined;
export function realRules(): Promise<Rulebook> {
  loaded ??= loadBundle(realBundle());
  return loaded;
}

/** Complete answers by the name of their file in examples/answers. */
export function answersNamed(name: string): JsonObject {
  return readJson(`examples/answers/${name}.json`)['values'] as JsonObject;
}
