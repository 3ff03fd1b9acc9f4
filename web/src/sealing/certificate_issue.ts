// The issuing side of certificate.ts: what an administrator's issuing key says of an officer's document key. The same
// certificate as the hub's program makes.

import type { Bytes } from './bytes';
import { own, randomBytes, utf8 } from './bytes';
import type { Certificate } from './certificate';
import { parseCertificate } from './certificate';
import { es256KeyOf } from './chain';
import { bytesOf, der, derExtension, ecdsaDer, oid } from './der_write';
import type { DocumentSigner } from './document';
import { Fault } from './fault';
import type { Jwk } from './keys';
import { importVerify, sign, verify } from './keys';

export interface DistinguishedName {
  /** Two letters. */
  readonly country: string;
  readonly organization: string;
  readonly commonName: string;
}
/** Milliseconds. */
export interface Validity {
  readonly from: number;
  readonly until: number;
}

const PART_MAX = 64; // RFC 5280, upper bounds
const algorithm = der(0x30, oid('1.2.840.10045.4.3.2'));

const bad = (words: string): Fault => new Fault('invalid', 'certificate.name', `certificate: ${words}`);

function derName({ country, organization, commonName }: DistinguishedName): Bytes {
  if (commonName === '') throw bad('the name is empty');
  if (!/^[A-Z]{2}$/.test(country)) throw bad('the country must be two letters');
  const part = (id: string, tag: number, text: string): Uint8Array => {
    if ([...text].length > PART_MAX) throw bad('a part of the name is longer than 64 characters');
    return text === '' ? new Uint8Array(0) : der(0x31, der(0x30, oid(id), der(tag, utf8(text))));
  };
  return der(0x30, part('2.5.4.6', 0x13, country), part('2.5.4.10', 0x0c, organization), part('2.5.4.3', 0x0c, commonName));
}
/** UTCTime until 2049, GeneralizedTime after (RFC 5280 section 4.1.2.5). */
function derTime(milliseconds: number): Bytes {
  const text = new Date(milliseconds).toISOString().replace(/[-:T]|\.[0-9]+/g, '');
  return Number(text.slice(0, 4)) < 2050 ? der(0x17, utf8(text.slice(2))) : der(0x18, utf8(text));
}
// RFC 5280 section 4.2.1.2, method 1.
async function keyIdOf(key: CryptoKey): Promise<Bytes> {
  const point = await crypto.subtle.exportKey('raw', key);
  return new Uint8Array(await crypto.subtle.digest('SHA-1', point));
}

/** For signing documents and nothing else. Rules: certificate.name, certificate.issuer (the key is not that of the certificate). */
export async function issueSigningCertificate(issuer: DocumentSigner, subject: Jwk, name: DistinguishedName, validity: Validity): Promise<Certificate> {
  const [own_] = issuer.chain;
  const issuerKey = own_ === undefined ? null : await es256KeyOf(own_);
  if (own_ === undefined || issuerKey === null) throw new Fault('refused', 'certificate.issuer', 'certificate: the issuer has no certificate on P-256');
  const key = await importVerify(subject);
  const serial = randomBytes(16);
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40; // positive, and 16 bytes for every certificate
  const extensions = [
    derExtension('2.5.29.19', true, der(0x30)),
    derExtension('2.5.29.15', true, der(0x03, bytesOf(6, 0xc0))), // digitalSignature, nonRepudiation
    derExtension('2.5.29.14', false, der(0x04, await keyIdOf(key))),
    derExtension('2.5.29.35', false, der(0x30, der(0x80, own_.subjectKeyId ?? (await keyIdOf(issuerKey))))),
  ];
  const tbs = der(0x30,
    der(0xa0, der(0x02, bytesOf(2))), der(0x02, serial), algorithm, own_.subject, der(0x30, derTime(validity.from), derTime(validity.until)), derName(name),
    new Uint8Array(await crypto.subtle.exportKey('spki', key)), der(0xa3, der(0x30, ...extensions)));
  const signature = await sign(issuer.key, own(tbs));
  if (!(await verify(issuerKey, own(tbs), signature))) throw new Fault('refused', 'certificate.issuer', 'certificate: the issuing key is not the one of its certificate');
  return parseCertificate(der(0x30, tbs, algorithm, der(0x03, bytesOf(0), ecdsaDer(signature))));
}
