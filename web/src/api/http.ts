// One HTTP exchange with the hub: sessions by DPoP, retries of what is safe to repeat, problem details as Faults.

import { base64url } from '@/sealing/base64';
import { randomBytes } from '@/sealing/bytes';
import type { FaultKind } from '@/sealing/fault';
import { Fault } from '@/sealing/fault';
import { dpopProof } from '@/sealing/jws';
import type { KeyPair } from '@/sealing/keys';
import { sha256 } from '@/sealing/sha256';
import type { Door, SubmitAnswer } from '@/acts/door';

import type { Problem } from './generated';

export interface HttpSession {
  readonly token: string;
  readonly dpop: KeyPair;
  readonly expiresAt: number;
}
export interface Exchange {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly body?: BodyInit | null;
  readonly headers?: { readonly [name: string]: string };
  readonly session?: boolean;
  readonly signal?: AbortSignal;
  /** A proof made by the caller, instead of a session. */
  readonly proof?: KeyPair;
}

/** The hub's problem details, kept with the fault that they became. */
export class HubFault extends Fault {
  constructor(
    kind: FaultKind,
    rule: string,
    detail: string,
    readonly status: number,
    readonly problem: Problem | null,
    readonly body: unknown,
  ) {
    super(kind, rule, detail);
  }
}

const KINDS: { readonly [status: number]: FaultKind } = { 401: 'unauthenticated', 403: 'refused', 404: 'not_found', 409: 'conflict', 412: 'conflict', 413: 'too_large', 428: 'conflict', 429: 'unavailable', 502: 'unavailable', 503: 'unavailable', 504: 'unavailable' };
const NOT_AUTHENTIC = new Set(['act.signature', 'jose.signature', 'content.commitment']);

async function faultOf(response: Response): Promise<HubFault> {
  const body: unknown = await response.json().catch(() => null);
  const problem = typeof body === 'object' && body !== null && 'rule' in body && typeof body.rule === 'string' ? (body as Problem) : null;
  const rule = problem?.rule ?? 'http.status';
  const kind = NOT_AUTHENTIC.has(rule) ? 'not_authentic' : (KINDS[response.status] ?? (response.status >= 500 ? 'internal' : 'invalid'));
  return new HubFault(kind, rule, problem?.detail ?? problem?.title ?? `the hub answered with status ${response.status}`, response.status, problem, body);
}

export interface HttpOptions {
  readonly base: string;
  language(): string;
  now(): number;
  /** Told of each answer and each failure to get one: whether the hub can be reached, and its clock in seconds. */
  reached(online: boolean, hubTime: number | null): void;
  /** Told of each refusal, by its rule. */
  refused(rule: string): void;
  /** Opens a session when there is none, or when the hub knows it no longer. */
  renew(): Promise<HttpSession>;
}

const ATTEMPTS = 4;

export class Http implements Door {
  private session: HttpSession | null = null;
  private renewing: Promise<HttpSession> | null = null;
  /** The line was down when it was last tried: nobody waits for further attempts then. */
  private away = false;
  constructor(private readonly options: HttpOptions) {}

  use(session: HttpSession | null): void {
    this.session = session;
  }
  get hasSession(): boolean {
    return this.session !== null;
  }

  private async current(anew: boolean): Promise<HttpSession> {
    if (!anew && this.session !== null && this.session.expiresAt > this.options.now() + 60) return this.session;
    this.renewing ??= this.options.renew().finally(() => {
      this.renewing = null;
    });
    this.session = await this.renewing;
    return this.session;
  }

  private async headersOf(path: string, exchange: Exchange, anew: boolean): Promise<Headers> {
    const headers = new Headers({ 'Accept-Language': this.options.language(), ...exchange.headers });
    const target = this.options.base + (path.split('?')[0] ?? path);
    const claims = { htm: exchange.method ?? 'GET', htu: target, iat: Math.floor(this.options.now()), jti: base64url(randomBytes(16)) };
    if (exchange.proof !== undefined) headers.set('DPoP', await dpopProof(exchange.proof, claims));
    if (exchange.session === true) {
      const session = await this.current(anew);
      headers.set('Authorization', `DPoP ${session.token}`);
      headers.set('DPoP', await dpopProof(session.dpop, { ...claims, ath: base64url(sha256(session.token)) }));
    }
    return headers;
  }

