// Enrolment seen from the new device: keys made here, half of an act, four words; and the passkeys of this device.

import { base64, base64url } from '@/sealing/base64';
import { randomBytes, utf8 } from '@/sealing/bytes';
import { generateIdentity, keyOfPrf, openKeys, prfInput, type StoredIdentity } from '@/sealing/device_keys';
import { Fault } from '@/sealing/fault';
import type { JsonObject } from '@/sealing/json';
import { compactJws } from '@/sealing/jws';
import type { KeyPair } from '@/sealing/keys';
import type { Act } from '@/proof/act';
import { signAct } from '@/proof/act';
import { timeText } from '@/proof/time';
import { emptyRoot } from '@/proof/tree';

import type { Room } from './desk_room';
import { ticketOf, wordsOf } from './invitation';
import { sessionKey, viewOf, type SigningIn } from './signing_in';
import type { NewcomerEnrolment, Passkey } from './types_people';

interface OpenInvitation {
  readonly invitation: string;
  readonly authority: string;
  readonly officer: string;
  /** The key that invited, and that must sign. */
  readonly administrator: string;
  readonly rulebook: string;
  readonly expires_at: string;
}

export class Newcomer {
  private newcomer: { code: string; ticket: string; opened: OpenInvitation; lockWith: ((passkey: { id: string; prf: Uint8Array<ArrayBuffer> } | null) => Promise<StoredIdentity>) } | null = null;
  /** The key that was made a moment ago, while its owner waits. */
  private fresh: KeyPair | null = null;
  constructor(
    private readonly room: Room,
    private readonly signing: SigningIn,
  ) {}

  private async look(code: string): Promise<{ ticket: string; opened: OpenInvitation }> {
    const ticket = ticketOf(code);
    return { ticket, opened: (await this.room.http.send('POST', '/v1/invitations/open', { ticket })) as OpenInvitation };
  }
  async openInvitation(code: string) {
    const { opened } = await this.look(code);
    return { authority: opened.authority, officer: opened.officer, expiresAt: opened.expires_at, administrators: [opened.administrator] };
  }

  async begin(code: string, name: string): Promise<{ kid: string; prfInput: Uint8Array<ArrayBuffer> }> {
    const { ticket, opened } = await this.look(code);
    // The keys are made at once; how they are locked is known when the passkey has answered.
    let answer: (passkey: { id: string; prf: Uint8Array<ArrayBuffer> } | null) => void = () => undefined;
    const asked = new Promise<{ id: string; prf: Uint8Array<ArrayBuffer> } | null>((resolve) => (answer = resolve));
    let named: (kid: string) => void = () => undefined;
    const kid = new Promise<string>((resolve) => (named = resolve));
    const who = { officer: opened.officer, authority: opened.authority, name };
    const made = generateIdentity(who, async (fresh) => {
      named(fresh);
      const passkey = await asked;
      return passkey === null ? null : { kek: await keyOfPrf(passkey.prf), passkey: passkey.id };
    });
    const lockWith = (passkey: { id: string; prf: Uint8Array<ArrayBuffer> } | null): Promise<StoredIdentity> => (answer(passkey), made);
    this.newcomer = { code, ticket, opened, lockWith };
    const signKid = await kid;
    return { kid: signKid, prfInput: prfInput(signKid) };
  }

  async finish(passkey: { readonly id: string; readonly prf: Uint8Array<ArrayBuffer> } | null): Promise<NewcomerEnrolment> {
    if (this.newcomer === null) throw new Fault('invalid', 'enrolment.code', 'begin with the code of the invitation');
    const { code, ticket, opened, lockWith } = this.newcomer;
    const identity = await lockWith(passkey);
    const keys = await openKeys(identity, passkey === null ? null : await keyOfPrf(passkey.prf));
    const sign = sessionKey(keys);
    if (identity.seal === null) throw new Fault('internal', 'internal', 'an identity without a sealing key');
    const d: JsonObject = { of: opened.officer, sig: { ...sign.jwk }, seal: { ...identity.seal.jwk }, aal: passkey === null ? 'soft' : 'prf', att: null, x5t: null, ...(identity.document === null ? {} : { doc: { ...identity.document.jwk } }) };
    const act: Act = {
      type: 'dir.device', nonce: base64url(randomBytes(16)), by: opened.authority, device: opened.administrator, for: opened.authority, to: [], at: Math.floor(this.room.now()), case: null, previous: null,
      sent: {}, rulebook: opened.rulebook, checkpoint: { size: 0, root: base64(emptyRoot()) }, objects: [], d,
    };
    const made = (await this.room.http.send('POST', '/v1/enrolments', { ticket, act: await signAct(act, [sign]) })) as { enrolment: string; expires_at: string };
    await this.room.store.put('identities', identity.kid, { ...identity, enrolment: made.enrolment });
    this.newcomer = null;
    this.fresh = sign;
    return { identity: viewOf(identity), enrolment: made.enrolment, words: wordsOf(code, identity.kid, identity.seal.kid), expiresAt: made.expires_at };
  }

  /** Asks with the new signing key; once that is locked by its passkey again, only signing in tells. */
  async state(kid: string): Promise<'pending' | 'admitted' | 'refused'> {
    const identity = await this.signing.identity(kid);
    if (identity.state === 'ready') return 'admitted';
    const key = this.fresh?.kid === kid ? this.fresh : identity.custody === 'prf' ? null : sessionKey(await openKeys(identity, null));
    if (key === null) return 'pending';
    try {
      const response = await this.room.http.attempt(`/v1/enrolments/${identity.enrolment ?? ''}`, { proof: key });
      const { state } = (await response.json()) as { state: 'pending' | 'admitted' };
      if (state === 'admitted') {
        this.fresh = null;
        await this.room.store.put('identities', kid, { ...identity, state: 'ready' });
      }
      return state;
    } catch (error) {
      if (error instanceof Fault && error.kind === 'not_found') return 'refused';
      throw error;
    }
  }

  // ---- passkeys

  async passkeys(): Promise<readonly Passkey[]> {
    const { items } = (await this.room.http.json('/v1/passkeys')) as { items: readonly { passkey: string; created_at: string; used_at: string | null }[] };
    return items.map((one) => ({ passkey: one.passkey, createdAt: one.created_at, usedAt: one.used_at }));
  }
  async addPasskey(nonce: string, made: { readonly id: string; readonly authenticator_data: string; readonly client_data: string }): Promise<Passkey> {
    const { origin } = await this.signing.status();
    const claims = utf8(JSON.stringify({ nonce, hub: origin, passkey: made.id, at: timeText(this.room.now()) }));
    const proof = await compactJws(sessionKey(this.room.require().keys), 'entraide-passkey+jwt', claims);
    const answer = (await this.room.http.send('POST', '/v1/passkeys', { ...made, proof }, { session: true })) as { passkey: string; created_at: string };
    return { passkey: answer.passkey, createdAt: answer.created_at, usedAt: null };
  }
  async removePasskey(id: string): Promise<void> {
    await this.room.http.send('DELETE', `/v1/passkeys/${encodeURIComponent(id)}`, undefined, { session: true });
  }
}
