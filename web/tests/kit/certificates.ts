// Makes certificates, good ones and ones with a flaw: as much DER as that takes.

import type { Bytes } from '@/sealing/bytes';
import { own, utf8 } from '@/sealing/bytes';
import { bytesOf as bytes, der, derExtension as extension, ecdsaDer, oid } from '@/sealing/der_write';
import { sha256 } from '@/sealing/sha256';

const name = (text: string): Bytes => (text === '' ? der(0x30) : der(0x30, der(0x31, der(0x30, oid('2.5.4.3'), der(0x0c, utf8(text))))));
const algorithm = (text: string): Bytes => der(0x30, oid(text));

export interface Recipe {
  readonly subject: string;
  readonly issuer: string;
  readonly from?: string;
  readonly until?: string;
  readonly authority?: boolean;
  readonly constraintsCritical?: boolean;
  readonly pathLength?: number;
  /** Bits from the left: 0x80 digitalSignature, 0x40 nonRepudiation, 0x04 keyCertSign. Null: no key usage. */
  readonly usage?: number | null;
  readonly subjectKeyId?: boolean;
  readonly authorityKeyId?: boolean;
  readonly extension?: { readonly oid: string; readonly critical: boolean };
  readonly version?: number;
  readonly algorithm?: string;
}
export interface Made {
  readonly der: Bytes;
  readonly pair: CryptoKeyPair;
}

const keyId = async (key: CryptoKey): Promise<Bytes> => sha256(new Uint8Array(await crypto.subtle.exportKey('raw', key))).slice(0, 20);

export async function certify(recipe: Recipe, issuer?: CryptoKeyPair): Promise<Made> {
  const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])) as CryptoKeyPair;
  const signer = issuer ?? pair;
  const authority = recipe.authority ?? false;
  const usage = recipe.usage === undefined ? (authority ? 0x04 : 0x40) : recipe.usage;
  const constraints = der(0x30, ...(authority ? [der(0x01, bytes(0xff))] : []), ...(recipe.pathLength === undefined ? [] : [der(0x02, bytes(recipe.pathLength))]));
  const list = [
    extension('2.5.29.19', recipe.constraintsCritical ?? true, constraints),
    ...(usage === null ? [] : [extension('2.5.29.15', true, der(0x03, bytes(0, usage)))]),
    ...((recipe.subjectKeyId ?? true) ? [extension('2.5.29.14', false, der(0x04, await keyId(pair.publicKey)))] : []),
    ...((recipe.authorityKeyId ?? true) ? [extension('2.5.29.35', false, der(0x30, der(0x80, await keyId(signer.publicKey))))] : []),
    ...(recipe.extension === undefined ? [] : [extension(recipe.extension.oid, recipe.extension.critical, der(0x05))]),
  ];
  const tbs = der(0x30,
    der(0xa0, der(0x02, bytes(recipe.version ?? 2))), der(0x02, bytes(7)), algorithm(recipe.algorithm ?? '1.2.840.10045.4.3.2'), name(recipe.issuer),
    der(0x30, der(0x17, utf8(recipe.from ?? '260101000000Z')), der(0x17, utf8(recipe.until ?? '360101000000Z'))), name(recipe.subject),
    new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)), der(0xa3, der(0x30, ...list)));
  const rs = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, signer.privateKey, own(tbs)));
  const signature = ecdsaDer(rs);
  return { der: der(0x30, tbs, algorithm('1.2.840.10045.4.3.2'), der(0x03, bytes(0), signature)), pair };
}
