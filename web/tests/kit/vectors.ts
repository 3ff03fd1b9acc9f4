// Golden values of the repository, made by an independent implementation.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

import { Fault } from '@/sealing/fault';

const folder = fileURLToPath(new URL('../../../tests/vectors/', import.meta.url));
export const vectorText = (name: string): string => readFileSync(folder + name, 'utf8');
export const vector = <T>(name: string): T => JSON.parse(vectorText(name)) as T;

/** Runs it and gives the rule that refused; fails the test when nothing did. */
export async function refused(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    return (error as Fault).rule;
  }
  return 'nothing was refused';
}
