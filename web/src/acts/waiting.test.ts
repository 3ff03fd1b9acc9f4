// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest';

import { emptyAct, NOW, officerName, World } from '../../tests/kit/world';
import { generateSigning } from '@/sealing/keys';
import type { Act } from '@/proof/act';
import { addSignature, signAct } from '@/proof/act';
import { timeText } from '@/proof/time';

import { checkWaiting } from './waiting';

const FR = 'au:fr:central';
let world: World;
beforeEach(async () => {
  world = new World();
  await world.begin();
  await world.country('fr');
  await world.authority(FR);
});
const first = () => world.administrators[0]!;
const second = () => world.administrators[1]!;
const magistrate = (change: Partial<Act> = {}): Act => ({ ...emptyAct(FR, FR, 'dir.officer', first(), { of: officerName('fr'), roles: ['magistrate'], until: timeText(NOW + 86_400) }), ...change });
const check = (body: string, mine = second().kid) => checkWaiting(body, world.directory, world.index, FR, mine, NOW);
const fault = async (body: string) => (await check(body)).verdict.steps.find((step) => step.finding === 'fails')?.rule ?? 'good';

describe('an act that a colleague has begun', () => {
  it('holds, and is enough with my signature', async () => {
    const found = await check(await signAct(magistrate(), [first()]));
    expect(found.verdict.good).toBe(true);
    expect(found.enough).toBe(true);
    expect(found.verdict.steps.map((step) => step.check)).toEqual(['format', 'signature', 'directory']);
  });
  it('changes nothing by being looked at', async () => {
    await check(await signAct(magistrate(), [first()]));
    expect(world.directory.officers.size).toBe(0);
  });
  it('is not enough with the signature that it has, given once more by the same person', async () => {
    const found = await check(await signAct(magistrate(), [first()]), first().kid);
    expect(found.verdict.good).toBe(true);
    expect(found.enough).toBe(false);
  });
  it('is noticed when its text is another than the one that was signed', async () => {
    const body = await signAct(magistrate(), [first()]);
    const other = await signAct(magistrate(), [first()]);
    expect(await fault(`${other.split('\n')[0]}\n${body.split('\n')[1]}\n`)).toBe('act.signature');
  });
  it('is not signed for a stranger, for a revoked administrator, nor where a stranger has signed along', async () => {
    const stranger = await generateSigning(false);
    expect(await fault(await signAct(magistrate({ device: stranger.kid }), [stranger]))).toBe('waiting.act');
    expect(await fault(await addSignature(await signAct(magistrate(), [first()]), stranger))).toBe('waiting.act');
    const body = await signAct(magistrate(), [first()]);
    await world.dir(FR, FR, 'dir.revoke', { kid: first().kid, why: 'lost', from: timeText(NOW) }, [second()]);
    expect(await fault(body)).toBe('waiting.act');
  });
  it('does not do more than change the directory of this authority', async () => {
    expect(await fault(await signAct(magistrate({ for: 'au:fr:second' }), [first()]))).toBe('waiting.act');
    expect(await fault(await signAct(magistrate({ type: 'message.open' }), [first()]))).toBe('waiting.act');
    expect(await fault(await signAct(magistrate({ to: ['au:ke:central'], sent: { 'au:ke:central': 1 } }), [first()]))).toBe('waiting.act');
  });
  it('is refused for what the hub would refuse it for', async () => {
    const d = { of: officerName('fr'), roles: ['magistrate'], until: timeText(NOW - 1) };
    expect(await fault(await signAct(magistrate({ d }), [first()]))).toBe('dir.until');
    const abroad = { of: officerName('ke'), roles: ['magistrate'], until: timeText(NOW + 86_400) };
    expect(await fault(await signAct(magistrate({ d: abroad }), [first()]))).toBe('dir.parent');
    const known = await world.officer(FR);
    const again = { of: known.officer, roles: ['magistrate'], until: timeText(NOW + 86_400) };
    expect(await fault(await signAct(magistrate({ d: again }), [first()]))).toBe('dir.superseded');
  });
});
