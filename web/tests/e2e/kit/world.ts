// One demonstration world for all test files: built once, and each file goes on from a copy of it.

import { rmSync } from 'node:fs';

import { Hub } from './hub';

export async function setup(): Promise<() => void> {
  if (process.env['ENTRAIDE_E2E_WORLD'] !== undefined) return () => undefined;
  const hub = await Hub.start(null);
  await hub.stop();
  process.env['ENTRAIDE_E2E_WORLD'] = hub.dir;
  return () => rmSync(hub.dir, { recursive: true, force: true });
}
