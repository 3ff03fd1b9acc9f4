// Who I am: the identities of this device, sessions, the demonstration.

import { tryBase64 } from '@/sealing/base64';
import type { Bytes } from '@/sealing/bytes';
import { utf8 } from '@/sealing/bytes';
import type { OpenKeys, StoredIdentity } from '@/sealing/device_keys';
import { demonstrationIdentity, keyOfPrf, openKeys, prfInput } from '@/sealing/device_keys';
import { Fault } from '@/sealing/fault';
import { compactJws } from '@/sealing/jws';
import type { KeyPair, SecretJwk } from '@/sealing/keys';
import { generateSigning } from '@/sealing/keys';
import { readTime, timeText } from '@/proof/time';
import { RingReader } from '@/acts/rings';

import type { Room } from './desk_room';
import type { Challenge, Session, Status } from './generated';
import type { HttpSession } from './http';
import { HubFault } from './http';
import type { PasskeyAssertion, SignInStep } from './protocol';
import type { DemonstrationPerson, Identity, Me, Revocation, SessionState } from './types';

export const viewOf = ({ kid, officer, authority, name, custody, state, lastUsed }: StoredIdentity): Identity => ({ kid, officer, authority, name, custody, state, lastUsed });

/** The key that opens sessions: of the device, or of an administrator. */
export function sessionKey(keys: OpenKeys): KeyPair {
  const key = keys.sign ?? keys.administrators[0];
  if (key === undefined) throw new Fault('unauthenticated', 'key.none', 'this identity has no key that signs');
  return key;
}

interface OpenBundle {
  readonly subject: string;
  readonly authority: string;
  readonly name: string;
  readonly sign: SecretJwk | null;
  readonly seal: SecretJwk | null;
  readonly document: CertifiedKey | null;
  readonly administrators: readonly SecretJwk[];
  readonly issuer: CertifiedKey | null;
}
interface CertifiedKey {
  readonly key: SecretJwk;
  readonly chain: readonly string[];
}
const bare = ({ crv, kty, x, y, d }: SecretJwk): SecretJwk => ({ crv, kty, x, y, d });

/** What the hub says to a device that may not come in any more. */
const SHUT_OUT: ReadonlySet<string> = new Set(['act.device.revoked', 'act.officer.closed']);

export class SigningIn {
  private origin = '';
  private pending: { assertion: PasskeyAssertion | null; nonce: string } | null = null;
  constructor(private readonly room: Room) {}

  status(): Promise<Status> {
    return this.room.http.publicJson('/v1/status') as Promise<Status>;
  }
  async identity(kid: string): Promise<StoredIdentity> {
    const found = await this.room.store.get<StoredIdentity>('identities', kid);
    if (found === null) throw new Fault('not_found', 'key.none', 'this device holds no such key');
    return found;
  }
  async identities(): Promise<readonly Identity[]> {
    return (await this.room.store.all<StoredIdentity>('identities')).map(viewOf).sort((a, b) => ((b.lastUsed ?? '') < (a.lastUsed ?? '') ? -1 : 1));
  }

  private become(state: SessionState): void {
    this.room.state = state;
    this.room.tell({ told: 'session', value: state });
  }

  /** Goes on as whoever used this tab's site last, where no passkey is needed for it. */
  async resume(): Promise<void> {
    const kid = await this.room.store.get<string>('cache', 'current');
    const identity = kid === null ? null : await this.room.store.get<StoredIdentity>('identities', kid);
    if (identity?.state === 'revoked') {
      const revocation = await this.room.store.get<Revocation>('cache', `revoked/${identity.kid}`);
      if (revocation !== null) return this.retire(identity, revocation);
    }
    if (identity === null || identity.state !== 'ready') return this.become({ state: 'none' });
    if (identity.custody === 'prf') return this.become({ state: 'locked', identity: viewOf(identity) });
    await this.finish(identity.kid, null, null).catch(() => this.room.state.state === 'revoked' || this.become({ state: 'locked', identity: viewOf(identity) }));
  }

  async begin(kid: string): Promise<SignInStep> {
    const identity = await this.identity(kid);
    const challenge = await this.challenge(kid).catch((error: unknown) => {
      if (error instanceof Fault && error.kind === 'unavailable') return { nonce: 'offline', passkeys: [] };
      throw error;
    });
    const passkeys = 'passkeys' in challenge && Array.isArray(challenge.passkeys) ? (challenge.passkeys as string[]) : [];
    return { identity: viewOf(identity), nonce: challenge.nonce, passkeys, lockedBy: identity.custody === 'prf' ? identity.passkeys : [], prfInput: prfInput(kid) };
  }
  async challenge(kid: string): Promise<Challenge> {
    return (await this.room.http.send('POST', '/v1/sessions/challenges', { kid })) as Challenge;
  }

