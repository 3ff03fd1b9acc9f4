// An act leaves once and only once. It is written down with its sealed objects before it is sent, and struck out only when
// its receipt has been checked, or when the hub has refused it. A tab that dies in between, or a network that does,
// leaves it here, and the next attempt sends the very same bytes: the hub knows them by their digest.

import { Fault, wordsOf } from '@/sealing/fault';
import type { SignedAct } from '@/proof/act';
import { parseAct } from '@/proof/act';
import { readTime, timeText } from '@/proof/time';
import { Verdicts } from '@/proof/verdict';

import type { Author, Said } from './compose';
import { composeAndSign } from './compose';
import type { Door } from './door';
import type { Mirror } from './mirror';
import type { OutboxItem, Sent } from './model';

/** As it is written down. */
export interface Waiting {
  readonly id: string;
  readonly body: string;
  readonly objects: readonly string[];
  readonly signedAt: number;
  readonly attempts: number;
  readonly state: OutboxItem['state'];
  readonly rule: string | null;
  readonly title: string | null;
}
export interface OutboxStore {
  list(): Promise<readonly Waiting[]>;
  put(item: Waiting): Promise<void>;
  remove(id: string): Promise<void>;
  /** One of all tabs at a time. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** After this a person must say again that it goes. */
const CONFIRM_AFTER_SECONDS = 15 * 60;

const mayHaveArrived = (error: Fault): boolean => error.kind === 'unavailable' || error.kind === 'internal' || error.rule === 'http.status';

const viewOf = (item: Waiting, now: number): OutboxItem => {
  const { act } = parseAct(item.body);
  const state = item.state === 'waiting' && now - item.signedAt > CONFIRM_AFTER_SECONDS ? 'confirm' : item.state;
  return { id: item.id, type: act.type, case: act.case, to: act.to, signedAt: timeText(item.signedAt), state, attempts: item.attempts, rule: item.rule, title: item.title };
};

export class Outbox {
  constructor(
    private readonly store: OutboxStore,
    private readonly door: Door,
    private readonly mirror: Mirror,
    private readonly now: () => number,
    private readonly changed: () => void,
  ) {}

  async items(): Promise<readonly OutboxItem[]> {
    const waiting = await this.store.list();
    return waiting.map((item) => viewOf(item, this.now())).sort((a, b) => (a.signedAt < b.signedAt ? -1 : 1));
  }
  async drop(id: string): Promise<void> {
    await this.store.remove(id);
    this.changed();
  }

  /** Composes, signs, writes down, sends, checks the receipt. Signing happens here so that counters have no gap between tabs. */
  async sign(author: Author, said: Said, objects: readonly string[]): Promise<Sent> {
    return this.store.alone(async () => {
      const body = await composeAndSign(this.mirror, author, said, this.now(), await this.underWay());
      return this.deliver(await this.write(body, objects), false);
    });
  }
  /** Sends a body that is signed already. */
  async send(body: string, objects: readonly string[]): Promise<Sent> {
    return this.store.alone(async () => this.deliver(await this.write(body, objects), false));
  }
  private async underWay() {
    return (await this.store.list()).filter((item) => item.state !== 'refused').map((item) => parseAct(item.body).act);
  }

  /**
   * Sends what waits, in the order of signing; what has waited too long only when it is named. `resign` makes anew what
   * the hub never took and finds too old.
   */
  async sendWaiting(confirmed: ReadonlySet<string>, resign: ((act: SignedAct) => Author | null) | null): Promise<void> {
    await this.store.alone(async () => {
      const waiting = [...(await this.store.list())].sort((a, b) => a.signedAt - b.signedAt);
      for (const item of waiting) {
        const { state } = viewOf(item, this.now());
        if (state === 'refused' || (state === 'confirm' && !confirmed.has(item.id))) continue;
        try {
          await this.deliver(item, true);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          if (error.kind === 'unavailable') return; // the line is down: the others would fare no better
          const author = error.rule === 'act.time.window' || error.rule.startsWith('act.st.') ? (resign?.(parseAct(item.body)) ?? null) : null;
          if (author !== null) await this.again(item, author);
        }
      }
    });
  }
  // The hub has just said that it never took the old one and would not now. Its content goes again under a new signature.
  private async again(item: Waiting, author: Author): Promise<void> {
    const { act } = parseAct(item.body);
    const said: Said = { type: act.type, to: act.to, case: act.case, previous: act.previous, objects: act.objects, d: act.d };
    await this.store.remove(item.id);
    const body = await composeAndSign(this.mirror, author, said, this.now(), await this.underWay());
    await this.deliver(await this.write(body, item.objects), true).catch(() => undefined); // its state is written down
  }

  private async write(body: string, objects: readonly string[]): Promise<Waiting> {
    const { id, act } = parseAct(body);
    const item: Waiting = { id, body, objects, signedAt: act.at, attempts: 0, state: 'sending', rule: null, title: null };
    await this.store.put(item);
    this.changed();
    return item;
  }

  /** `keep`: what is refused stays in sight, because nobody waits for the answer. */
  private async deliver(item: Waiting, keep: boolean): Promise<Sent> {
    const signed = parseAct(item.body);
    if (item.state !== 'sending') {
      await this.store.put({ ...item, state: 'sending' });
      this.changed();
    }
    try {
      const answer = await this.door.submit(item.body, item.objects);
      const sent = await this.check(signed, answer);
      await this.mirror.noteSent(signed.act);
      await this.store.remove(item.id);
      this.changed();
      return sent;
    } catch (error) {
      const fault = error instanceof Fault ? error : new Fault('internal', 'internal', wordsOf(error));
      if (mayHaveArrived(fault)) await this.store.put({ ...item, attempts: item.attempts + 1, state: 'waiting', rule: null, title: null });
      else if (keep || fault.kind === 'not_authentic') await this.store.put({ ...item, attempts: item.attempts + 1, state: 'refused', rule: fault.rule, title: fault.message });
      else await this.store.remove(item.id);
      this.changed();
      throw fault;
    }
  }

  private async check(signed: SignedAct, answer: { id: string; index: number; time: string; receipt: string; case: string | null; reference: string | null }): Promise<Sent> {
    const wrong = (words: string): Fault => new Fault('not_authentic', 'outbox.receipt', `the hub's receipt does not hold: ${words}; do not count the act as sent`);
    if (answer.id !== signed.id) throw wrong('it is for another act');
    const verdict = new Verdicts();
    let checked;
    try {
      checked = await this.mirror.checkReceipt(this.door, signed, answer.receipt);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // What could not be checked is not what does not hold.
      if (error.kind === 'unavailable' || error.kind === 'unauthenticated' || error.rule.startsWith('mirror.')) throw error;
      throw wrong(error.message);
    }
    const { receipt } = checked;
    if (receipt.index !== answer.index || receipt.seconds !== readTime(answer.time)) throw wrong('its index or time is not what the hub said');
    const time = timeText(receipt.seconds);
    verdict.holds('receipt', `it stands in the ledger at index ${receipt.index}, admitted ${time}, in the one tree that this browser has verified`, { index: receipt.index, time, size: receipt.checkpoint.size });
    return { id: signed.id, index: receipt.index, time, case: answer.case, reference: answer.reference, verdict: verdict.done(), receipt: answer.receipt, witnessed: checked.witnessed };
  }
}
