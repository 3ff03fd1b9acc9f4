import { describe, expect, test } from 'vitest';
import type { DirectoryDevice, DirectoryOfficer, VerifiedDirectory } from '@/api/desk';
import { duties } from './upkeep';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const OWN = 'au:ke:ncb';
const device = (change: Partial<DirectoryDevice> = {}): DirectoryDevice => ({ kid: 'k', aal: 'soft', status: 'active', since: '', revokedAt: null, ringMember: true, document: true, ...change });
const officer = (change: Partial<DirectoryOfficer> = {}): DirectoryOfficer => ({ officer: 'of:ke:1', authority: OWN, roles: [], until: '2027-11-22T00:00:00Z', status: 'active', devices: [device()], ...change });
function directory(officers: DirectoryOfficer[], ring: boolean = true, ringStale = false): VerifiedDirectory {
  const own = { authority: OWN, country: 'ke', kind: 'ncb', name: {}, competence: [], details: {}, status: 'active' as const, ring: ring ? { generation: 1, kid: 'r', since: '' } : null, administrators: [], ringStale };
  return { authorities: [own], countries: [], officers, genesis: '', rulebook: '', size: 1, checkedAt: '' };
}

describe('what an administrator must look at', () => {
  test('is nothing when all is well', () => expect(duties(directory([officer()]), OWN, NOW)).toEqual([]));
  test('is a mandate that ends within two weeks', () => expect(duties(directory([officer({ until: '2026-12-01T00:00:00Z' })]), OWN, NOW)).toEqual([{ kind: 'ending', count: 1 }]));
  test('is not one that has ended', () => expect(duties(directory([officer({ until: '2026-11-01T00:00:00Z' })]), OWN, NOW)).toEqual([]));
  test('is an officer without a device that works', () => expect(duties(directory([officer({ devices: [device({ status: 'revoked' })] })]), OWN, NOW)).toEqual([{ kind: 'without-device', count: 1 }]));
  test('is a device that cannot read', () => expect(duties(directory([officer({ devices: [device({ ringMember: false })] })]), OWN, NOW)).toEqual([{ kind: 'without-ring', count: 1 }]));
  test('is a ring that somebody has left, and one that is not there', () => {
    expect(duties(directory([officer()], true, true), OWN, NOW)).toEqual([{ kind: 'ring-stale' }]);
    expect(duties(directory([officer({ devices: [device({ ringMember: false })] })], false), OWN, NOW)).toEqual([{ kind: 'no-ring' }]);
  });
  test('is nobody else’s', () => expect(duties(directory([officer({ authority: 'au:fr:ncb', devices: [] })]), OWN, NOW)).toEqual([]));
});
