// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest';

import { refused } from '../../tests/kit/vectors';
import { NOW, World } from '../../tests/kit/world';
import { utf8 } from '@/sealing/bytes';
import { parseJwe } from '@/sealing/jwe';
import type { JsonObject } from '@/sealing/json';
import type { KeyPair, SecretJwk } from '@/sealing/keys';
import { exportSecret, generateSealing } from '@/sealing/keys';

import { grantRing, makeRing, openWrap, readRing, requireAnnounced, ringText } from './rings';

const FR = 'au:fr:central';
let world: World;
let officer: Awaited<ReturnType<World['officer']>>;
const enact = (d: JsonObject) => world.dir(FR, FR, 'ring.new', d, world.administrators.slice(0, 1));
beforeEach(async () => {
  world = new World();
  await world.begin();
  await world.country('fr');
  await world.authority(FR);
  officer = await world.officer(FR, ['officer', 'ring-admin']);
});
const opened = (generation: number, wrap: string, device: KeyPair) => openWrap(world.directory, FR, generation, parseJwe(wrap), device);

describe('rings', () => {
  it('open for their members, with the history that went along', async () => {
    const one = await makeRing(world.directory, FR, [], NOW);
    await enact(one.d);
    const first = await opened(1, one.wrap, officer.seal);
    const two = await makeRing(world.directory, FR, first, NOW);
    await enact(two.d);
    const both = await opened(2, two.wrap, officer.seal);
    expect(both.map((key) => key.x)).toEqual([(two.d['pub'] as { x: string }).x, (one.d['pub'] as { x: string }).x]);
    expect(await refused(async () => opened(2, two.wrap, (await world.officer(FR)).seal))).toBe('jwe.not_recipient');
  });
  it('can be given to one more device, and to nobody who is not enrolled', async () => {
    const one = await makeRing(world.directory, FR, [], NOW);
    await enact(one.d);
    const keys = await opened(1, one.wrap, officer.seal);
    const second = await world.officer(FR);
    const grant = await grantRing(world.directory, FR, 1, keys, second.sign.kid);
    expect(await opened(1, grant.wrap, second.seal)).toEqual(keys);
    expect(await refused(() => grantRing(world.directory, FR, 1, keys, 'nobody'))).toBe('ring.member');
  });
  it('are not made for nobody, nor with the history of another ring', async () => {
    expect(await refused(() => makeRing(world.directory, 'au:fr:none', [], NOW))).toBe('ring.members');
    await enact((await makeRing(world.directory, FR, [], NOW)).d);
    const stranger = [await exportSecret(await generateSealing(true))];
    expect(await refused(() => makeRing(world.directory, FR, stranger, NOW))).toBe('ring.generation');
  });
  it('are refused under another generation or name, or with a key that was not announced', async () => {
    const one = await makeRing(world.directory, FR, [], NOW);
    await enact(one.d);
    expect(await refused(() => opened(2, one.wrap, officer.seal))).toBe('ring.context');
    const other = await makeRing(world.directory, FR, [], NOW); // generation 2, never announced
    expect(await refused(() => opened(2, other.wrap, officer.seal))).toBe('ring.unknown');
    await enact((await makeRing(world.directory, FR, [], NOW)).d);
    expect(await refused(() => opened(2, other.wrap, officer.seal))).toBe('ring.substituted');
    expect(await refused(() => requireAnnounced(world.directory, FR, 9, officer.seal.jwk))).toBe('ring.unknown');
  });
  it('hold their keys and nothing else', async () => {
    const key: SecretJwk = await exportSecret(await generateSealing(true));
    expect(readRing(ringText([key]))).toEqual([{ crv: key.crv, kty: key.kty, x: key.x, y: key.y, d: key.d }]);
    for (const text of ['{"keys":[]}', '{}', `{"keys":[${JSON.stringify(key)}],"prev":null}`, JSON.stringify({ keys: Array.from({ length: 1025 }, () => ({ crv: key.crv, kty: key.kty, x: key.x, y: key.y, d: key.d })) })])
      expect(await refused(() => readRing(utf8(text)))).toBe('ring.plaintext');
  });
});
