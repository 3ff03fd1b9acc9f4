// The judgement of directory acts. Each reader looks at everything before the first thing changes.

import { fromBase64 } from '@/sealing/base64';
import { Fault } from '@/sealing/fault';
import type { Json } from '@/sealing/json';
import { ObjectReader } from '@/sealing/json';
import type { Jwk, KeyId } from '@/sealing/keys';
import { kidOf, readJwk } from '@/sealing/keys';

import type { VerifiedAct } from './act';
import type { Directory } from './directory';
import type { Assignment, Genesis } from './directory_model';
import type { Step } from './admit_step';
import { activeSigners, invalid, readDigest, reader, refuse, requireNew, requireThreshold } from './admit_step';
import { admitRingGrant, admitRingNew } from './admit_ring';
import { admitRevoke } from './admit_revoke';
import { needsTwoAdministrators } from './roles';
import { countryOf, subjectKind } from './subject';
import { readTime } from './time';

function readKeys(values: readonly Json[], atLeast: number, what: string): readonly Jwk[] {
  const keys = values.map((value) => readJwk(value));
  if (keys.length < atLeast || keys.length > 32) throw invalid('dir.keys', `${what}: must list ${atLeast} to 32 keys`);
  if (new Set(keys.map(kidOf)).size !== keys.length) throw invalid('dir.key.duplicate', `${what}: a key is listed twice`);
  return keys;
}

function requireFor(step: Step, subject: string): void {
  if (step.act.act.for !== subject) throw refuse('act.authority.wrong', `${step.act.act.type}: must be \`for\` ${subject}`);
}
function checkThreshold(threshold: number, keys: readonly Jwk[]): void {
  if (threshold < 1 || threshold > keys.length) throw invalid('dir.threshold', 'd.m: must be between 1 and the number of roots');
}

export function admitAct(directory: Directory, act: VerifiedAct, index: number, now: number): void {
  const step: Step = { directory, act, index, now };
  const { type, device, by } = act.act;
  if (type === 'dir.genesis') return admitGenesis(step);
  if (directory.genesis === null) throw refuse('dir.genesis.missing', `${type}: the first act of a ledger must be dir.genesis`);
  // `by` says who acts, `dv` with which key: nobody acts in the name of another.
  const speaking = directory.keys.get(device);
  if (speaking === undefined || speaking.holder !== by) throw refuse('act.by', `${type}: the key named in \`dv\` is not a key of ${by}`);
  if (speaking.revoked !== null) throw refuse('act.device.revoked', `${type}: the key named in \`dv\` has been revoked`);
  const genesis = directory.genesis;
  switch (type) {
    case 'dir.country': return admitCountry(step, genesis);
    case 'dir.authority': return admitAuthority(step);
    case 'dir.officer': return admitOfficer(step);
    case 'dir.device': return admitDevice(step);
    case 'dir.revoke': return admitRevoke(step, genesis);
    case 'dir.rulebook': return admitRulebook(step, genesis);
    case 'ring.new': return admitRingNew(step);
    case 'ring.grant': return admitRingGrant(step);
    default: throw invalid('act.type.unknown', `${type}: there is no such act`);
  }
}

function admitGenesis(step: Step): void {
  const { directory, act, index, now } = step;
  if (directory.genesis !== null) throw refuse('dir.duplicate', 'dir.genesis: the ledger has begun already');
  const in_ = reader(step);
  const roots = readKeys(in_.array('roots'), 1, 'd.roots');
  const threshold = in_.integer('m');
  const log = in_.string('log');
  const witnesses = in_.string('witnesses');
  const rulebook = in_.string('rb');
  const demonstration = in_.has('demonstration') && in_.boolean('demonstration');
  in_.finish();
  readDigest(rulebook, 'd.rb');
  checkThreshold(threshold, roots);
  requireFor(step, 'org');
  if (act.act.by !== 'org') throw refuse('act.by', 'dir.genesis: must be `by` org');
  const kids = roots.map(kidOf);
  if (kids.filter((kid) => act.signers.includes(kid)).length < threshold) throw refuse('dir.signers', `dir.genesis: needs ${threshold} of its roots`);
  for (const root of roots) directory.addKey(root, 'root', 'org', index, now);
  directory.rulebooks.push(rulebook);
  directory.origins.set('org', act.id);
  directory.genesis = { id: act.id, roots: kids, threshold, log, witnesses, demonstration };
}

function admitCountry(step: Step, genesis: Genesis): void {
  const { directory, act, index, now } = step;
  const in_ = reader(step);
  const country = `cc:${in_.string('cc')}`;
  const roots = readKeys(in_.array('roots'), 1, 'd.roots');
  const threshold = in_.integer('m');
  const pki = in_.strings('pki').map((der) => fromBase64(der, 'd.pki'));
  in_.finish();
  if (subjectKind(country) !== 'country') throw invalid('act.subject', 'd.cc: must be an ISO 3166 code like fr');
  if (directory.countries.has(country)) throw refuse('dir.duplicate', `${country} is enrolled already`);
  checkThreshold(threshold, roots);
  requireFor(step, 'org');
  requireThreshold(step, genesis.roots, genesis.threshold, 'the organisation\'s roots');
  const kids = roots.map(kidOf);
  if (kids.filter((kid) => act.signers.includes(kid)).length < threshold) throw refuse('dir.possession', `dir.country: the new roots must sign too, ${threshold} of them`);
  for (const root of roots) requireNew(step, root);
  for (const root of roots) directory.addKey(root, 'root', country, index, now);
  directory.origins.set(country, act.id);
  directory.countries.set(country, { country, roots: kids, threshold, pki, status: 'active', since: now });
}

