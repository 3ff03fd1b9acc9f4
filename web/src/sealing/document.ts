// The signed legal document inside a seal: JAdES baseline B-B (ETSI TS 119 182-1) as a flattened JWS. No kid (JAdES uses
// it for something else), no sigT, no crit.

import type { Bytes } from './bytes';
import { utf8 } from './bytes';
import { base64, base64url, tryBase64, tryBase64url } from './base64';
import type { Certificate } from './certificate';
import { parseCertificate } from './certificate';
import { CHAIN_MAX, es256KeyOf, rsaVerifies, verifyChain } from './chain';
import { CONTENT_BYTES_MAX } from './content';
import { Fault } from './fault';
import { isObject, ObjectReader, parseJson, toJson } from './json';
import { sign, verify } from './keys';
import { signingInput } from './jws';

const HEADER_BYTES_MAX = 256 << 10;
const CLOCK_SKEW_SECONDS = 300;
const TYPE = 'application/json';

/** The key that signs documents, and the certificates that lead to the country's root, its own first. */
export interface DocumentSigner {
  readonly key: CryptoKey;
  readonly chain: readonly Certificate[];
}
export interface VerifiedDocument {
  readonly payload: Bytes;
  readonly algorithm: string;
  /** Seconds; the signer's word. */
  readonly signedAt: number;
  readonly signer: string;
  readonly chain: readonly Certificate[];
}

const refuse = (rule: string, words: string): Fault => new Fault('invalid', rule, `document: ${words}`);
function decode(text: string, what: string): Bytes {
  const bytes = tryBase64url(text);
  if (bytes === null) throw refuse('document.form', `${what} is not strict base64url`);
  return bytes;
}

/** Rules: document.chain, content.size. */
export async function makeDocument(payload: Bytes, signer: DocumentSigner, signedAt: number): Promise<string> {
  const [first] = signer.chain;
  if (first === undefined || signer.chain.length > CHAIN_MAX) throw refuse('document.chain', 'needs 1 to 8 certificates');
  const header = base64url(utf8(toJson({
    alg: 'ES256', cty: TYPE, iat: signedAt, 'x5t#S256': base64url(first.fingerprint), x5c: signer.chain.map((link) => base64(link.der)),
  })));
  const body = base64url(payload);
  const input = signingInput(header, body);
  const signature = await sign(signer.key, input);
  const certified = await es256KeyOf(first);
  if (certified === null || !(await verify(certified, input, signature))) throw refuse('document.chain', 'the first certificate does not hold the signer\'s key');
  const out = toJson({ payload: body, protected: header, signature: base64url(signature) });
  if (out.length > CONTENT_BYTES_MAX) throw new Fault('too_large', 'content.size', 'document: larger than 1 MiB once signed; send a part of it as a file');
  return out;
}

function readEnvelope(document: Uint8Array): { payload: string; header: string; signature: string } {
  const in_ = new ObjectReader(parseJson(document, { bytes: CONTENT_BYTES_MAX, depth: 8, values: 4096 }), 'document', 'document.form');
  const out = { payload: in_.string('payload'), header: in_.string('protected'), signature: in_.string('signature') };
  const unprotected = in_.has('header') ? in_.object('header') : null;
  in_.finish();
  if (unprotected !== null) {
    const header = new ObjectReader(unprotected, 'document.header', 'document.header');
    header.array('etsiU');
    header.finish();
  }
  return out;
}

interface Header {
  readonly algorithm: string;
  readonly signedAt: number;
  readonly chain: readonly Certificate[];
}
function readHeader(text: string): Header {
  const json = parseJson(decode(text, 'protected'), { bytes: HEADER_BYTES_MAX, depth: 3 });
  if (isObject(json) && Object.hasOwn(json, 'crit')) throw refuse('document.crit', 'extensions (crit) are not accepted');
  const in_ = new ObjectReader(json, 'document.protected', 'document.header');
  const algorithm = in_.string('alg');
  const contentType = in_.string('cty');
  const thumbprint = in_.string('x5t#S256');
  const signedAt = in_.integer('iat');
  const x5c = in_.strings('x5c');
  in_.optionalString('typ');
  in_.finish();
  if (!['ES256', 'RS256', 'PS256'].includes(algorithm)) throw refuse('document.alg', 'alg must be ES256, RS256 or PS256');
  if (contentType !== TYPE) throw refuse('document.header', `cty must be ${TYPE}`);
  if (signedAt < 0) throw refuse('document.iat', 'iat lies before 1970');
  if (x5c.length < 1 || x5c.length > CHAIN_MAX) throw refuse('document.certificate', 'x5c must have 1 to 8 certificates');
  const chain = x5c.map((one) => {
    const der = tryBase64(one);
    if (der === null) throw refuse('document.certificate', 'x5c must hold strict base64');
    return parseCertificate(der);
  });
  if (base64url((chain[0] as Certificate).fingerprint) !== thumbprint) throw refuse('document.certificate', 'x5t#S256 is not the thumbprint of the first certificate');
  return { algorithm, signedAt, chain };
}

/**
 * `roots` are the country's, `at` the time of admission in milliseconds. Rules: document.form, .header, .crit, .alg, .iat,
 * .certificate, .signature, certificate.*.
 */
export async function verifyDocument(document: Uint8Array, roots: readonly Certificate[], at: number): Promise<VerifiedDocument> {
  const envelope = readEnvelope(document);
  const header = readHeader(envelope.header);
  const payload = decode(envelope.payload, 'payload');
  const signature = decode(envelope.signature, 'signature');
  const input = signingInput(envelope.header, envelope.payload);
  const leaf = header.chain[0] as Certificate;
  let holds = false;
  if (header.algorithm === 'ES256') {
    const key = await es256KeyOf(leaf);
    holds = key !== null && (await verify(key, input, signature));
  } else {
    holds = await rsaVerifies(leaf, header.algorithm === 'PS256', input, signature);
  }
  if (!holds) throw new Fault('not_authentic', 'document.signature', 'document: the signature is not good');
  await verifyChain(header.chain, roots, at);
  if (header.signedAt * 1000 > at + CLOCK_SKEW_SECONDS * 1000) throw refuse('document.iat', 'signed in the future');
  return { payload, algorithm: header.algorithm, signedAt: header.signedAt, signer: leaf.subjectText, chain: header.chain };
}
