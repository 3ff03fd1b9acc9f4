// From a certificate to a root that the country has announced: no system store, no network. The rules are those of
// OpenSSL's strict mode at security level 2, which the hub and the command line use; where the two could differ, this
// one is the stricter.

import type { Bytes } from './bytes';
import { equal, own } from './bytes';
import type { Certificate } from './certificate';
import { USAGE } from './certificate';
import { DerReader, ecdsaRaw, oidText, TAG } from './der';
import { Fault } from './fault';

export const CHAIN_MAX = 8;

const CURVES: { readonly [oid: string]: { readonly name: string; readonly bytes: number } } = {
  '1.2.840.10045.3.1.7': { name: 'P-256', bytes: 32 },
  '1.3.132.0.34': { name: 'P-384', bytes: 48 },
  '1.3.132.0.35': { name: 'P-521', bytes: 66 },
};
const EC_KEY = '1.2.840.10045.2.1';
const RSA_KEY = '1.2.840.113549.1.1.1';
const HASHES: { readonly [oid: string]: { readonly hash: string; readonly key: string } } = {
  '1.2.840.10045.4.3.2': { hash: 'SHA-256', key: EC_KEY },
  '1.2.840.10045.4.3.3': { hash: 'SHA-384', key: EC_KEY },
  '1.2.840.10045.4.3.4': { hash: 'SHA-512', key: EC_KEY },
  '1.2.840.113549.1.1.11': { hash: 'SHA-256', key: RSA_KEY },
  '1.2.840.113549.1.1.12': { hash: 'SHA-384', key: RSA_KEY },
  '1.2.840.113549.1.1.13': { hash: 'SHA-512', key: RSA_KEY },
};

const noChain = (why: string, rule = 'certificate.chain'): Fault => new Fault('not_authentic', rule, `certificate: ${why}`);

/** The bits of an RSA key, from its SPKI. */
export function rsaBits(spki: Bytes): number {
  const outer = new DerReader(spki).enter();
  outer.expect(TAG.sequence);
  const modulus = new DerReader(outer.expect(TAG.bitString).content.subarray(1)).enter().expect(TAG.integer).content;
  const digits = modulus[0] === 0 ? modulus.subarray(1) : modulus;
  return digits.length * 8 - Math.clz32(digits[0] ?? 0) + 24;
}

/** The key of a certificate as WebCrypto takes it, for ES256; null when it is not on P-256. */
export async function es256KeyOf(certificate: Certificate): Promise<CryptoKey | null> {
  if (certificate.keyAlgorithm !== EC_KEY || CURVES[certificate.keyParameters]?.name !== 'P-256') return null;
  return crypto.subtle.importKey('spki', own(certificate.spki), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']).catch(() => null);
}

/** RS256 or PS256 by the certificate's RSA key of 2048 to 8192 bits. */
export async function rsaVerifies(certificate: Certificate, pss: boolean, message: Bytes, signature: Bytes): Promise<boolean> {
  if (certificate.keyAlgorithm !== RSA_KEY) return false;
  const size = rsaBits(certificate.spki);
  if (size < 2048 || size > 8192) return false;
  const name = pss ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5';
  try {
    const key = await crypto.subtle.importKey('spki', own(certificate.spki), { name, hash: 'SHA-256' }, false, ['verify']);
    return await crypto.subtle.verify(pss ? { name, saltLength: 32 } : name, key, signature, message);
  } catch {
    return false;
  }
}

async function signedBy(certificate: Certificate, issuer: Certificate): Promise<boolean> {
  const algorithm = HASHES[oidText(new DerReader(certificate.signatureAlgorithm.content).expect(TAG.oid).content)];
  if (algorithm === undefined || algorithm.key !== issuer.keyAlgorithm) return false;
  try {
    if (algorithm.key === RSA_KEY) {
      if (rsaBits(issuer.spki) < 2048) return false;
      const key = await crypto.subtle.importKey('spki', own(issuer.spki), { name: 'RSASSA-PKCS1-v1_5', hash: algorithm.hash }, false, ['verify']);
      return await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, own(certificate.signature), own(certificate.tbs));
    }
    const curve = CURVES[issuer.keyParameters];
    const raw = curve === undefined ? null : ecdsaRaw(own(certificate.signature), curve.bytes);
    if (curve === undefined || raw === null) return false;
    const key = await crypto.subtle.importKey('spki', own(issuer.spki), { name: 'ECDSA', namedCurve: curve.name }, false, ['verify']);
    return await crypto.subtle.verify({ name: 'ECDSA', hash: algorithm.hash }, key, raw, own(certificate.tbs));
  } catch {
    return false;
  }
}

