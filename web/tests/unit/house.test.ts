// @vitest-environment node
// The house keeps its floors: floors.txt says who may import whom, and this reads every import of src/.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));

export function readFloors(text: string): Map<string, number> {
  const floors = new Map<string, number>();
  for (const [floor, line] of text.split('\n').entries()) if (!line.startsWith('#')) for (const folder of line.split(' ').filter((word) => word !== '')) floors.set(folder, floor);
  return floors;
}
/** What is wrong with the imports of one file; empty when nothing is. */
export function faultsOf(path: string, text: string, floors: ReadonlyMap<string, number>): string[] {
  const folder = path.split('/')[0] ?? '';
  const mine = floors.get(folder);
  if (mine === undefined) return [`${path}: the folder ${folder} is on no floor`];
  const faults: string[] = [];
  for (const match of text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
    const name = match[1] ?? '';
    const target = name.startsWith('@/') ? name.slice(2) : name.startsWith('.') ? relative(src, resolve(src, dirname(path), name)) : null;
    if (target === null || target.startsWith('..')) continue;
    const other = target.split('/')[0] ?? '';
    if (other === folder) continue;
    const theirs = floors.get(other);
    if (theirs === undefined || theirs >= mine) faults.push(`${path}: imports ${target}, which is not on a lower floor`);
  }
  return faults;
}

const files = readdirSync(src, { recursive: true, withFileTypes: true }).filter((one) => one.isFile() && /\.tsx?$/.test(one.name)).map((one) => relative(src, join(one.parentPath, one.name)));
const floors = readFloors(readFileSync(join(src, 'floors.txt'), 'utf8'));

describe('the house', () => {
  it('keeps its floors', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap((path) => faultsOf(path, readFileSync(join(src, path), 'utf8'), floors))).toEqual([]);
  });
  it('notices an import upwards, sideways, by another spelling, and a folder on no floor', () => {
    const some = readFloors('a\nb c\n');
    expect(faultsOf('b/x.ts', "import { y } from '@/a/y';", some)).toEqual([]);
    expect(faultsOf('a/x.ts', "import { y } from '@/b/y';", some)).toHaveLength(1);
    expect(faultsOf('b/x.ts', "import { y } from '@/c/y';", some)).toHaveLength(1);
    expect(faultsOf('a/x.ts', "import { y } from '../b/y';", some)).toHaveLength(1);
    expect(faultsOf('a/x.ts', "const y = await import('@/b/y');", some)).toHaveLength(1);
    expect(faultsOf('d/x.ts', '', some)).toHaveLength(1);
  });
  it('has no `any`, and no default export', () => {
    const code = (path: string) => readFileSync(join(src, path), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
    const bad = files.filter((path) => path !== 'api/generated.ts' && /:\s*any\b|<any>|\bas any\b|\bexport default\b/.test(code(path)));
    expect(bad).toEqual([]);
  });
});