  private async once(path: string, exchange: Exchange, anew: boolean): Promise<Response> {
    const headers = await this.headersOf(path, exchange, anew);
    let response: Response;
    try {
      response = await fetch(this.options.base + path, {
        method: exchange.method ?? 'GET', headers, body: exchange.body ?? null, cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', signal: exchange.signal ?? null,
      });
    } catch (error) {
      if (exchange.signal?.aborted === true) throw new Fault('unavailable', 'desk.aborted', 'given up');
      this.away = true;
      this.options.reached(false, null);
      throw new Fault('unavailable', 'desk.offline', `the hub cannot be reached (${error instanceof Error ? error.message : 'no answer'})`);
    }
    this.away = false;
    const date = Date.parse(response.headers.get('Date') ?? '');
    this.options.reached(true, Number.isNaN(date) ? null : date / 1000);
    return response;
  }

  private async faultOf(response: Response): Promise<HubFault> {
    const fault = await faultOf(response);
    if (fault.kind === 'refused') this.options.refused(fault.rule);
    return fault;
  }

  /** One exchange, repeated once with a new session where the hub knows the old one no longer. */
  async exchange(path: string, exchange: Exchange = {}): Promise<Response> {
    let response = await this.once(path, exchange, false);
    if (response.status === 401 && exchange.session === true) response = await this.once(path, exchange, true);
    return response;
  }

  /** Repeats what is safe to repeat while the hub is busy or away; then the answer, or what went wrong. */
  async safely(path: string, exchange: Exchange = {}): Promise<Response> {
    const attempts = this.away ? 1 : ATTEMPTS;
    for (let attempt = 1; ; ++attempt) {
      let failure: Fault;
      let wait = 200 * 2 ** attempt;
      try {
        const response = await this.exchange(path, exchange);
        if (response.ok) return response;
        failure = await this.faultOf(response);
        const after = Number(response.headers.get('Retry-After') ?? '0');
        if (after > 0) wait = Math.min(after, 10) * 1000;
      } catch (error) {
        if (!(error instanceof Fault) || error.rule !== 'desk.offline') throw error;
        failure = error;
      }
      if (failure.kind !== 'unavailable' || attempt >= attempts) throw failure;
      await this.pause(wait);
    }
  }
  /** One attempt, for what a person repeats by hand. */
  async attempt(path: string, exchange: Exchange): Promise<Response> {
    const response = await this.exchange(path, exchange);
    if (!response.ok) throw await this.faultOf(response);
    return response;
  }

  async json(path: string): Promise<unknown> {
    return (await this.safely(path, { session: true })).json();
  }
  async text(path: string): Promise<string> {
    return (await this.safely(path, { session: true })).text();
  }
  async publicJson(path: string): Promise<unknown> {
    return (await this.safely(path)).json();
  }
  async publicText(path: string): Promise<string> {
    return (await this.safely(path)).text();
  }
  async publicBytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.safely(path)).arrayBuffer());
  }
  /** JSON in, JSON out, or null where the hub answers with nothing. */
  async send(method: 'POST' | 'PUT' | 'DELETE', path: string, body: unknown, more: Omit<Exchange, 'method' | 'body'> = {}): Promise<unknown> {
    const headers = { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...more.headers };
    const response = await this.attempt(path, { ...more, method, body: body === undefined ? null : JSON.stringify(body), headers });
    return response.status === 204 ? null : response.json();
  }

  async submit(body: string, objects: readonly string[]): Promise<SubmitAnswer> {
    const response = await this.safely('/v1/acts', { method: 'POST', body: JSON.stringify({ act: body, objects }), headers: { 'Content-Type': 'application/json' } });
    return (await response.json()) as SubmitAnswer;
  }
  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }
}
