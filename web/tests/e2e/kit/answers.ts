// Answers of the rulebook's own examples, with their dates moved from the examples' year to now.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const EXAMPLES_NOW = Date.UTC(2031, 2, 2, 9);

export function answersOf(name: string): { [field: string]: never } {
  const file = fileURLToPath(new URL(`../../../../rulebook/examples/answers/${name}.json`, import.meta.url));
  const { values } = JSON.parse(readFileSync(file, 'utf8')) as { values: unknown };
  const days = Math.round((Date.now() - EXAMPLES_NOW) / 86_400_000);
  const moved = JSON.stringify(values).replace(/"(\d{4}-\d{2}-\d{2})((?:T[^"]*)?)"/g, (_, day: string, rest: string) => {
    const then = new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
    return `"${then}${rest}"`;
  });
  return JSON.parse(moved) as { [field: string]: never };
}
