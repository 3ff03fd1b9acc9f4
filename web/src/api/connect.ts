// The facade over the worker: calls go there, callbacks and passkeys stay here.

import { base64url } from '@/sealing/base64';
import { utf8 } from '@/sealing/bytes';

import type { Desk, Unsubscribe } from './desk';
import { DeskError } from './error';
import { askPasskey, lockingPasskey, makePasskey } from './passkey';
import type { Call, Engine, FromWorker, Method, Told } from './protocol';
import type { SessionState } from './types';
import type { LiveEvent } from './types_people';

class Listeners<T> {
  private readonly all = new Set<(value: T) => void>();
  add(listener: (value: T) => void): Unsubscribe {
    this.all.add(listener);
    return () => this.all.delete(listener);
  }
  tell(value: T): void {
    for (const listener of this.all) listener(value);
  }
  get size(): number {
    return this.all.size;
  }
}

type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void };

/** Speaks the protocol over a port. */
function remoteOf(port: Pick<Worker, 'postMessage'>, waiting: Map<number, Waiting>): Engine {
  let next = 1;
  const call = (method: Method, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const message: Call = { call: next++, method, args };
      waiting.set(message.call, { resolve, reject });
      port.postMessage(message);
    });
  return new Proxy({} as Engine, { get: (_, method) => (...args: readonly unknown[]) => call(method as Method, args) });
}

export function createDesk(language = 'en'): Desk {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'entraide' });
  const waiting = new Map<number, Waiting>();
  const engine = remoteOf(worker, waiting);
  let session: SessionState = { state: 'none' };
  let connection = { online: true, skewSeconds: null as number | null };
  let token = 1;
  const listeners = {
    session: new Listeners<SessionState>(), alarms: new Listeners<Extract<Told, { told: 'alarms' }>['value']>(), outbox: new Listeners<Extract<Told, { told: 'outbox' }>['value']>(),
    connection: new Listeners<typeof connection>(), progress: new Map<number, (done: number, total: number) => void>(), events: new Map<string, Listeners<LiveEvent>>(),
  };

  const told = (message: Told): void => {
    switch (message.told) {
      case 'session':
        session = message.value;
        listeners.session.tell(session);
        if (session.state === 'open') for (const authority of listeners.events.keys()) void engine.listen(authority).catch(() => undefined);
        return;
      case 'connection':
        connection = message.value;
        return listeners.connection.tell(connection);
      case 'alarms': return listeners.alarms.tell(message.value);
      case 'outbox': return listeners.outbox.tell(message.value);
      case 'event': return listeners.events.get(message.authority)?.tell(message.value);
      case 'progress': return listeners.progress.get(message.token)?.(message.done, message.total);
    }
  };
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if ('told' in data) return told(data);
    const call = waiting.get(data.answer);
    waiting.delete(data.answer);
    if ('error' in data) call?.reject(new DeskError(data.error));
    else call?.resolve(data.value);
  };
  worker.onerror = (event) => {
    const error = new DeskError({ kind: 'internal', rule: 'internal', detail: `the desk's worker has stopped: ${event.message}` });
    for (const call of waiting.values()) call.reject(error);
    waiting.clear();
  };
  void engine.start(language).catch((error: unknown) => console.error(error));

  const withProgress = async <T>(progress: ((done: number, total: number) => void) | undefined, work: (token: number) => Promise<T>): Promise<T> => {
    const mine = token++;
    if (progress !== undefined) listeners.progress.set(mine, progress);
    try {
      return await work(mine);
    } finally {
      listeners.progress.delete(mine);
    }
  };

  const here = {
    speak: (given: string) => void engine.setLanguage(given),
    session: () => session,
    onSession(listener: (state: SessionState) => void) {
      listener(session);
      return listeners.session.add(listener);
    },
    async signIn(kid: string) {
      const step = await engine.beginSignIn(kid);
      let prf = null;
      let assertion = null;
      if (step.lockedBy.length > 0) ({ prf, assertion } = await askPasskey(step.nonce, step.lockedBy, step.prfInput));
      if (step.passkeys.length > 0 && (assertion === null || !step.passkeys.includes(assertion.id))) ({ assertion } = await askPasskey(step.nonce, step.passkeys, null));
      return engine.finishSignIn(kid, step.nonce, step.passkeys.length > 0 ? assertion : null, prf);
    },
    onAlarm(listener: Parameters<Desk['onAlarm']>[0]) {
      void engine.alarms().then(listener, () => undefined);
      return listeners.alarms.add(listener);
    },
    onOutbox(listener: Parameters<Desk['onOutbox']>[0]) {
      void engine.outbox().then(listener, () => undefined);
      return listeners.outbox.add(listener);
    },
    onConnection(listener: Parameters<Desk['onConnection']>[0]) {
      listener(connection);
      return listeners.connection.add(listener);
    },
    events(authority: string, listener: (event: LiveEvent) => void) {
      const all = listeners.events.get(authority) ?? new Listeners<LiveEvent>();
      listeners.events.set(authority, all);
      const remove = all.add(listener);
      if (session.state === 'open') void engine.listen(authority).catch(() => undefined);
      return () => {
        remove();
        if (all.size > 0) return;
        listeners.events.delete(authority);
        void engine.listenNoMore(authority).catch(() => undefined);
      };
    },
    openFile: (authority: string, act: string, fid: string, progress?: (done: number, total: number) => void) => withProgress(progress, (mine) => engine.openFileAs(mine, authority, act, fid)),
    attach: (file: File, note: string, progress?: (done: number, total: number) => void) => withProgress(progress, (mine) => engine.attachAs(mine, file, note)),
    async enrol(code: string, name: string) {
      const { kid, prfInput } = await engine.beginEnrolment(code, name);
      return engine.finishEnrolment(kid, await lockingPasskey(name, prfInput));
    },
    async addPasskey() {
      const { nonce, kid, known } = await engine.beginPasskey();
      const made = await makePasskey(utf8(nonce), `Entraide ${kid.slice(0, 8)}`, known, null);
      const response = made.response as AuthenticatorAttestationResponse;
      const text = (buffer: ArrayBuffer): string => base64url(new Uint8Array(buffer));
      return engine.finishPasskey(nonce, { id: text(made.rawId), authenticator_data: text(response.getAuthenticatorData()), client_data: text(response.clientDataJSON) });
    },
  };
  // What is not done here is done by the worker.
  return new Proxy(here as unknown as Desk, { get: (target, name) => (name === 'then' ? undefined : name in target ? target[name as keyof Desk] : engine[name as Method]) });
}
