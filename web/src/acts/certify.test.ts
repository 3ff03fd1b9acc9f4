import { describe, expect, test } from 'vitest';

import type { Bytes } from '@/sealing/bytes';
import { parseCertificate } from '@/sealing/certificate';
import { issueSigningCertificate } from '@/sealing/certificate_issue';
import type { DocumentSigner } from '@/sealing/document';
import { makeDocument, verifyDocument } from '@/sealing/document';
import { utf8 } from '@/sealing/bytes';
import { Fault } from '@/sealing/fault';
import type { KeyPair } from '@/sealing/keys';
import { generateSealing, generateSigning } from '@/sealing/keys';
import { Directory } from '@/proof/directory';
import { certify as make, type Made } from '../../tests/kit/certificates';
import { certify, openCertificate, sealCertificate } from './certify';

const NOW = Date.UTC(2026, 5, 1) / 1000;
const NAME = { country: 'FR', organization: 'au:fr:central-authority', commonName: 'Zoé Exemple-Ndiaye' };
const ruleOf = (work: Promise<unknown>): Promise<string> => work.then(() => '', (error: unknown) => (error instanceof Fault ? error.rule : String(error)));
const signerOf = (made: Made): DocumentSigner => ({ key: made.pair.privateKey, chain: [parseCertificate(made.der)] });

interface Office {
  readonly pki: readonly Bytes[];
  readonly issuer: DocumentSigner;
  readonly root: DocumentSigner;
  readonly document: KeyPair;
  readonly sign: KeyPair;
  readonly seal: KeyPair;
  readonly directory: Directory;
}
async function office(): Promise<Office> {
  const root = await make({ subject: 'Fictional Root', issuer: 'Fictional Root', authority: true, pathLength: 1 });
  const issuer = await make({ subject: 'Central Authority', issuer: 'Fictional Root', authority: true, pathLength: 0, until: '270101000000Z' }, root.pair);
  const [document, sign, seal] = [await generateSigning(true), await generateSigning(true), await generateSealing(true)];
  const directory = new Directory();
  directory.addKey(sign.jwk, 'sign', 'of:fr:x', 1, NOW);
  directory.addKey(seal.jwk, 'seal', 'of:fr:x', 1, NOW);
  directory.devices.set(sign.kid, { sign: sign.kid, seal: seal.kid, officer: 'of:fr:x', aal: 'soft', document: document.jwk });
  return { pki: [root.der], issuer: signerOf(issuer), root: signerOf(root), document, sign, seal, directory };
}

describe('a certificate for documents', () => {
  test('is issued over the device\'s key, opened by that device, and signs a document that holds', async () => {
    const { pki, issuer, document, sign, seal, directory } = await office();
    const jwe = await sealCertificate(await certify(issuer, pki, document.jwk, NAME, NOW), sign.kid, directory);
    const chain = await openCertificate(jwe, sign.kid, seal, document.jwk, pki, NOW);
    expect(chain).toHaveLength(2);
    expect(chain[0]?.subjectText).toBe('C=FR, O=au:fr:central-authority, CN=Zoé Exemple-Ndiaye');
    expect(chain[0]?.notAfter).toBe(issuer.chain[0]?.notAfter); // never longer than its issuer
    const signed = await makeDocument(utf8('{}'), { key: document.secret, chain }, NOW);
    const verified = await verifyDocument(utf8(signed), pki.map((der) => parseCertificate(der)), NOW * 1000);
    expect(verified.signer).toContain('Zoé Exemple-Ndiaye');
  });
  test('by the country\'s own root needs no link between', async () => {
    const { pki, root, document } = await office();
    expect(await certify(root, pki, document.jwk, NAME, NOW)).toHaveLength(1);
  });
  test('is not taken by another device, over another key, or under another country\'s root', async () => {
    const { pki, issuer, document, sign, seal, directory } = await office();
    const other = await office();
    const jwe = await sealCertificate(await certify(issuer, pki, document.jwk, NAME, NOW), sign.kid, directory);
    expect(await ruleOf(openCertificate(jwe, sign.kid, other.seal, document.jwk, pki, NOW))).toBe('jwe.not_recipient');
    expect(await ruleOf(openCertificate(jwe, other.sign.kid, seal, document.jwk, pki, NOW))).toBe('certificate.seal');
    expect(await ruleOf(openCertificate(jwe, sign.kid, seal, other.document.jwk, pki, NOW))).toBe('certificate.key');
    expect(await ruleOf(openCertificate(jwe, sign.kid, seal, document.jwk, other.pki, NOW))).toBe('certificate.chain');
    expect(await ruleOf(openCertificate(jwe, sign.kid, seal, document.jwk, pki, NOW + 365 * 86_400))).toBe('certificate.chain');
  });
  test('is not issued by a key that the country has not announced, or that is not the certificate\'s', async () => {
    const { pki, issuer, document } = await office();
    const other = await office();
    expect(await ruleOf(certify(other.issuer, pki, document.jwk, NAME, NOW))).toBe('certificate.issuer');
    expect(await ruleOf(certify({ key: other.document.secret, chain: issuer.chain }, pki, document.jwk, NAME, NOW))).toBe('certificate.issuer');
    expect(await ruleOf(certify({ key: issuer.key, chain: [] }, pki, document.jwk, NAME, NOW))).toBe('certificate.issuer');
  });
  test('does not go to a device that is unknown or revoked', async () => {
    const { pki, issuer, document, sign, seal, directory } = await office();
    const chain = await certify(issuer, pki, document.jwk, NAME, NOW);
    expect(await ruleOf(sealCertificate(chain, 'A'.repeat(43), directory))).toBe('certificate.device');
    directory.revokeKey(seal.kid, 2, NOW);
    expect(await ruleOf(sealCertificate(chain, sign.kid, directory))).toBe('certificate.device');
  });
  test('has a name, of a length that certificates take', async () => {
    const { issuer, document } = await office();
    const until = { from: NOW * 1000, until: NOW * 1000 + 1000 };
    expect(await ruleOf(issueSigningCertificate(issuer, document.jwk, { ...NAME, commonName: '' }, until))).toBe('certificate.name');
    expect(await ruleOf(issueSigningCertificate(issuer, document.jwk, { ...NAME, commonName: 'x'.repeat(65) }, until))).toBe('certificate.name');
    expect(await ruleOf(issueSigningCertificate(issuer, document.jwk, { ...NAME, country: 'France' }, until))).toBe('certificate.name');
  });
});
