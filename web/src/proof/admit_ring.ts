// ring.new and ring.grant: the generations of an authority's sealing key.

import { Fault } from '@/sealing/fault';
import { kidOf, readJwk } from '@/sealing/keys';

import type { Step } from './admit_step';
import { readDigest, reader, refuse, requireNew, requireThreshold } from './admit_step';
import { currentRing } from './directory_model';

export function admitRingNew(step: Step): void {
  const { directory, act, index, now } = step;
  const in_ = reader(step);
  const where = in_.string('au');
  const generation = in_.integer('g');
  const jwk = readJwk(in_.value('pub'));
  const wrap = readDigest(in_.string('wrap'), 'd.wrap');
  in_.nullableString('esc');
  const previous = in_.integer('prev');
  in_.finish();
  const authority = directory.activeAuthority(where);
  if (authority === null) throw refuse('dir.parent', `${where} is not an active authority`);
  if (act.act.for !== where) throw refuse('act.authority.wrong', `ring.new: must be \`for\` ${where}`);
  const expected = (currentRing(authority)?.generation ?? 0) + 1;
  if (generation !== expected || previous !== expected - 1) throw new Fault('conflict', 'ring.generation', `ring.new: the next generation of ${where} is ${expected}`);
  requireThreshold(step, authority.administrators, 1, 'the authority\'s administrators');
  requireNew(step, jwk);
  directory.addKey(jwk, 'seal', where, index, now);
  directory.origins.set(`${where}#${generation}`, act.id);
  const ring = { generation, index, wrap, jwk, kid: kidOf(jwk), since: now };
  directory.authorities.set(where, { ...authority, rings: [...authority.rings, ring] });
}

export function admitRingGrant(step: Step): void {
  const { directory, act, now } = step;
  const in_ = reader(step);
  const where = in_.string('au');
  const generation = in_.integer('g');
  const to = in_.string('dv');
  readDigest(in_.string('wrap'), 'd.wrap');
  in_.finish();
  const authority = directory.authorities.get(where);
  if (authority === undefined || !authority.rings.some((ring) => ring.generation === generation)) throw refuse('ring.unknown', `ring.grant: ${where} has no generation ${generation}`);
  if (act.act.for !== where) throw refuse('act.authority.wrong', `ring.grant: must be \`for\` ${where}`);
  const actor = directory.authorise(act, now);
  if (!actor.officers.some((officer) => officer.roles.includes('ring-admin'))) throw refuse('act.role.missing', 'ring.grant: needs the role ring-admin');
  if (!directory.isMember(where, to, now)) throw refuse('ring.member', `ring.grant: the device is not an active device of ${where}`);
  directory.grants.add(`${where}#${generation}#${to}`);
}
