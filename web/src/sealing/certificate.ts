// X.509 certificates (RFC 5280), read strictly: version 3, what a document signer's chain may hold, nothing unknown that
// is critical.

import type { Bytes } from './bytes';
import { equal, fromUtf8, own } from './bytes';
import type { Element } from './der';
import { bitBytes, booleanOf, DerReader, oidText, onlyElement, smallInteger, TAG, timeOf } from './der';
import { Fault } from './fault';
import { sha256 } from './sha256';

export const CERTIFICATE_BYTES_MAX = 16 << 10;

export interface Certificate {
  readonly der: Bytes;
  readonly fingerprint: Bytes;
  readonly tbs: Bytes;
  readonly issuer: Bytes;
  readonly subject: Bytes;
  /** "C=FR, O=…, CN=…". */
  readonly subjectText: string;
  /** Milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly spki: Bytes;
  /** Of the key: its algorithm, and the curve where there is one. */
  readonly keyAlgorithm: string;
  readonly keyParameters: string;
  readonly signatureAlgorithm: Element;
  readonly signature: Bytes;
  readonly isAuthority: boolean;
  readonly pathLength: number | null;
  readonly constraintsCritical: boolean;
  readonly keyUsage: number | null;
  readonly subjectKeyId: Bytes | null;
  readonly authorityKeyId: Bytes | null;
}

/** Bits of keyUsage, numbered from the left as RFC 5280 does. */
export const USAGE = { digitalSignature: 1 << 0, nonRepudiation: 1 << 1, keyCertSign: 1 << 5 } as const;

const wrong = (what: string): Fault => new Fault('invalid', 'certificate.form', `certificate: ${what}`);

const NAMES: { readonly [oid: string]: string } = {
  '2.5.4.3': 'CN', '2.5.4.4': 'SN', '2.5.4.5': 'serialNumber', '2.5.4.6': 'C', '2.5.4.7': 'L', '2.5.4.8': 'ST',
  '2.5.4.10': 'O', '2.5.4.11': 'OU', '2.5.4.12': 'title', '2.5.4.42': 'GN', '2.5.4.97': 'organizationIdentifier',
};

function textOf(value: Element): string {
  if (value.tag === TAG.bmp) {
    let out = '';
    for (let i = 0; i + 1 < value.content.length; i += 2) out += String.fromCharCode(((value.content[i] as number) << 8) | (value.content[i + 1] as number));
    return out;
  }
  return fromUtf8(value.content) ?? String.fromCharCode(...value.content);
}

function nameText(name: Element): string {
  const parts: string[] = [];
  const sets = new DerReader(name.content);
  while (!sets.atEnd) {
    const set = sets.enter(TAG.set);
    while (!set.atEnd) {
      const pair = set.enter();
      const oid = oidText(pair.expect(TAG.oid).content);
      parts.push(`${NAMES[oid] ?? oid}=${textOf(pair.next())}`);
      pair.finish();
    }
  }
  return parts.join(', ');
}

type Extensions = Pick<Certificate, 'isAuthority' | 'pathLength' | 'constraintsCritical' | 'keyUsage' | 'subjectKeyId' | 'authorityKeyId'>;

function bits(content: Bytes): number {
  const element = onlyElement(content, TAG.bitString);
  const unused = element.content[0] ?? 8;
  if (unused > 7 || element.content.length > 3) throw wrong('its key usage is malformed');
  let out = 0;
  for (const [i, byte] of element.content.subarray(1).entries()) for (let bit = 0; bit < 8; ++bit) if ((byte & (0x80 >> bit)) !== 0) out |= 1 << (8 * i + bit);
  return out;
}

function readExtensions(list: DerReader): Extensions {
  let out: Extensions = { isAuthority: false, pathLength: null, constraintsCritical: false, keyUsage: null, subjectKeyId: null, authorityKeyId: null };
  const seen = new Set<string>();
  while (!list.atEnd) {
    const extension = list.enter();
    const oid = oidText(extension.expect(TAG.oid).content);
    const critical = extension.peek() === TAG.boolean && booleanOf(extension.next());
    const value = extension.expect(TAG.octetString).content;
    extension.finish();
    if (seen.has(oid)) throw wrong('an extension is there twice');
    seen.add(oid);
    if (oid === '2.5.29.19') {
      const inner = new DerReader(onlyElement(value, TAG.sequence).content);
      const isAuthority = inner.peek() === TAG.boolean && booleanOf(inner.next());
      const pathLength = inner.atEnd ? null : smallInteger(inner.expect(TAG.integer));
      inner.finish();
      out = { ...out, isAuthority, pathLength, constraintsCritical: critical };
    } else if (oid === '2.5.29.15') {
      out = { ...out, keyUsage: bits(value) };
    } else if (oid === '2.5.29.14') {
      out = { ...out, subjectKeyId: onlyElement(value, TAG.octetString).content };
    } else if (oid === '2.5.29.35') {
      const inner = new DerReader(onlyElement(value, TAG.sequence).content);
      out = { ...out, authorityKeyId: inner.peek() === 0x80 ? inner.next().content : null };
    } else if (oid === '2.5.29.30') {
      throw wrong('name constraints are not understood here'); // leaving them out would allow what they forbid
    } else if (critical && !['2.5.29.37', '2.5.29.17', '2.5.29.32'].includes(oid)) {
      throw wrong(`the critical extension ${oid} is not understood here`);
    }
  }
  return out;
}

/** Rule: certificate.form. */
export function parseCertificate(bytes: Uint8Array): Certificate {
  if (bytes.length > CERTIFICATE_BYTES_MAX) throw wrong('larger than 16 KiB');
  const der = own(bytes);
  const outer = new DerReader(der);
  const whole = outer.enter();
  outer.finish();
  const tbsElement = whole.expect(TAG.sequence);
  const signatureAlgorithm = whole.expect(TAG.sequence);
  const signature = bitBytes(whole.expect(TAG.bitString));
  whole.finish();

  const tbs = new DerReader(tbsElement.content);
  const version = tbs.optional(0xa0);
  if (version === null || smallInteger(version.expect(TAG.integer)) !== 2) throw wrong('not of version 3');
  version.finish();
  tbs.expect(TAG.integer);
  if (!equal(tbs.expect(TAG.sequence).whole, signatureAlgorithm.whole)) throw wrong('names two signature algorithms');
  const issuer = tbs.expect(TAG.sequence);
  const validity = tbs.enter();
  const notBefore = timeOf(validity.next());
  const notAfter = timeOf(validity.next());
  validity.finish();
  const subject = tbs.expect(TAG.sequence);
  const spki = tbs.expect(TAG.sequence);
  if (tbs.peek() === 0x81) tbs.next();
  if (tbs.peek() === 0x82) tbs.next();
  const wrapped = tbs.optional(0xa3);
  tbs.finish();
  const list = wrapped === null ? new DerReader(new Uint8Array(0)) : wrapped.enter();
  wrapped?.finish();

  const key = new DerReader(new DerReader(spki.content).expect(TAG.sequence).content);
  const keyAlgorithm = oidText(key.expect(TAG.oid).content);
  const keyParameters = key.peek() === TAG.oid ? oidText(key.next().content) : '';
  return {
    der, fingerprint: sha256(der), tbs: tbsElement.whole, issuer: issuer.whole, subject: subject.whole, subjectText: nameText(subject),
    notBefore, notAfter, spki: spki.whole, keyAlgorithm, keyParameters, signatureAlgorithm, signature, ...readExtensions(list),
  };
}
