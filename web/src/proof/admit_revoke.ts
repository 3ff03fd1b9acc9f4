// dir.revoke: a key, an officer, an authority or a country speaks no longer.

import type { Step } from './admit_step';
import { activeSigners, invalid, reader, refuse, requireThreshold } from './admit_step';
import type { Genesis, Officer } from './directory_model';
import { countryOf } from './subject';
import { readTime } from './time';

function signedByAdministratorOf(step: Step, officer: Officer): boolean {
  return [...officer.assignments.keys()].some((where) => {
    const authority = step.directory.authorities.get(where);
    return authority !== undefined && activeSigners(step, authority.administrators) > 0;
  });
}

function mayRevokeKey(step: Step, holder: string): boolean {
  const { directory, act } = step;
  const officer = directory.officers.get(holder);
  if (officer !== undefined) {
    if (signedByAdministratorOf(step, officer)) return true;
    const own = act.signers.map((kid) => directory.keys.get(kid));
    if (own.some((key) => key?.revoked === null && key.use === 'sign' && key.holder === holder)) return true;
  }
  const authority = directory.authorities.get(holder);
  return authority !== undefined && activeSigners(step, authority.administrators) > 0;
}

export function admitRevoke(step: Step, genesis: Genesis): void {
  const { directory, index, now } = step;
  const in_ = reader(step);
  const kid = in_.optionalString('kid');
  const target = in_.optionalString('subject');
  in_.string('why');
  const from = in_.string('from');
  in_.finish();
  readTime(from, 'd.from');
  if ((kid === null) === (target === null)) throw invalid('dir.revoke.target', 'dir.revoke: names either a kid or a subject');
  const refused = refuse('dir.signers', 'dir.revoke: needs the officer, an administrator of the authority, or a root above it');
  const byOrganisation = activeSigners(step, genesis.roots) > 0;
  const byCountry = (name: string): boolean => {
    const country = directory.countries.get(name);
    return country !== undefined && activeSigners(step, country.roots) > 0;
  };

  if (kid !== null) {
    const key = directory.keys.get(kid);
    if (key === undefined) throw refuse('dir.unknown', `dir.revoke: there is no key ${kid}`);
    if (key.revoked !== null) throw refuse('dir.duplicate', 'dir.revoke: the key is revoked already');
    if (!byOrganisation && !byCountry(countryOf(key.holder)) && !mayRevokeKey(step, key.holder)) throw refused;
    directory.revokeKey(kid, index, now);
    // A device is one thing: its two keys go together.
    for (const device of directory.devices.values()) {
      if (device.sign === kid) directory.revokeKey(device.seal, index, now);
      if (device.seal === kid) directory.revokeKey(device.sign, index, now);
    }
    return;
  }

  const name = target ?? '';
  const officer = directory.officers.get(name);
  if (officer !== undefined) {
    if (!byOrganisation && !byCountry(countryOf(name)) && !signedByAdministratorOf(step, officer)) throw refused;
    directory.officers.set(name, { ...officer, status: 'closed' });
    for (const device of directory.devices.values()) {
      if (device.officer !== name) continue;
      directory.revokeKey(device.sign, index, now);
      directory.revokeKey(device.seal, index, now);
    }
    return;
  }
  const authority = directory.authorities.get(name);
  if (authority !== undefined) {
    if (!byOrganisation && !byCountry(countryOf(name))) throw refused;
    directory.authorities.set(name, { ...authority, status: 'closed' });
    return;
  }
  const country = directory.countries.get(name);
  if (country === undefined) throw refuse('dir.unknown', `dir.revoke: there is no subject ${name}`);
  requireThreshold(step, genesis.roots, genesis.threshold, 'the organisation\'s roots');
  directory.countries.set(name, { ...country, status: 'closed' });
}
