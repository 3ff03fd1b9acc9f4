// @vitest-environment node
import { beforeEach, expect, it } from 'vitest';

import { NOW, World } from '../../tests/kit/world';
import { timeText } from '@/proof/time';

import { endedMandates } from './mandates';

const FR = 'au:fr:central';
const DAY = 86_400;
let world: World;
let officer: Awaited<ReturnType<World['officer']>>;
beforeEach(async () => {
  world = new World();
  await world.begin();
  await world.country('fr');
  await world.authority(FR);
  officer = await world.officer(FR, ['officer']);
});
const ended = (acting: readonly string[], now: number) => endedMandates(world.directory, world.acts.map(({ verified, index }) => ({ index, time: NOW, act: verified })), officer.officer, acting, now);
const close = (subject: string, signers: World['roots'], by: string) => world.dir(by, by, 'dir.revoke', { subject, why: 'closed', from: timeText(NOW) }, signers);
const given = () => world.acts.findLast(({ verified }) => verified.act.type === 'dir.officer');

it('a mandate ends with its date, by the act that gave it', () => {
  const { until } = world.directory.officers.get(officer.officer)!.assignments.get(FR)!;
  const administrator = world.administrators[0]!.kid;
  expect(ended([], until + 1)).toEqual([{ authority: FR, roles: ['officer'], why: 'until', since: timeText(until), act: { index: given()!.index, time: timeText(NOW), by: FR, key: administrator } }]);
});
it('one that the hub honours has not ended, and one of nobody is none', () => {
  expect(ended([FR], NOW + 400 * DAY)).toEqual([]);
  expect(endedMandates(world.directory, [], 'of:fr:nobody', [], NOW)).toEqual([]);
});
it('a mandate ends with its authority and with its country, by the act that closed them', async () => {
  await close(FR, world.countryRoots, 'cc:fr');
  expect(ended([], NOW)).toMatchObject([{ why: 'authority', since: timeText(NOW), act: { index: world.index - 1, by: 'cc:fr' } }]);
  const other = new World();
  await other.begin();
  await other.country('fr');
  await other.authority(FR);
  [world, officer] = [other, await other.officer(FR, ['officer'])];
  await close('cc:fr', world.roots.slice(0, 2), 'org');
  expect(ended([], NOW)).toMatchObject([{ why: 'country', act: { index: world.index - 1, by: 'org' } }]);
});
it('where the directory gives no reason it says so, unless clocks may differ by that much', () => {
  const { until } = world.directory.officers.get(officer.officer)!.assignments.get(FR)!;
  expect(ended([], until - DAY)).toMatchObject([{ why: 'unexplained', since: timeText(until) }]);
  expect(ended([], until - 60)).toMatchObject([{ why: 'until' }]);
});
