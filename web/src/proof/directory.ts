// Who exists, which keys speak for whom, and since when: a fold over the dir. and ring. acts of the ledger, in ledger
// order, by the same rules as the hub's (src/directory). Nobody has to believe the hub about a key.

import { Fault } from '@/sealing/fault';
import type { Jwk, KeyId } from '@/sealing/keys';
import { kidOf } from '@/sealing/keys';

import type { KeyDirectory, VerifiedAct } from './act';
import { admitAct } from './admit';
import type { ActingOfficer, Actor, Authority, Country, Device, Genesis, Key, Officer } from './directory_model';
import { currentRing } from './directory_model';
import { countryOf } from './subject';

export * from './directory_model';

export class Directory implements KeyDirectory {
  genesis: Genesis | null = null;
  readonly countries = new Map<string, Country>();
  readonly authorities = new Map<string, Authority>();
  readonly officers = new Map<string, Officer>();
  readonly devices = new Map<KeyId, Device>();
  readonly keys = new Map<KeyId, Key>();
  /** In force, newest last. */
  readonly rulebooks: string[] = [];
  /** `authority#generation#device`: rings that were given to a device after they were made. */
  readonly grants = new Set<string>();
  /** Subject, officer@authority or key -> the act that made it. */
  readonly origins = new Map<string, string>();

  copy(): Directory {
    const out = new Directory();
    out.genesis = this.genesis;
    for (const name of ['countries', 'authorities', 'officers', 'devices', 'keys', 'origins'] as const)
      for (const [key, value] of this[name]) (out[name] as Map<string, unknown>).set(key, value);
    out.rulebooks.push(...this.rulebooks);
    for (const grant of this.grants) out.grants.add(grant);
    return out;
  }

  signingKey(kid: KeyId): Jwk | null {
    const key = this.keys.get(kid);
    return key === undefined || key.use === 'seal' ? null : key.jwk;
  }
  isActiveKey(kid: KeyId): boolean {
    return this.keys.get(kid)?.revoked === null;
  }
  /** The authority, if it and its country are active. */
  activeAuthority(name: string): Authority | null {
    const authority = this.authorities.get(name);
    return authority?.status === 'active' && this.countries.get(countryOf(name))?.status === 'active' ? authority : null;
  }

  /** Admits the act that stands at `index`, at `now` seconds, or throws and changes nothing. Rules: dir.*, ring.*, act.*. */
  admit(act: VerifiedAct, index: number, now: number): void {
    admitAct(this, act, index, now);
  }

  isMember(authority: string, device: KeyId, now: number): boolean {
    const found = this.devices.get(device);
    if (found === undefined || !this.isActiveKey(device)) return false;
    const officer = this.officers.get(found.officer);
    const until = officer?.assignments.get(authority)?.until;
    return officer?.status === 'active' && until !== undefined && until > now;
  }
  /** Whether the current ring of `authority` was sealed to `device`, when it was made or later. */
  holdsRing(authority: string, device: KeyId): boolean {
    const ring = currentRing(this.authorities.get(authority));
    if (ring === null) return false;
    return (this.keys.get(device)?.from ?? Infinity) < ring.index || this.grants.has(`${authority}#${ring.generation}#${device}`);
  }
  /** Devices that must be able to open the ring of `authority` now. */
  members(authority: string, now: number): readonly Device[] {
    return [...this.devices.values()].filter((device) => this.isMember(authority, device.sign, now));
  }

  /** Whether the signers may act for `act.for` at this moment. Rules: act.authority.wrong, act.device.*, act.officer.*, act.by. */
  authorise(act: VerifiedAct, now: number): Actor {
    const what = act.act;
    const refuse = (rule: string, words: string): Fault => new Fault('refused', rule, words);
    const authority = this.activeAuthority(what.for);
    if (authority === null) throw refuse('act.authority.wrong', `${what.for} is not an active authority of an active country`);
    const officers: ActingOfficer[] = [];
    for (const signer of act.signers) {
      const device = this.devices.get(signer);
      const key = this.keys.get(signer);
      if (device === undefined || key === undefined) throw refuse('act.device.unknown', `key ${signer} is not an enrolled device`);
      if (key.revoked !== null) throw refuse('act.device.revoked', `device ${signer} has been revoked`);
      const officer = this.officers.get(device.officer);
      if (officer?.status !== 'active') throw refuse('act.officer.closed', `the officer ${device.officer} has been revoked`);
      const assignment = officer.assignments.get(what.for);
      if (assignment === undefined) throw refuse('act.authority.wrong', `${device.officer} does not act for ${what.for}`);
      if (assignment.until <= now) throw refuse('act.officer.expired', `${device.officer}: the assignment has ended; ask an administrator to renew it`);
      if (signer === what.device && device.officer !== what.by) throw refuse('act.by', 'the device named in `dv` belongs to another officer than `by`');
      const acting = { officer: device.officer, roles: assignment.roles, aal: device.aal };
      if (signer === what.device) officers.unshift(acting);
      else officers.push(acting);
    }
    return { authority: what.for, kind: authority.kind, officers };
  }

  /** Ids of the acts that a reader must check to believe that `device` speaks for `authority`; empty when unknown. */
  chain(device: KeyId, authority: string): readonly string[] {
    const found = this.devices.get(device);
    if (found === undefined) return [];
    const names = ['org', countryOf(authority), authority, `${found.officer}@${authority}`, device];
    const acts = names.map((name) => this.origins.get(name));
    return acts.every((id) => id !== undefined) ? (acts as string[]) : [];
  }

  addKey(jwk: Jwk, use: Key['use'], holder: string, index: number, now: number): void {
    this.keys.set(kidOf(jwk), { jwk, use, holder, from: index, revoked: null, since: now, revokedAt: null });
  }
  revokeKey(kid: KeyId, index: number, now: number): void {
    const key = this.keys.get(kid);
    if (key !== undefined && key.revoked === null) this.keys.set(kid, { ...key, revoked: index, revokedAt: now });
  }
}

