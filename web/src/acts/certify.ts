// The certificate with which an officer signs documents: issued over the key that `dir.device` names, by the key that the
// country gave to the authority's administrators, and handed over sealed to the device, because it names a person.

import { base64, base64url, fromBase64 } from '@/sealing/base64';
import type { Bytes } from '@/sealing/bytes';
import { equal, randomBytes, utf8 } from '@/sealing/bytes';
import type { Certificate } from '@/sealing/certificate';
import { parseCertificate } from '@/sealing/certificate';
import type { DistinguishedName } from '@/sealing/certificate_issue';
import { issueSigningCertificate } from '@/sealing/certificate_issue';
import { CHAIN_MAX, es256KeyOf, verifyChain } from '@/sealing/chain';
import type { DocumentSigner } from '@/sealing/document';
import { Fault, wordsOf } from '@/sealing/fault';
import { ObjectReader, parseJson, toJson } from '@/sealing/json';
import { open, parseJwe, seal } from '@/sealing/jwe';
import type { Jwk, KeyPair } from '@/sealing/keys';
import type { Directory } from '@/proof/directory';

const TYPE = 'entraide-certificate+json';
const FORMAT = 'entraide-certificate/1';
const LASTS_MS = 730 * 86_400_000;
const contextOf = (device: string): string => `certificate:${device}`;

function rootsOf(pki: readonly Bytes[]): readonly Certificate[] {
  return pki.flatMap((der) => {
    try {
      return [parseCertificate(der)];
    } catch {
      return []; // a root that nobody can read makes no chain
    }
  });
}

/** Valid from a minute ago, for two years or as long as the issuer is; with what links it to a root of `pki`. `now` in seconds. Rules: certificate.issuer, .name. */
export async function certify(issuer: DocumentSigner, pki: readonly Bytes[], document: Jwk, name: DistinguishedName, now: number): Promise<readonly Certificate[]> {
  const roots = rootsOf(pki);
  const [own] = issuer.chain;
  if (own === undefined) throw new Fault('refused', 'certificate.issuer', 'this identity has no key that issues certificates');
  const from = Math.max((Math.floor(now) - 60) * 1000, own.notBefore);
  const made = await issueSigningCertificate(issuer, document, name, { from, until: Math.min(from + LASTS_MS, own.notAfter) });
  const chain = [made, ...issuer.chain.filter((link) => !roots.some((root) => equal(root.der, link.der)))];
  try {
    await verifyChain(chain, roots, now * 1000);
  } catch (error) {
    throw new Fault('refused', 'certificate.issuer', `the issuing key does not lead to a root that the country has announced: ${wordsOf(error)}`);
  }
  return chain;
}

/** For the eyes of that device only. Rule: certificate.device. */
export async function sealCertificate(chain: readonly Certificate[], device: string, directory: Directory): Promise<string> {
  const kid = directory.devices.get(device)?.seal;
  const jwk = kid === undefined || !directory.isActiveKey(kid) ? undefined : directory.keys.get(kid)?.jwk;
  if (jwk === undefined) throw new Fault('refused', 'certificate.device', `device ${device} is not enrolled, or was revoked`);
  const text = toJson({ format: FORMAT, device, chain: chain.map((link) => base64(link.der)) });
  return seal(utf8(text), { typ: TYPE, cty: 'application/json', cid: base64url(randomBytes(16)), ctx: contextOf(device) }, [jwk]);
}

/** What the device takes: only a certificate over its own document key that leads to a root of `pki`. Rules: certificate.*, jwe.*. */
export async function openCertificate(jwe: string, device: string, sealKey: KeyPair, document: Jwk, pki: readonly Bytes[], now: number): Promise<readonly Certificate[]> {
  const sealed = parseJwe(jwe);
  if (sealed.header.typ !== TYPE || sealed.header.ctx !== contextOf(device)) throw new Fault('not_authentic', 'certificate.seal', 'what the hub gave is no certificate of this device');
  const in_ = new ObjectReader(parseJson(await open(sealed, sealKey)), 'certificate', 'certificate.form');
  const [format, whose, links] = [in_.string('format'), in_.string('device'), in_.strings('chain')];
  in_.finish();
  const [leaf, ...others] = links.map((link) => parseCertificate(fromBase64(link, 'chain')));
  if (format !== FORMAT || whose !== device || leaf === undefined || others.length >= CHAIN_MAX) throw new Fault('not_authentic', 'certificate.form', 'the certificate is not of this device, or not in its form');
  const held = await es256KeyOf(leaf);
  const { x = '', y = '' } = held === null ? {} : await crypto.subtle.exportKey('jwk', held);
  if (x !== document.x || y !== document.y) throw new Fault('not_authentic', 'certificate.key', 'the certificate is over another key than this device\'s');
  await verifyChain([leaf, ...others], rootsOf(pki), now * 1000);
  return [leaf, ...others];
}
