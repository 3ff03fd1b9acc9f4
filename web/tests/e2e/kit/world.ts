// One set of programs and one demonstration world for all test files: built once, and each file goes on from a copy of
// the world. ENTRAIDE_E2E_WORLD: a world that is there already.

import { rmSync } from 'node:fs';

import { Hub, install } from './hub';

export async function setup(): Promise<() => void> {
  const made = [install()];
  process.env['ENTRAIDE_E2E_INSTALLED'] = made[0];
  if (process.env['ENTRAIDE_E2E_WORLD'] === undefined) {
    const hub = await Hub.start(null);
    await hub.stop();
    process.env['ENTRAIDE_E2E_WORLD'] = hub.dir;
    made.push(hub.dir);
  }
  return () => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  };
}
