// Certificates for signing documents: an administrator issues them, the device that they are for fetches its own.

import { Fault } from '@/sealing/fault';
import { parseCertificate } from '@/sealing/certificate';
import type { StoredIdentity } from '@/sealing/device_keys';
import { countryOf } from '@/proof/subject';
import { timeText } from '@/proof/time';
import { certify, openCertificate, sealCertificate } from '@/acts/certify';

import type { Room } from './desk_room';
import type { DocumentCertificate } from './types_people';

/** So long before its end a device looks for a new one each time it signs in. */
const RENEW_BEFORE_MS = 30 * 86_400_000;

export class Certificates {
  constructor(private readonly room: Room) {}

  private get(path: string): Promise<unknown> {
    return this.room.http.json(path);
  }
  private path(device: string): string {
    return `/v1/certificates/${encodeURIComponent(device)}`;
  }
  private pki(authority: string) {
    return this.room.mirror.directory.countries.get(countryOf(authority))?.pki ?? [];
  }

  // ---- the administrator

  get canIssue(): boolean {
    return this.room.seat?.keys.issuer !== null && this.room.seat !== null;
  }
  /** Over the key that the directory knows of `device`. Rules: certificate.*. */
  async issue(authority: string, device: string, name: string): Promise<void> {
    const { room } = this;
    const { issuer } = room.require().keys;
    if (issuer === null) throw new Fault('refused', 'certificate.issuer', 'this identity has no key that issues certificates');
    await room.freshen();
    const { directory } = room.mirror;
    const document = directory.devices.get(device)?.document ?? null;
    if (document === null) throw new Fault('refused', 'certificate.device', 'this device has named no key for documents');
    const country = countryOf(authority).slice(3).toUpperCase();
    const chain = await certify(issuer, this.pki(authority), document, { country, organization: authority, commonName: name }, room.now());
    await room.http.send('PUT', this.path(device), { authority, jwe: await sealCertificate(chain, device, directory) }, { session: true });
  }
  /** When each device was last given one. */
  async issued(authority: string): Promise<{ readonly [device: string]: string }> {
    const { items } = (await this.get(`/v1/certificates?authority=${encodeURIComponent(authority)}`)) as { items: readonly { device: string; issued_at: string }[] };
    return Object.fromEntries(items.map((one) => [one.device, one.issued_at]));
  }

  // ---- the device

  /** What this device signs documents with; null: nothing yet. */
  mine(): DocumentCertificate | null {
    const [leaf] = this.room.require().keys.document?.chain ?? [];
    return leaf === undefined ? null : { name: leaf.subjectText, from: timeText(leaf.notBefore / 1000), until: timeText(leaf.notAfter / 1000) };
  }
  /** Whether the device lacks one, or the one that it has ends soon. */
  wanting(identity: StoredIdentity): boolean {
    if (identity.document === null || identity.custody === 'demonstration') return false;
    const [leaf] = identity.document.chain;
    return leaf === undefined || parseCertificate(leaf).notAfter < this.room.now() * 1000 + RENEW_BEFORE_MS;
  }
  /** Fetches, checks, keeps and uses the newest one. Nothing there is no error. Rules: certificate.*. */
  async fetch(): Promise<DocumentCertificate | null> {
    const { room } = this;
    const { identity, keys } = room.require();
    if (identity.document === null || keys.seal === null) return null;
    let jwe: string;
    try {
      ({ jwe } = (await this.get(this.path(identity.kid))) as { jwe: string });
    } catch (error) {
      if (error instanceof Fault && error.kind === 'not_found') return this.mine();
      throw error;
    }
    const chain = await openCertificate(jwe, identity.kid, keys.seal, identity.document.jwk, this.pki(identity.authority), room.now());
    await room.certified(chain);
    return this.mine();
  }
}
