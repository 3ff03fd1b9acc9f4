// The keys of one person on this device. With a passkey that has PRF they lie here encrypted (PKCS#8 under AES-256-GCM, by
// a key from the passkey); else as keys that the browser never gives out. In memory they can never be extracted.

import { base64url } from './base64';
import type { Bytes } from './bytes';
import { concat, own, randomBytes, utf8 } from './bytes';
import { parseCertificate } from './certificate';
import type { DocumentSigner } from './document';
import { Fault } from './fault';
import type { JsonObject } from './json';
import type { Jwk, KeyId, KeyPair, SecretJwk } from './keys';
import { sealingPair, signingPair } from './keys';
import { sha256 } from './sha256';

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ECDH = { name: 'ECDH', namedCurve: 'P-256' } as const;

type KeyName = 'sign' | 'seal' | 'document';
interface StoredKey {
  readonly jwk: Jwk;
  readonly kid: KeyId;
  /** As it is, or under the passkey's key. */
  readonly secret: CryptoKey | { readonly iv: Bytes; readonly wrapped: Bytes };
}
export interface StoredIdentity {
  readonly kid: KeyId;
  readonly officer: string;
  readonly authority: string;
  readonly name: string;
  readonly custody: 'prf' | 'soft' | 'demonstration';
  readonly state: 'enrolling' | 'ready' | 'revoked';
  readonly lastUsed: string | null;
  readonly sign: StoredKey | null;
  readonly seal: StoredKey | null;
  readonly document: (StoredKey & { readonly chain: readonly Bytes[] }) | null;
  /** Keys that administer an authority. */
  readonly administrators: readonly StoredKey[];
  /** With which administrators certify their officers' document signatures. */
  readonly issuer: (StoredKey & { readonly chain: readonly Bytes[] }) | null;
  readonly passkeys: readonly string[];
  readonly enrolment: string | null;
  /** Encrypts drafts on this device; cannot be extracted. */
  readonly draftKey: CryptoKey;
}
export interface OpenKeys {
  readonly sign: KeyPair | null;
  readonly seal: KeyPair | null;
  readonly document: DocumentSigner | null;
  /** The same key, whether or not it has a certificate yet. */
  readonly documentKey: CryptoKey | null;
  readonly administrators: readonly KeyPair[];
  readonly issuer: DocumentSigner | null;
}

/** What the passkey is asked to evaluate for the keys of `kid`. */
export const prfInput = (kid: KeyId): Bytes => sha256('entraide/prf/v1\n', kid);

/** HKDF-SHA-256(PRF output, no salt, "entraide/device-kek/v1\n"). */
export async function keyOfPrf(output: Bytes): Promise<CryptoKey> {
  const ikm = await crypto.subtle.importKey('raw', output, 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: utf8('entraide/device-kek/v1\n') };
  return crypto.subtle.deriveKey(how, ikm, { name: 'AES-GCM', length: 256 }, false, ['wrapKey', 'unwrapKey']);
}

const additional = (name: KeyName, kid: KeyId): Bytes => utf8(`entraide/device-key/v1\n${name}\n${kid}`);
async function wrap(kek: CryptoKey, name: KeyName, pair: KeyPair): Promise<StoredKey> {
  const iv = randomBytes(12);
  const wrapped = new Uint8Array(await crypto.subtle.wrapKey('pkcs8', pair.secret, kek, { name: 'AES-GCM', iv, additionalData: additional(name, pair.kid) }));
  return { jwk: pair.jwk, kid: pair.kid, secret: { iv, wrapped } };
}
async function unlock(stored: StoredKey, name: KeyName, kek: CryptoKey | null): Promise<KeyPair> {
  const { secret, jwk, kid } = stored;
  if (secret instanceof CryptoKey) return { jwk, kid, secret };
  if (kek === null) throw new Fault('unauthenticated', 'key.locked', 'the keys of this device are locked by a passkey');
  try {
    const algorithm = name === 'seal' ? ECDH : ECDSA;
    const usages: KeyUsage[] = name === 'seal' ? ['deriveBits'] : ['sign'];
    const how = { name: 'AES-GCM', iv: own(secret.iv), additionalData: additional(name, kid) };
    return { jwk, kid, secret: await crypto.subtle.unwrapKey('pkcs8', own(secret.wrapped), kek, how, algorithm, false, usages) };
  } catch {
    throw new Fault('not_authentic', 'key.wrong-passkey', 'this passkey does not open the keys of this device');
  }
}