  async finish(kid: string, assertion: PasskeyAssertion | null, prf: Bytes | null, nonce = ''): Promise<Me> {
    const { room } = this;
    // Who gets a session has been admitted.
    const identity: StoredIdentity = { ...(await this.identity(kid)), state: 'ready' };
    const keys = await openKeys(identity, prf === null ? null : await keyOfPrf(prf));
    const rings = keys.seal === null ? null : new RingReader(room.http, room.mirror, keys.seal);
    this.pending = assertion === null ? null : { assertion, nonce };
    room.http.use(null);
    room.retired = null;
    room.seat = { identity, keys, rings, me: { subject: '', device: kid, authorities: [], sent: {}, rulebook: '', checkpoint: { n: 0, h: '' } } };
    let expiresAt = timeText(room.now());
    try {
      const session = await this.open();
      room.http.use(session);
      expiresAt = timeText(session.expiresAt);
      room.seat.me = await this.me();
    } catch (error) {
      // Out of reach: what was kept can be read, and what is written waits.
      const kept = error instanceof Fault && error.kind === 'unavailable' ? await room.kept('me', () => Promise.reject(error)).catch(() => null) : null;
      if (kept === null) {
        room.seat = null;
        throw error;
      }
      room.seat.me = kept.value as Me;
    }
    await room.store.put('identities', kid, { ...identity, lastUsed: timeText(room.now()) });
    await room.store.put('cache', 'current', kid);
    this.become({ state: 'open', identity: viewOf(identity), me: room.seat.me, expiresAt });
    return room.seat.me;
  }

  /** A new session by the keys in memory. */
  async open(): Promise<HttpSession> {
    const { http, now } = this.room;
    const { keys } = this.room.require();
    const device = sessionKey(keys);
    const dpop = await generateSigning(false);
    const given = this.pending;
    this.pending = null;
    const nonce = given !== null && given.nonce !== '' ? given.nonce : (await this.challenge(device.kid)).nonce;
    if (this.origin === '') this.origin = (await this.status()).origin;
    const claims = utf8(JSON.stringify({ nonce, hub: this.origin, jkt: dpop.kid, at: timeText(now()) }));
    const proof = await compactJws(device, 'entraide-session+jwt', claims);
    const body = { proof, ...(given?.assertion ? { passkey: given.assertion } : {}) };
    const made = (await http.send('POST', '/v1/sessions', body).catch(async (error: unknown) => {
      if (error instanceof HubFault && SHUT_OUT.has(error.rule)) await this.shutOut(error);
      throw error;
    })) as Session;
    return { token: made.token, dpop, expiresAt: readTime(made.expires_at) };
  }

  /** The device was revoked, or its officer: the keys leave memory, the drafts stay, and the screen can say by whom. */
  private async shutOut(fault: HubFault): Promise<void> {
    const { room } = this;
    const { identity } = room.require();
    const told = fault.problem?.revoked;
    const unchecked: Revocation = { what: fault.rule === 'act.officer.closed' ? 'officer' : 'device', by: null, key: null, at: null, why: null, index: null, checked: false };
    const read = async (act: string, receipt: string): Promise<Revocation> => (await import('@/acts/revocation')).readRevocation(room.mirror, identity.kid, identity.officer, act, receipt);
    const revocation = told === undefined ? unchecked : await read(told.act, told.receipt).catch(() => unchecked);
    await room.store.put('cache', `revoked/${identity.kid}`, revocation);
    await this.retire({ ...identity, state: 'revoked' }, revocation);
  }
  private async retire(identity: StoredIdentity, revocation: Revocation): Promise<void> {
    await this.room.store.put('identities', identity.kid, identity);
    this.room.retired = identity;
    this.room.seat = null;
    this.room.http.use(null);
    this.become({ state: 'revoked', identity: viewOf(identity), revocation });
  }

  async me(): Promise<Me> {
    const { room } = this;
    const { value } = await room.kept('me', () => room.http.json('/v1/me') as Promise<Me>);
    const seat = room.require();
    seat.me = value;
    const { state } = room;
    if (state.state === 'open' && state.identity.kid === seat.identity.kid && JSON.stringify(state.me.authorities) !== JSON.stringify(value.authorities)) this.become({ ...state, me: value });
    return value;
  }

  async lock(): Promise<void> {
    const { seat } = this.room;
    this.room.seat = null;
    this.room.http.use(null);
    this.become(seat === null ? { state: 'none' } : { state: 'locked', identity: viewOf(seat.identity) });
  }
  async signOut(): Promise<void> {
    await this.room.store.remove('cache', 'current');
    this.room.seat = null;
    this.room.retired = null;
    this.room.http.use(null);
    this.become({ state: 'none' });
  }
  async forgetEverything(): Promise<void> {
    await this.room.store.forgetEverything();
    if ('caches' in globalThis) for (const name of await caches.keys()) await caches.delete(name);
    await this.signOut();
  }

  async people(): Promise<readonly DemonstrationPerson[]> {
    return ((await this.room.http.publicJson('/v1/demonstration')) as { people: DemonstrationPerson[] }).people;
  }
  async openAs(subject: string, number: number): Promise<Me> {
    const given = (await this.room.http.send('POST', `/v1/demonstration/people/${encodeURIComponent(subject)}/open?number=${number}`, {})) as OpenBundle;
    const certified = (one: CertifiedKey | null | undefined) => (one === null || one === undefined ? null : { key: bare(one.key), chain: one.chain.map((der) => tryBase64(der) ?? new Uint8Array(0)) });
    const [document, issuer] = [certified(given.document), certified(given.issuer)];
    const [sign, seal] = [given.sign, given.seal].map((jwk) => (jwk === null ? null : bare(jwk))) as [SecretJwk | null, SecretJwk | null];
    const identity = await demonstrationIdentity({ subject: given.subject, authority: given.authority, name: given.name, sign, seal, document, administrators: given.administrators.map(bare), issuer });
    const known = await this.room.store.get<StoredIdentity>('identities', identity.kid);
    await this.room.store.put('identities', identity.kid, { ...identity, draftKey: known?.draftKey ?? identity.draftKey });
    return this.finish(identity.kid, null, null);
  }
}

