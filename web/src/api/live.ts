// What happens, as it happens: one event stream for all tabs of a person. The tab that holds the lock reads the stream and
// tells the others; when it closes, the next one goes on from the last event.

import { Fault } from '@/sealing/fault';

import type { Http } from './http';
import type { LiveEvent } from './types_people';

interface Told {
  readonly last: number | null;
  readonly event: LiveEvent;
}

/** Takes a text/event-stream apart, whatever pieces it comes in. Rule: events.form. */
export class EventParser {
  private rest = '';
  private id = '';
  private name = '';
  private data = '';
  feed(text: string): { id: number | null; name: string; data: unknown }[] {
    const out: { id: number | null; name: string; data: unknown }[] = [];
    this.rest += text;
    if (this.rest.length > 1 << 20) throw new Fault('invalid', 'events.form', 'events: a line longer than 1 MiB');
    for (let end = this.rest.indexOf('\n'); end >= 0; end = this.rest.indexOf('\n')) {
      const line = this.rest.slice(0, end).replace(/\r$/, '');
      this.rest = this.rest.slice(end + 1);
      if (line === '') {
        if (this.data !== '') out.push({ id: /^[0-9]+$/.test(this.id) ? Number(this.id) : null, name: this.name, data: JSON.parse(this.data) });
        this.id = this.name = this.data = '';
        continue;
      }
      const [field = '', value = ''] = [line.split(':')[0], line.slice(line.indexOf(':') + 1).replace(/^ /, '')];
      if (field === 'id') this.id = value;
      else if (field === 'event') this.name = value;
      else if (field === 'data') this.data += (this.data === '' ? '' : '\n') + value;
    }
    return out;
  }
}

/** What the hub tells of. `again` is our own. */
const TOLD = ['act', 'note', 'presence', 'duty', 'draft', 'waiting', 'enrolment'];
/** A line that opens later in the life of a desk than this is not its first. */
const FIRST = 5000;
/** After this long without a byte the line is taken for dead; the hub sends a heartbeat every 15 seconds. */
const SILENCE = 40_000;

export class Live {
  private readonly stop = new AbortController();
  private readonly channel: BroadcastChannel;
  private readonly began = Date.now();
  private last: number;
  private woken: () => void = () => undefined;

  constructor(
    private readonly http: Http,
    private readonly authority: string,
    private readonly place: string,
    after: number,
    /** `leading`: this tab reads the stream; what is done once for all tabs is done here. */
    private readonly take: (event: LiveEvent, leading: boolean) => void,
  ) {
    this.last = after;
    this.channel = new BroadcastChannel(place);
    this.channel.onmessage = (message: MessageEvent<Told>) => this.told(message.data, false);
    void this.lead();
  }
  close(): void {
    this.stop.abort();
    this.woken();
    this.channel.close();
  }

  /** The line is back: what waits to try again need not wait any longer. */
  wake(): void {
    this.woken();
  }
  private pause(milliseconds: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, milliseconds);
      this.woken = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  private tellAll(told: Told): void {
    this.channel.postMessage(told);
    this.told(told, true);
  }
  private told({ last, event }: Told, leading: boolean): void {
    if (last !== null) {
      if (last <= this.last) return;
      this.last = last;
    }
    this.take(event, leading);
  }
  private async lead(): Promise<void> {
    const { signal } = this.stop;
    try {
      await navigator.locks.request(this.place, { signal }, async () => {
        for (let failures = 0; !signal.aborted; ) {
          const began = Date.now();
          await this.follow().catch(() => undefined);
          failures = Date.now() - began > 10_000 ? 0 : failures + 1;
          if (!signal.aborted) await this.pause(Math.min(250 * 2 ** failures, 15_000));
        }
      });
    } catch {
      // Given up while waiting for the lock: closed.
    }
  }
  private async follow(): Promise<void> {
    const abort = new AbortController();
    const give = (): void => abort.abort();
    this.stop.signal.addEventListener('abort', give, { once: true });
    let silence = setTimeout(give, SILENCE);
    try {
      const path = `/v1/events?authority=${encodeURIComponent(this.authority)}`;
      const response = await this.http.attempt(path, { session: true, headers: { Accept: 'text/event-stream', 'Last-Event-ID': String(this.last) }, signal: abort.signal });
      const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(new TextDecoderStream()).getReader();
      const parser = new EventParser();
      if (Date.now() - this.began > FIRST) this.tellAll({ last: null, event: { name: 'again' } });
      for (;;) {
        const next = await reader.read();
        if (next.done) return;
        clearTimeout(silence);
        silence = setTimeout(give, SILENCE);
        for (const { id, name, data } of parser.feed(next.value)) {
          if (TOLD.includes(name)) this.tellAll({ last: id, event: { name, data } as LiveEvent });
        }
      }
    } finally {
      clearTimeout(silence);
      this.stop.signal.removeEventListener('abort', give);
    }
  }
}
