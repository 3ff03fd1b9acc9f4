// Acts of the directory that more administrators must sign than one: begun here or by a colleague, checked here, signed, sent
// or declined. The hub keeps them in between and is believed in nothing.

import { Fault } from '@/sealing/fault';
import type { KeyPair } from '@/sealing/keys';
import { addSignature, parseAct } from '@/proof/act';
import { timeText } from '@/proof/time';
import { checkWaiting } from '@/acts/waiting';

import type { Room } from './desk_room';
import type { WaitingActs } from './generated';
import type { ReasonToDecline, WaitingAct } from './types_people';
import type { Sent } from './types';

type Kept = WaitingActs['items'][number];

export class Waiting {
  constructor(private readonly room: Room) {}

  private key(): { key: KeyPair; authority: string } {
    const { identity, keys } = this.room.require();
    const key = keys.administrators[0];
    if (identity.authority === null || key === undefined) throw new Fault('refused', 'act.role.missing', 'this identity administers no authority');
    return { key, authority: identity.authority };
  }

  /** An act with the signatures that there are, for the next one to sign. */
  async leave(body: string): Promise<{ readonly waiting: string; readonly expiresAt: string }> {
    const left = (await this.room.http.send('POST', '/v1/waiting', { act: body }, { session: true })) as { waiting: string; expires_at: string };
    if (left.waiting !== parseAct(body).id) throw new Fault('not_authentic', 'waiting.act', 'the hub speaks of another act');
    return { waiting: left.waiting, expiresAt: left.expires_at };
  }

  private async kept(): Promise<readonly Kept[]> {
    const { authority } = this.key();
    return ((await this.room.http.json(`/v1/waiting?for=${encodeURIComponent(authority)}`)) as WaitingActs).items;
  }
  private async view(one: Kept): Promise<WaitingAct> {
    const { key, authority } = this.key();
    const { mirror } = this.room;
    const { act, verdict } = await checkWaiting(one.act, mirror.directory, mirror.size, authority, key.kid, this.room.now());
    const signers = act.signatures.map((line) => line.kid);
    const entry = mirror.entry(act.id);
    // That it was admitted is what our own copy of the ledger says.
    const state = entry !== null ? 'admitted' : one.state === 'admitted' ? 'waiting' : one.state;
    return {
      id: act.id, type: act.act.type, what: act.act.d, signers, first: act.act.device, mine: signers.includes(key.kid), state, index: entry?.index ?? null, rule: one.rule,
      declined: one.declined, verdict: state === 'waiting' ? verdict : { steps: [], good: state !== 'void' }, signedAt: timeText(act.act.at), expiresAt: one.expires_at,
    };
  }
  async list(): Promise<readonly WaitingAct[]> {
    await this.room.freshen();
    return Promise.all((await this.kept()).map((one) => this.view(one)));
  }

  /** Checks it once more, signs, and sends it; where still more must sign, leaves it again and gives null. */
  async countersign(id: string): Promise<Sent | null> {
    const { key, authority } = this.key();
    await this.room.freshen();
    const one = (await this.kept()).find((kept) => parseAct(kept.act).id === id);
    if (one === undefined) throw new Fault('not_found', 'api.not_found', 'no such act waits any more');
    if (one.state === 'declined') throw new Fault('conflict', 'waiting.declined', 'a colleague has declined it');
    const { mirror } = this.room;
    const { verdict, enough } = await checkWaiting(one.act, mirror.directory, mirror.size, authority, key.kid, this.room.now());
    const failed = verdict.steps.find((step) => step.finding === 'fails');
    if (failed !== undefined) throw new Fault('not_authentic', failed.rule ?? 'waiting.act', failed.detail);
    const body = await addSignature(one.act, key);
    if (!enough) {
      await this.leave(body);
      return null;
    }
    const sent = await this.room.outbox.send(body, []);
    await this.room.freshen();
    return sent;
  }
  async decline(id: string, why: ReasonToDecline): Promise<void> {
    await this.room.http.send('POST', `/v1/waiting/${id}/refusal`, { why }, { session: true });
  }
}