const isEmptyName = (name: Bytes): boolean => name.length <= 2;

function checkOne(certificate: Certificate, at: number, isAnchor: boolean): void {
  if (at < certificate.notBefore) throw noChain('certificate is not yet valid');
  if (at > certificate.notAfter) throw noChain('certificate has expired');
  const usage = certificate.keyUsage;
  if (isEmptyName(certificate.issuer)) throw noChain('the issuer has no name');
  if (certificate.isAuthority) {
    if (!certificate.constraintsCritical) throw noChain('the basic constraints of an authority are not critical');
    if (usage === null) throw noChain('an authority has no key usage');
    if (certificate.subjectKeyId === null) throw noChain('an authority has no key identifier');
    if (isEmptyName(certificate.subject)) throw noChain('an authority has no name');
  } else {
    if (certificate.pathLength !== null) throw noChain('a path length in what is no authority');
    if (usage !== null && (usage & USAGE.keyCertSign) !== 0) throw noChain('may sign certificates but is no authority');
  }
  if (certificate.pathLength !== null && usage !== null && (usage & USAGE.keyCertSign) === 0) throw noChain('a path length without the right to sign certificates');
  if (!isAnchor && certificate.authorityKeyId === null) throw noChain('does not name its issuer\'s key');
}

function mayIssue(issuer: Certificate, certificate: Certificate): boolean {
  if (!equal(issuer.subject, certificate.issuer)) return false;
  const [named, has] = [certificate.authorityKeyId, issuer.subjectKeyId];
  return named === null || has === null || equal(named, has);
}

/**
 * That `chain[0]` leads to one of `roots` at the time `at` (milliseconds), and may sign documents. Rules:
 * certificate.chain, certificate.use.
 */
export async function verifyChain(chain: readonly Certificate[], roots: readonly Certificate[], at: number): Promise<void> {
  if (chain.length < 1 || chain.length > CHAIN_MAX) throw noChain('the chain must have 1 to 8 links');
  const isRoot = (one: Certificate): boolean => roots.some((root) => equal(root.der, one.der));
  const others = chain.slice(1);
  let current = chain[0] as Certificate;
  let authorities = 0; // between the leaf and the current one, self-issued ones not counted
  for (let depth = 0; !isRoot(current); ++depth) {
    if (depth > CHAIN_MAX) throw noChain('the chain is too long');
    checkOne(current, at, false);
    const candidates = [...roots, ...others].filter((one) => mayIssue(one, current));
    let issuer: Certificate | null = null;
    for (const one of candidates) {
      if (equal(one.der, current.der) || !(await signedBy(current, one))) continue;
      issuer = one;
      break;
    }
    if (issuer === null) throw noChain('unable to get local issuer certificate');
    if (!issuer.isAuthority) throw noChain('invalid CA certificate');
    if (issuer.keyUsage === null || (issuer.keyUsage & USAGE.keyCertSign) === 0) throw noChain('its issuer may not sign certificates');
    if (issuer.pathLength !== null && authorities > issuer.pathLength) throw noChain('path length constraint exceeded');
    if (!equal(issuer.subject, issuer.issuer)) ++authorities;
    current = issuer;
  }
  checkOne(current, at, true);
  const leaf = chain[0] as Certificate;
  const usage = leaf.keyUsage;
  if (leaf.isAuthority || usage === null || (usage & (USAGE.digitalSignature | USAGE.nonRepudiation)) === 0)
    throw noChain('it is not meant for signing documents', 'certificate.use');
}

