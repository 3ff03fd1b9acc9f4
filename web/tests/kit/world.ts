// A small world of keys and directory acts, built with our own signing code, for tests of who may do what.

import { base64, base64url } from '@/sealing/base64';
import { randomBytes } from '@/sealing/bytes';
import type { JsonObject } from '@/sealing/json';
import type { KeyPair } from '@/sealing/keys';
import { generateSealing, generateSigning } from '@/sealing/keys';
import type { Act, VerifiedAct } from '@/proof/act';
import { parseAct, signAct, verifyAct } from '@/proof/act';
import { Directory } from '@/proof/directory';
import { emptyRoot } from '@/proof/tree';
import { timeText } from '@/proof/time';

export const NOW = 1_900_000_000;
export const DIGEST = base64url(new Uint8Array(32).fill(1));
export const officerName = (cc: string): string => `of:${cc}:${base64url(randomBytes(12))}`;

export const emptyAct = (by: string, for_: string, type: string, signer: KeyPair, d: JsonObject): Act => ({
  type, nonce: base64url(randomBytes(16)), by, device: signer.kid, for: for_, to: [], at: NOW, case: null, previous: null, sent: {},
  rulebook: DIGEST, checkpoint: { size: 0, root: base64(emptyRoot()) }, objects: [], d,
});

export class World {
  readonly directory = new Directory();
  readonly acts: { body: string; verified: VerifiedAct; index: number }[] = [];
  index = 0;
  now = NOW;
  roots: KeyPair[] = [];
  countryRoots: KeyPair[] = [];
  administrators: KeyPair[] = [];
  log = '';
  witnesses = 'quorum none\n';

  /** Signs, verifies, admits. */
  async enact(act: Act, signers: readonly KeyPair[]): Promise<VerifiedAct> {
    const body = await signAct(act, signers);
    const verified = await verifyAct(parseAct(body), this.directory);
    this.directory.admit(verified, this.index, this.now);
    this.acts.push({ body, verified, index: this.index++ });
    return verified;
  }
  dir(by: string, for_: string, type: string, d: JsonObject, signers: readonly KeyPair[]): Promise<VerifiedAct> {
    return this.enact(emptyAct(by, for_, type, signers[0] as KeyPair, d), signers);
  }
  jwks(keys: readonly KeyPair[]): JsonObject[] {
    return keys.map((key) => ({ ...key.jwk }));
  }
  async begin(): Promise<void> {
    this.roots = await Promise.all([1, 2, 3].map(() => generateSigning(false)));
    const d = { roots: this.jwks(this.roots), m: 2, log: this.log, witnesses: this.witnesses, rb: DIGEST };
    await this.dir('org', 'org', 'dir.genesis', d, this.roots.slice(0, 2));
  }
  async country(cc: string, pki: readonly Uint8Array[] = []): Promise<void> {
    this.countryRoots = await Promise.all([1, 2].map(() => generateSigning(false)));
    const d = { cc, roots: this.jwks(this.countryRoots), m: 2, pki: pki.map(base64) };
    await this.dir('org', 'org', 'dir.country', d, [...this.roots.slice(0, 2), ...this.countryRoots]);
  }
  async authority(name: string): Promise<void> {
    this.administrators = await Promise.all([1, 2].map(() => generateSigning(false)));
    const country = `cc:${name.slice(3, 5)}`;
    const d = { au: name, kind: 'central-authority', competence: [], name: { en: name }, ops: this.jwks(this.administrators) };
    await this.dir(country, country, 'dir.authority', d, this.countryRoots);
  }
  async officer(authority: string, roles: readonly string[] = ['officer']): Promise<{ officer: string; sign: KeyPair; seal: KeyPair }> {
    const officer = officerName(authority.slice(3, 5));
    await this.dir(authority, authority, 'dir.officer', { of: officer, roles: [...roles], until: timeText(this.now + 86_400) }, this.administrators);
    const [sign, seal] = [await generateSigning(false), await generateSealing(true)];
    const d = { of: officer, sig: { ...sign.jwk }, seal: { ...seal.jwk }, aal: 'soft', att: null, x5t: null };
    await this.dir(authority, authority, 'dir.device', d, [this.administrators[0] as KeyPair, sign]);
    return { officer, sign, seal };
  }
  async ring(authority: string, generation: number): Promise<KeyPair> {
    const ring = await generateSealing(true);
    const d = { au: authority, g: generation, pub: { ...ring.jwk }, wrap: DIGEST, esc: null, prev: generation - 1 };
    await this.dir(authority, authority, 'ring.new', d, this.administrators.slice(0, 1));
    return ring;
  }
}
