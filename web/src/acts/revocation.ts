// The act that shut this device out, as the hub shows it to a device that reads no feed any more: checked by what this
// browser verified before.

import { Fault } from '@/sealing/fault';
import type { KeyId } from '@/sealing/keys';
import { parseAct, verifyAct } from '@/proof/act';
import { verifyReceipt } from '@/proof/receipt';
import { timeText } from '@/proof/time';

import type { Mirror } from './mirror';
import type { Revocation } from './model';

const other = (): Fault => new Fault('not_authentic', 'act.device.revoked', 'the act that the hub shows revokes something else');

/** Throws where it does not hold. `officer` is whom the device `kid` belongs to. */
export async function readRevocation(mirror: Mirror, kid: KeyId, officer: string, body: string, receipt: string): Promise<Revocation> {
  const signed = parseAct(body);
  const { act } = signed;
  const { kid: key, subject, why } = act.d;
  const device = mirror.directory.devices.get(kid);
  const mine = key === kid || (device !== undefined && key === device.seal);
  if (act.type !== 'dir.revoke' || (!mine && subject !== officer)) throw other();
  const verdict = await verifyReceipt(signed.bodyDigest, 'dir', receipt, mirror.policy());
  const { index, seconds } = verdict.receipt;
  const verified = await verifyAct(signed, mirror.directory);
  if (mirror.entry(signed.id) === null) mirror.directory.copy().admit(verified, Math.max(index, mirror.size), seconds);
  return { what: mine ? 'device' : 'officer', by: act.by, key: act.device, at: timeText(seconds), why: typeof why === 'string' ? why : null, index, checked: true };
}