/** Rules: key.locked, key.wrong-passkey. */
export async function openKeys(identity: StoredIdentity, kek: CryptoKey | null): Promise<OpenKeys> {
  const { sign, seal, document } = identity;
  const withChain = async (stored: StoredIdentity['document']): Promise<DocumentSigner | null> =>
    stored === null || stored.chain.length === 0 ? null : { key: (await unlock(stored, 'document', kek)).secret, chain: stored.chain.map((der) => parseCertificate(der)) };
  return {
    sign: sign === null ? null : await unlock(sign, 'sign', kek),
    seal: seal === null ? null : await unlock(seal, 'seal', kek),
    document: await withChain(document),
    documentKey: document === null ? null : (await unlock(document, 'document', kek)).secret,
    administrators: await Promise.all(identity.administrators.map((key) => unlock(key, 'sign', kek))),
    issuer: await withChain(identity.issuer ?? null),
  };
}

export const newDraftKey = (): Promise<CryptoKey> => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

async function generate(name: KeyName, kek: CryptoKey | null): Promise<StoredKey> {
  const algorithm = name === 'seal' ? ECDH : ECDSA;
  const usages: KeyUsage[] = name === 'seal' ? ['deriveBits'] : ['sign', 'verify'];
  const made = (await crypto.subtle.generateKey(algorithm, kek !== null, usages)) as CryptoKeyPair;
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', made.publicKey);
  const jwk: Jwk = { crv: 'P-256', kty: 'EC', x, y };
  const kid = base64url(sha256(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`));
  const pair = { jwk, kid, secret: made.privateKey };
  return kek === null ? pair : wrap(kek, name, pair);
}

/** Fresh keys for somebody who enrols. `kekOf` is asked once the signing key has its name; null: no passkey with PRF. */
export async function generateIdentity(who: { officer: string; authority: string; name: string }, kekOf: (kid: KeyId) => Promise<{ kek: CryptoKey; passkey: string } | null>): Promise<StoredIdentity> {
  const first = (await crypto.subtle.generateKey(ECDSA, true, ['sign', 'verify'])) as CryptoKeyPair;
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', first.publicKey);
  const jwk: Jwk = { crv: 'P-256', kty: 'EC', x, y };
  const kid = base64url(sha256(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`));
  const passkey = await kekOf(kid);
  let sign: StoredKey;
  if (passkey === null) {
    const { d = '' } = await crypto.subtle.exportKey('jwk', first.privateKey);
    sign = await signingPair({ ...jwk, d } as JsonObject);
  } else {
    sign = await wrap(passkey.kek, 'sign', { jwk, kid, secret: first.privateKey });
  }
  const kek = passkey?.kek ?? null;
  return {
    ...who, kid, custody: kek === null ? 'soft' : 'prf', state: 'enrolling', lastUsed: null, sign, seal: await generate('seal', kek),
    document: { ...(await generate('document', kek)), chain: [] }, administrators: [], issuer: null, passkeys: passkey === null ? [] : [passkey.passkey], enrolment: null, draftKey: await newDraftKey(),
  };
}

export interface DemonstrationKeys {
  readonly subject: string;
  readonly authority: string;
  readonly name: string;
  readonly sign: SecretJwk | null;
  readonly seal: SecretJwk | null;
  readonly document: { readonly key: SecretJwk; readonly chain: readonly Bytes[] } | null;
  readonly administrators: readonly SecretJwk[];
  readonly issuer: { readonly key: SecretJwk; readonly chain: readonly Bytes[] } | null;
}
/** The keys of a fictional person, as the hub of the demonstration gives them to anybody. */
export async function demonstrationIdentity(given: DemonstrationKeys): Promise<StoredIdentity> {
  const signing = (jwk: SecretJwk): Promise<KeyPair> => signingPair({ ...jwk } as JsonObject);
  const sign = given.sign === null ? null : await signing(given.sign);
  const seal = given.seal === null ? null : await sealingPair({ ...given.seal } as JsonObject);
  const certified = async (one: DemonstrationKeys['document']) => (one === null ? null : { ...(await signing(one.key)), chain: one.chain });
  const administrators = await Promise.all(given.administrators.map(signing));
  const kid = sign?.kid ?? administrators[0]?.kid;
  if (kid === undefined) throw new Fault('invalid', 'key.none', 'the hub gave no key for this person');
  return { kid, officer: given.subject, authority: given.authority, name: given.name, custody: 'demonstration', state: 'ready', lastUsed: null, sign, seal, document: await certified(given.document), administrators, issuer: await certified(given.issuer), passkeys: [], enrolment: null, draftKey: await newDraftKey() };
}

/** nonce || AES-256-GCM(key, text, what it is). */
export async function lockText(key: CryptoKey, text: string, purpose: string): Promise<Bytes> {
  const iv = randomBytes(12);
  return concat(iv, new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(purpose) }, key, utf8(text))));
}
/** Rule: store.locked (another person's, or damaged). */
export async function unlockText(key: CryptoKey, bytes: Bytes, purpose: string): Promise<string> {
  try {
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: own(bytes.subarray(0, 12)), additionalData: utf8(purpose) }, key, own(bytes.subarray(12)));
    return new TextDecoder().decode(plain);
  } catch {
    throw new Fault('not_authentic', 'store.locked', 'what is kept here was not written by this person on this device');
  }
}
