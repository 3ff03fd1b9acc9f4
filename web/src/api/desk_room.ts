// What all parts of the worker share: the door, the shelves, the verified copy, and the keys while they are open.

import type { Certificate } from '@/sealing/certificate';
import { Fault } from '@/sealing/fault';
import type { OpenKeys, StoredIdentity } from '@/sealing/device_keys';
import { lockText, unlockText } from '@/sealing/device_keys';
import type { Store } from '@/sealing/store';
import type { SignedAct } from '@/proof/act';
import type { Author } from '@/acts/compose';
import type { Mirror } from '@/acts/mirror';
import type { Reader } from '@/acts/open';
import type { Outbox } from '@/acts/outbox';
import type { RingReader } from '@/acts/rings';
import type { Rulebook } from '@/forms';
import { loadBundle } from '@/forms';

import type { Http } from './http';
import type { Me, SessionState } from './types';
import type { Told } from './protocol';

/** Who is signed in, with the keys in memory. */
export interface Seat {
  readonly identity: StoredIdentity;
  readonly keys: OpenKeys;
  readonly rings: RingReader | null;
  me: Me;
}

export class Room {
  seat: Seat | null = null;
  /** Who was shut out: reads and signs nothing, and keeps the drafts. */
  retired: StoredIdentity | null = null;
  state: SessionState = { state: 'none' };
  private readonly rulebooks = new Map<string, Promise<Rulebook>>();

  constructor(
    readonly http: Http,
    readonly store: Store,
    readonly mirror: Mirror,
    readonly outbox: Outbox,
    readonly now: () => number,
    readonly tell: (told: Told) => void,
  ) {}

  /** Rule: session.none. */
  require(): Seat {
    if (this.seat === null) throw new Fault('unauthenticated', 'session.none', 'nobody is signed in on this device');
    return this.seat;
  }

  /** Whose drafts are written on this device. Rule: session.none. */
  owner(): StoredIdentity {
    return this.seat?.identity ?? this.retired ?? this.require().identity;
  }

  /** Keeps the certificate with the document key, and signs with it from now on. */
  async certified(chain: readonly Certificate[]): Promise<void> {
    const { identity, keys, rings, me } = this.require();
    if (identity.document === null || keys.documentKey === null) throw new Fault('refused', 'key.none', 'this identity has no key for documents');
    const kept = { ...identity, document: { ...identity.document, chain: chain.map((link) => link.der) } };
    await this.store.put('identities', identity.kid, kept);
    this.seat = { identity: kept, keys: { ...keys, document: { key: keys.documentKey, chain } }, rings, me };
  }

  reader(authority: string): Reader {
    return { door: this.http, mirror: this.mirror, rings: this.seat?.rings ?? null, authority, rules: (digest) => this.rules(digest).catch(() => null) };
  }

  /** Who may sign anew what the hub found too old: the same person, if signed in. */
  resigner(): ((act: SignedAct) => Author | null) | null {
    const { seat } = this;
    if (seat === null || seat.keys.sign === null) return null;
    const { sign } = seat.keys;
    return ({ act }) => (act.device === sign.kid ? { by: act.by, for: act.for, signer: sign } : null);
  }

  /** As the hub gives it, once its digest has been checked. Rule: rulebook.digest. */
  async rulebookText(digest: string): Promise<string> {
    const kept = await this.store.get<string>('cache', `rulebook/${digest}`);
    if (kept !== null) return kept;
    const text = await this.http.publicText(`/v1/rulebook/${digest}`);
    const rules = await loadBundle(text);
    if (rules.digest !== digest) throw new Fault('not_authentic', 'rulebook.digest', `the hub gave another rulebook than ${digest}`);
    await this.store.put('cache', `rulebook/${digest}`, text);
    return text;
  }
  async bundle(digest: string): Promise<{ readonly [path: string]: string }> {
    return (JSON.parse(await this.rulebookText(digest)) as { files: { [path: string]: string } }).files;
  }
  rules(digest: string): Promise<Rulebook> {
    const known = this.rulebooks.get(digest);
    if (known !== undefined) return known;
    const fresh = this.rulebookText(digest).then((text) => loadBundle(text));
    this.rulebooks.set(digest, fresh);
    fresh.catch(() => this.rulebooks.delete(digest));
    return fresh;
  }
  /** In force, by the verified directory; by the hub's word before there is one. */
  async rulebookInForce(): Promise<string> {
    const known = this.mirror.directory.rulebooks.at(-1);
    return known ?? ((await this.http.publicJson('/v1/rulebook')) as { digest: string }).digest;
  }

  /** Brings the verified copy up to date, as far as the line allows. */
  async freshen(): Promise<void> {
    try {
      await this.mirror.update(this.http);
    } catch (error) {
      if (!(error instanceof Fault) || error.kind !== 'unavailable') throw error;
    } finally {
      if (this.mirror.alarms.length > 0) this.tell({ told: 'alarms', value: this.mirror.alarms });
    }
  }

  /** What was read is kept, encrypted, and given again when the hub is out of reach. */
  async kept<T>(name: string, work: () => Promise<T>): Promise<{ value: T; offline: boolean }> {
    try {
      const value = await work();
      void this.keep(name, value).catch(() => undefined); // nobody waits for it, and reading goes on without a store
      return { value, offline: false };
    } catch (error) {
      if (!(error instanceof Fault) || error.kind !== 'unavailable') throw error;
      const value = await this.recall<T>(name);
      if (value === null) throw error;
      return { value, offline: true };
    }
  }
  async keep(name: string, value: unknown): Promise<void> {
    const { identity } = this.require();
    const place = `${identity.kid}/${name}`;
    await this.store.put('cache', place, await lockText(identity.draftKey, JSON.stringify(value), place));
  }
  async recall<T>(name: string): Promise<T | null> {
    const { identity } = this.require();
    const place = `${identity.kid}/${name}`;
    const kept = await this.store.get<Uint8Array<ArrayBuffer>>('cache', place);
    return kept === null ? null : (JSON.parse(await unlockText(identity.draftKey, kept, place)) as T);
  }
}

/** At most `width` at a time, answers in the order of the items. */
export async function inParallel<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const out: R[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < items.length) {
      const i = next++;
      out[i] = await work(items[i] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, one));
  return out;
}
