// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest';

import { refused } from '../../tests/kit/vectors';
import { DIGEST, emptyAct, NOW, officerName, World } from '../../tests/kit/world';
import { base64 } from '@/sealing/base64';
import type { KeyPair } from '@/sealing/keys';
import { generateSealing, generateSigning } from '@/sealing/keys';
import type { JsonObject } from '@/sealing/json';

import { parseAct, signAct, verifyAct } from './act';
import { currentRing, Directory } from './directory';
import { timeText } from './time';
import { emptyRoot } from './tree';

const FR = 'au:fr:central';
let world: World;
let officer: Awaited<ReturnType<World['officer']>>;
beforeEach(async () => {
  world = new World();
  await world.begin();
  await world.country('fr');
  await world.authority(FR);
  officer = await world.officer(FR, ['officer', 'ring-admin']);
  await world.ring(FR, 1);
});
const dir = (by: string, for_: string, type: string, d: JsonObject, signers: readonly KeyPair[]) => refused(() => world.dir(by, for_, type, d, signers));

describe('the directory', () => {
  it('knows who speaks for whom, and by which acts', () => {
    expect(world.directory.chain(officer.sign.kid, FR)).toHaveLength(5);
    expect(world.directory.chain('nobody', FR)).toEqual([]);
    expect(world.directory.members(FR, NOW).map((device) => device.sign)).toEqual([officer.sign.kid]);
    expect(world.directory.members(FR, NOW + 90_000)).toEqual([]);
    expect(currentRing(world.directory.activeAuthority(FR))?.generation).toBe(1);
  });
  it('begins with genesis, once', async () => {
    const [, country] = world.acts;
    expect(await refused(() => new Directory().admit(country!.verified, 1, NOW))).toBe('dir.genesis.missing');
    const d = { roots: world.jwks(world.roots), m: 2, log: '', witnesses: '', rb: DIGEST };
    expect(await dir('org', 'org', 'dir.genesis', d, world.roots)).toBe('dir.duplicate');
    const fresh = new World();
    expect(await refused(() => fresh.dir('org', 'org', 'dir.genesis', d, world.roots.slice(0, 1)))).toBe('dir.signers');
    expect(await refused(() => fresh.dir('org', 'org', 'dir.genesis', { ...d, m: 4 }, world.roots))).toBe('dir.threshold');
    expect(await refused(() => fresh.dir('org', 'org', 'dir.genesis', { ...d, roots: [] }, world.roots))).toBe('act.device.unknown');
    expect(await refused(() => fresh.dir('org', 'org', 'dir.genesis', { ...d, roots: [...world.jwks(world.roots), ...world.jwks(world.roots)] }, world.roots))).toBe('dir.key.duplicate');
    expect(await refused(() => fresh.dir('cc:fr', 'org', 'dir.genesis', d, world.roots))).toBe('act.by');
    await fresh.dir('org', 'org', 'dir.genesis', { ...d, demonstration: true }, world.roots);
    expect(fresh.directory.genesis?.demonstration).toBe(true);
  });
  it('takes a country from the organisation\'s roots and the country\'s own', async () => {
    const fresh = await Promise.all([1, 2].map(() => generateSigning(false)));
    const d = { cc: 'ke', roots: world.jwks(fresh), m: 2, pki: [] };
    expect(await dir('org', 'org', 'dir.country', d, [world.roots[0]!, ...fresh])).toBe('dir.signers');
    expect(await dir('org', 'org', 'dir.country', d, [...world.roots.slice(0, 2), fresh[0]!])).toBe('dir.possession');
    expect(await dir('org', 'cc:ke', 'dir.country', d, [...world.roots, ...fresh])).toBe('act.authority.wrong');
    expect(await dir('org', 'org', 'dir.country', { ...d, cc: 'KE' }, [...world.roots, ...fresh])).toBe('act.subject');
    expect(await dir('org', 'org', 'dir.country', { ...d, cc: 'fr' }, [...world.roots, ...fresh])).toBe('dir.duplicate');
    expect(await dir('org', 'org', 'dir.country', { ...d, roots: world.jwks(world.roots) }, world.roots)).toBe('dir.key.duplicate');
    expect(await dir('cc:fr', 'org', 'dir.country', d, [world.roots[0]!, world.roots[1]!, ...fresh])).toBe('act.by');
  });
  it('takes an authority from its own country alone', async () => {
    const ops = await Promise.all([1, 2].map(() => generateSigning(false)));
    const d = { au: 'au:fr:second', kind: 'central-authority', competence: [], name: {}, ops: world.jwks(ops) };
    expect(await dir('cc:fr', 'cc:fr', 'dir.authority', d, world.countryRoots.slice(0, 1))).toBe('dir.signers');
    expect(await dir('cc:fr', 'cc:fr', 'dir.authority', { ...d, au: 'au:ke:x' }, world.countryRoots)).toBe('dir.parent');
    expect(await dir('cc:fr', 'cc:fr', 'dir.authority', { ...d, ops: world.jwks(ops.slice(0, 1)) }, world.countryRoots)).toBe('dir.keys');
    expect(await dir('cc:fr', 'cc:fr', 'dir.authority', { ...d, au: FR }, world.countryRoots)).toBe('dir.duplicate');
    expect(await dir('cc:fr', 'org', 'dir.authority', d, world.countryRoots)).toBe('act.authority.wrong');
  });
  it('takes officers from administrators, two of them for roles marked so', async () => {
    const d = { of: officerName('fr'), roles: ['magistrate'], until: timeText(NOW + 60) };
    expect(await dir(FR, FR, 'dir.officer', d, world.administrators.slice(0, 1))).toBe('dir.signers');
    expect(await dir(FR, FR, 'dir.officer', { ...d, roles: [] }, world.administrators)).toBe('dir.roles');
    expect(await dir(FR, FR, 'dir.officer', { ...d, until: timeText(NOW) }, world.administrators)).toBe('dir.until');
    expect(await dir(FR, FR, 'dir.officer', { ...d, of: officerName('ke') }, world.administrators)).toBe('dir.parent');
    expect(await dir(FR, FR, 'dir.officer', { ...d, x: 1 }, world.administrators)).toBe('act.member');
    await world.dir(FR, FR, 'dir.officer', d, world.administrators);
    const again = (size: number) => ({ ...emptyAct(FR, FR, 'dir.officer', world.administrators[0]!, d), checkpoint: { size, root: base64(emptyRoot()) } });
    expect(await refused(() => world.enact(again(world.index - 1), world.administrators))).toBe('dir.superseded');
    await world.enact(again(world.index), world.administrators);
  });
  it('takes a device that shows its new key, once', async () => {
    const [sign, seal] = [await generateSigning(false), await generateSealing(false)];
    const d = { of: officer.officer, sig: { ...sign.jwk }, seal: { ...seal.jwk }, aal: 'soft', att: null, x5t: null };
    const one = world.administrators[0]!;
    expect(await dir(FR, FR, 'dir.device', d, [one])).toBe('dir.possession');
    expect(await dir(FR, FR, 'dir.device', { ...d, aal: 'none' }, [one, sign])).toBe('dir.aal');
    expect(await dir(FR, FR, 'dir.device', { ...d, seal: { ...sign.jwk } }, [one, sign])).toBe('dir.key.duplicate');
    expect(await dir(FR, FR, 'dir.device', { ...d, of: officerName('fr') }, [one, sign])).toBe('dir.parent');
    expect(await dir(FR, FR, 'dir.device', { ...d, seal: { ...officer.seal.jwk } }, [one, sign])).toBe('dir.key.duplicate');
    expect(await dir(officer.officer, FR, 'dir.device', d, [officer.sign, sign])).toBe('dir.signers');
    expect(await dir(FR, FR, 'dir.device', { ...d, x5t: 'short' }, [one, sign])).toBe('codec.base64url');
    await world.dir(FR, FR, 'dir.device', d, [one, sign]);
  });
  it('takes a system with the certificate that it signs in with, in no role that asks for a person', async () => {
    const [sign, seal] = [await generateSigning(false), await generateSealing(false)];
    const enrolled = { of: 'sy:fr:gateway', roles: ['officer'], until: timeText(NOW + 60) };
    const d = { of: 'sy:fr:gateway', sig: { ...sign.jwk }, seal: { ...seal.jwk }, aal: 'soft', att: null, x5t: DIGEST };
    const one = world.administrators[0]!;
    expect(await dir(FR, FR, 'dir.officer', { ...enrolled, of: 'wi:one' }, world.administrators)).toBe('act.subject');
    expect(await dir(FR, FR, 'dir.officer', { ...enrolled, of: 'sy:ke:gateway' }, world.administrators)).toBe('dir.parent');
    expect(await dir(FR, FR, 'dir.officer', { ...enrolled, roles: ['magistrate'] }, world.administrators)).toBe('dir.system.role');
    await world.dir(FR, FR, 'dir.officer', enrolled, [one]);
    expect(await dir(FR, FR, 'dir.device', { ...d, x5t: null }, [one, sign])).toBe('dir.system.certificate');
    await world.dir(FR, FR, 'dir.device', d, [one, sign]);
  });
  it('keeps the generations of a ring in order', async () => {
    const pub = { ...(await generateSealing(false)).jwk };
    const d = { au: FR, g: 2, pub, wrap: DIGEST, esc: null, prev: 1 };
    expect(await dir(FR, FR, 'ring.new', { ...d, g: 3, prev: 2 }, world.administrators)).toBe('ring.generation');
    expect(await dir(FR, FR, 'ring.new', { ...d, prev: 0 }, world.administrators)).toBe('ring.generation');
    expect(await dir(officer.officer, FR, 'ring.new', d, [officer.sign])).toBe('dir.signers');
    expect(await dir(FR, FR, 'ring.new', { ...d, pub: { ...officer.seal.jwk } }, world.administrators)).toBe('dir.key.duplicate');
    await world.dir(FR, FR, 'ring.new', d, world.administrators.slice(0, 1));
  });
  it('lets a ring-admin wrap the ring to a member, and nobody else', async () => {
    const d = { au: FR, g: 1, dv: officer.sign.kid, wrap: DIGEST };
    await world.dir(officer.officer, FR, 'ring.grant', d, [officer.sign]);
    expect(await dir(officer.officer, FR, 'ring.grant', { ...d, g: 9 }, [officer.sign])).toBe('ring.unknown');
    expect(await dir(officer.officer, FR, 'ring.grant', { ...d, dv: DIGEST }, [officer.sign])).toBe('ring.member');
    const plain = await world.officer(FR, ['officer']);
    expect(await dir(plain.officer, FR, 'ring.grant', d, [plain.sign])).toBe('act.role.missing');
  });
  it('revokes keys, officers, authorities and countries, by those who may', async () => {
    const d = (target: JsonObject): JsonObject => ({ ...target, why: 'lost', from: timeText(NOW) });
    const stranger = await world.officer(FR, ['officer']);
    expect(await dir(stranger.officer, FR, 'dir.revoke', d({ kid: officer.sign.kid }), [stranger.sign])).toBe('dir.signers');
    expect(await dir(FR, FR, 'dir.revoke', d({}), world.administrators)).toBe('dir.revoke.target');
    expect(await dir(FR, FR, 'dir.revoke', d({ kid: 'x' }), world.administrators)).toBe('dir.unknown');
    expect(await dir(FR, FR, 'dir.revoke', d({ subject: 'au:fr:none' }), world.administrators)).toBe('dir.unknown');
    expect(await dir(FR, FR, 'dir.revoke', d({ subject: FR }), world.administrators)).toBe('dir.signers');
    await world.dir(stranger.officer, FR, 'dir.revoke', d({ kid: stranger.sign.kid }), [stranger.sign]); // one's own
    expect(world.directory.isActiveKey(stranger.seal.kid)).toBe(false); // its two keys go together
    expect(await dir(FR, FR, 'dir.revoke', d({ kid: stranger.sign.kid }), world.administrators)).toBe('dir.duplicate');
    await world.dir(FR, FR, 'dir.revoke', d({ subject: officer.officer }), world.administrators.slice(0, 1));
    expect(world.directory.isActiveKey(officer.sign.kid)).toBe(false);
    expect(await dir(FR, FR, 'dir.officer', { of: officer.officer, roles: ['x'], until: timeText(NOW + 9) }, world.administrators)).toBe('act.officer.closed');
    await world.dir('cc:fr', 'cc:fr', 'dir.revoke', d({ subject: FR }), world.countryRoots.slice(0, 1));
    expect(world.directory.activeAuthority(FR)).toBeNull();
    expect(await dir('cc:fr', 'cc:fr', 'dir.revoke', d({ subject: 'cc:fr' }), world.countryRoots)).toBe('dir.signers');
    await world.dir('org', 'org', 'dir.revoke', d({ subject: 'cc:fr' }), world.roots);
  });
  it('puts a new rulebook in force by the organisation\'s roots', async () => {
    const rb = DIGEST.replace('A', 'B');
    expect(await dir('org', 'org', 'dir.rulebook', { rb: DIGEST }, world.roots)).toBe('dir.duplicate');
    expect(await dir('org', 'org', 'dir.rulebook', { rb }, world.roots.slice(0, 1))).toBe('dir.signers');
    expect(await dir('org', 'cc:fr', 'dir.rulebook', { rb }, world.roots)).toBe('act.authority.wrong');
    expect(await dir('org', 'org', 'dir.rulebook', { rb: 'AAAA' }, world.roots)).toBe('codec.base64url');
    await world.dir('org', 'org', 'dir.rulebook', { rb }, world.roots);
    expect(await dir('org', 'org', 'dir.other', { rb }, world.roots)).toBe('act.type.unknown');
  });
  it('changes nothing when it refuses', async () => {
    const before = world.directory.copy();
    await dir(FR, FR, 'ring.new', { au: FR, g: 7, pub: {}, wrap: DIGEST, esc: null, prev: 6 }, world.administrators);
    expect([...world.directory.keys]).toEqual([...before.keys]);
    expect([...world.directory.authorities]).toEqual([...before.authorities]);
  });
});

