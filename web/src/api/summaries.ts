// The sealed summaries of many cases: fetched together, each checked and opened, kept for when the line is down.

import { Fault } from '@/sealing/fault';
import type { Fetched, Opening } from '@/acts/open';

import type { Room } from './desk_room';
import { inParallel } from './desk_room';
import type { Case } from './generated';
import type { Summary } from './types';

const KEPT = 2000;

/** What is no word about the act itself, but about the way to it. */
export const passes = (error: unknown): boolean => !(error instanceof Fault) || ['unavailable', 'unauthenticated', 'internal'].includes(error.kind);

interface Acts {
  fetchAll(ids: readonly string[]): Promise<ReadonlyMap<string, Fetched>>;
  opening(authority: string, id: string, wanted: 'sum', given: Fetched): Promise<Opening>;
}

export class Summaries {
  private readonly opened = new Map<string, Summary>();
  private readonly kept = new Map<string, number>();
  private readonly recalled = new Map<string, Promise<ReadonlyMap<string, string>>>();
  constructor(
    private readonly room: Room,
    private readonly acts: Acts,
  ) {}

  forget(): void {
    this.opened.clear();
    this.kept.clear();
    this.recalled.clear();
  }

  async open(authority: string, cases: readonly Case[]): Promise<{ [caseId: string]: Summary }> {
    await this.room.freshen();
    const closed = cases.flatMap(({ summary }) => (summary === null || this.opened.has(`${authority}/${summary.h}`) ? [] : [summary.act]));
    const fetched = await this.acts.fetchAll(closed).catch((error: unknown): Fault => {
      if (error instanceof Fault) return error;
      throw error;
    });
    const found = await inParallel(cases, 16, (one) => this.one(authority, one, fetched));
    await this.keep(authority);
    return Object.fromEntries(cases.map((one, i) => [one.case, found[i] as Summary]));
  }

  private async one(authority: string, of: Case, fetched: ReadonlyMap<string, Fetched> | Fault): Promise<Summary> {
    if (of.summary === null) return { state: 'none' };
    const { act, h } = of.summary;
    const known = this.opened.get(`${authority}/${h}`);
    if (known !== undefined) return known;
    try {
      if (fetched instanceof Fault) throw fetched;
      const given = fetched.get(act);
      if (given === undefined) throw new Fault('not_found', 'api.not_found', 'the act is not there, or not for this authority');
      const opening = (await this.acts.opening(authority, act, 'sum', given)).act;
      const summary: Summary = opening.summary !== null && opening.verdict.good
        ? { state: 'open', text: opening.summary, verdict: opening.verdict }
        : { state: 'closed', why: opening.unopened ?? 'not-valid', verdict: opening.verdict };
      if (summary.state === 'open') this.opened.set(`${authority}/${h}`, summary);
      return summary;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const text = error.kind === 'unavailable' ? (await this.recall(authority)).get(`${authority}/${h}`) : undefined;
      if (text !== undefined) return { state: 'open', text, verdict: { steps: [], good: true } };
      return { state: 'closed', why: error.kind === 'not_found' ? 'before-us' : passes(error) ? 'not-fetched' : 'not-valid', verdict: null };
    }
  }

  /** The subjects that were opened are kept, encrypted as all that was read is. */
  private async keep(authority: string): Promise<void> {
    const open = [...this.opened].flatMap(([place, one]): [string, string][] => (place.startsWith(`${authority}/`) && one.state === 'open' ? [[place, one.text]] : []));
    if (open.length === (this.kept.get(authority) ?? 0)) return;
    this.kept.set(authority, open.length);
    const all = new Map([...(await this.room.recall<[string, string][]>(`summaries/${authority}`) ?? []), ...open]);
    this.recalled.delete(authority);
    await this.room.keep(`summaries/${authority}`, [...all].slice(-KEPT));
  }
  private recall(authority: string): Promise<ReadonlyMap<string, string>> {
    const recalled = this.recalled.get(authority) ?? this.room.recall<[string, string][]>(`summaries/${authority}`).then((kept) => new Map(kept ?? []));
    this.recalled.set(authority, recalled);
    return recalled;
  }
}