function admitAuthority(step: Step): void {
  const { directory, act, index, now } = step;
  const in_ = reader(step);
  const authority = in_.string('au');
  const kind = in_.string('kind');
  const competence = in_.strings('competence');
  const nameValue = in_.value('name');
  const name = typeof nameValue === 'object' && !Array.isArray(nameValue) && nameValue !== null ? nameValue : {};
  const administrators = readKeys(in_.array('ops'), 2, 'd.ops');
  in_.finish();
  if (subjectKind(authority) !== 'authority') throw invalid('act.subject', 'd.au: must be like au:fr:central-authority');
  if (directory.authorities.has(authority)) throw refuse('dir.duplicate', `${authority} is enrolled already`);
  const parent = countryOf(authority);
  const country = directory.countries.get(parent);
  if (country?.status !== 'active') throw refuse('dir.parent', `${parent} is not enrolled or is suspended`);
  requireFor(step, parent);
  requireThreshold(step, country.roots, country.threshold, 'the country\'s roots');
  for (const key of administrators) requireNew(step, key);
  for (const key of administrators) directory.addKey(key, 'administrator', authority, index, now);
  directory.origins.set(authority, act.id);
  directory.authorities.set(authority, { authority, kind, competence, name, administrators: administrators.map(kidOf), rings: [], status: 'active' });
}

function admitOfficer(step: Step): void {
  const { directory, act, index, now } = step;
  const in_ = reader(step);
  const person = in_.string('of');
  const roles = in_.strings('roles');
  const untilText = in_.string('until');
  in_.finish();
  const until = readTime(untilText, 'd.until');
  const where = act.act.for;
  const system = subjectKind(person) === 'system';
  if (!system && subjectKind(person) !== 'officer') throw invalid('act.subject', 'd.of: must be like of:fr:<16 characters> or sy:fr:name');
  if (roles.length < 1 || roles.length > 16) throw invalid('dir.roles', 'd.roles: must name 1 to 16 roles');
  if (until <= now) throw refuse('dir.until', 'd.until: lies in the past');
  const authority = directory.activeAuthority(where);
  if (authority === null) throw refuse('dir.parent', `${where} is not an active authority`);
  if (countryOf(person) !== countryOf(where)) throw refuse('dir.parent', 'an officer and the authority must be of one country');
  if (system && roles.some(needsTwoAdministrators)) throw refuse('dir.system.role', 'd.roles: a system cannot have a role that asks for a person');
  requireThreshold(step, authority.administrators, roles.some(needsTwoAdministrators) ? 2 : 1, 'the authority\'s administrators');
  const known = directory.officers.get(person);
  if (known !== undefined && known.status !== 'active') throw refuse('act.officer.closed', 'the officer has been revoked; enrol a new pseudonym');
  // Signatures may take days to gather. What was decided meanwhile is not undone by an act that had not seen it.
  const inForce = known?.assignments.get(where);
  if (inForce !== undefined && inForce.index >= act.act.checkpoint.size)
    throw new Fault('conflict', 'dir.superseded', 'dir.officer: the assignment was changed after this act was signed; look at it and sign again');
  const assignment: Assignment = { roles, until, index };
  directory.officers.set(person, { officer: person, status: 'active', assignments: new Map([...(known?.assignments ?? []), [where, assignment]]) });
  directory.origins.set(`${person}@${where}`, act.id);
}

function admitDevice(step: Step): void {
  const { directory, act, index, now } = step;
  const in_ = reader(step);
  const officer = in_.string('of');
  const sign = readJwk(in_.value('sig'));
  const seal = readJwk(in_.value('seal'));
  const aal = in_.string('aal');
  in_.nullableString('att');
  const certificate = in_.nullableString('x5t');
  const document = in_.has('doc') ? readJwk(in_.value('doc')) : null;
  in_.finish();
  const [signKid, sealKid] = [kidOf(sign), kidOf(seal)];
  if (aal !== 'hw' && aal !== 'prf' && aal !== 'soft') throw invalid('dir.aal', 'd.aal: must be hw, prf or soft');
  const uses = [signKid, sealKid, ...(document === null ? [] : [kidOf(document)])];
  if (new Set(uses).size !== uses.length) throw invalid('dir.key.duplicate', 'a key has one use: sig, seal or doc');
  if (certificate !== null) readDigest(certificate, 'd.x5t');
  else if (subjectKind(officer) === 'system') throw invalid('dir.system.certificate', 'd.x5t: a system signs in with a certificate; give its thumbprint');
  const where = act.act.for;
  const authority = directory.activeAuthority(where);
  const person = directory.officers.get(officer);
  if (authority === null || person?.status !== 'active' || !person.assignments.has(where)) throw refuse('dir.parent', `the officer does not act for ${where}`);
  requireThreshold(step, authority.administrators, 1, 'the authority\'s administrators');
  if (!act.signers.includes(signKid)) throw refuse('dir.possession', 'dir.device: the device must sign too, with its new key');
  requireNew(step, sign);
  requireNew(step, seal);
  if (document !== null) requireNew(step, document);
  directory.addKey(sign, 'sign', officer, index, now);
  directory.addKey(seal, 'seal', officer, index, now);
  directory.origins.set(signKid, act.id);
  directory.devices.set(signKid, { sign: signKid, seal: sealKid, officer, aal, document });
}

function admitRulebook(step: Step, genesis: Genesis): void {
  const in_ = reader(step);
  const digest = readDigest(in_.string('rb'), 'd.rb');
  in_.finish();
  requireFor(step, 'org');
  requireThreshold(step, genesis.roots, genesis.threshold, 'the organisation\'s roots');
  if (step.directory.rulebooks.at(-1) === digest) throw refuse('dir.duplicate', 'dir.rulebook: this version is in force already');
  step.directory.rulebooks.push(digest);
}