describe('who may act', () => {
  const authorise = async (by: string, for_: string, signers: readonly KeyPair[], now = NOW) => {
    const body = await signAct(emptyAct(by, for_, 'assistance.request', signers[0]!, {}), signers);
    return world.directory.authorise(await verifyAct(parseAct(body), world.directory), now);
  };
  it('is an officer of the authority, by a device that has not been revoked', async () => {
    expect((await authorise(officer.officer, FR, [officer.sign])).officers).toEqual([{ officer: officer.officer, roles: ['officer', 'ring-admin'], aal: 'soft' }]);
    const second = await world.officer(FR, ['magistrate']);
    expect((await authorise(second.officer, FR, [second.sign, officer.sign])).officers[0]?.officer).toBe(second.officer);
  });
  it('is nobody else', async () => {
    expect(await refused(() => authorise(officer.officer, 'au:fr:none', [officer.sign]))).toBe('act.authority.wrong');
    expect(await refused(() => authorise(officer.officer, FR, [officer.sign], NOW + 90_000))).toBe('act.officer.expired');
    expect(await refused(() => authorise(officerName('fr'), FR, [officer.sign]))).toBe('act.by');
    expect(await refused(() => authorise(FR, FR, [world.administrators[0]!]))).toBe('act.device.unknown');
    await world.authority('au:fr:other');
    expect(await refused(() => authorise(officer.officer, 'au:fr:other', [officer.sign]))).toBe('act.authority.wrong');
  });
  it('is nobody whose device or person was revoked', async () => {
    const second = await world.officer(FR);
    const d = (target: JsonObject): JsonObject => ({ ...target, why: 'lost', from: timeText(NOW) });
    await world.dir(FR, FR, 'dir.revoke', d({ kid: officer.sign.kid }), world.administrators);
    expect(await refused(() => authorise(officer.officer, FR, [officer.sign]))).toBe('act.device.revoked');
    await world.dir(FR, FR, 'dir.revoke', d({ subject: second.officer }), world.administrators);
    expect(await refused(() => authorise(second.officer, FR, [second.sign]))).toBe('act.device.revoked');
  });
});
