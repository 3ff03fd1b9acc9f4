// The one worker of a tab: takes calls, gives answers, tells what happens.

import { Fault } from '@/sealing/fault';
import { RulebookError } from '@/forms';

import { makeEngine } from './engine';
import type { ErrorParts } from './error';
import { HubFault } from './http';
import type { Call, Engine, FromWorker } from './protocol';

const scope = self as unknown as { postMessage(message: FromWorker): void; onmessage: ((event: MessageEvent<Call>) => void) | null; location: { origin: string } };

function partsOf(error: unknown): ErrorParts {
  if (error instanceof HubFault) {
    const { problem } = error;
    const faults = (problem?.errors ?? []).map((one) => ({ pointer: one.pointer, code: one.code, params: (one.params ?? {}) as { [name: string]: unknown } }));
    return {
      kind: error.kind, rule: error.rule, detail: error.message, title: problem?.title ?? null, source: problem?.source ?? null, status: error.status,
      traceId: problem?.trace_id ?? null, retryAfter: problem?.retry_after ?? null, faults,
    };
  }
  if (error instanceof Fault) return { kind: error.kind, rule: error.rule, detail: error.message };
  if (error instanceof RulebookError) return { kind: 'not_authentic', rule: error.rule, detail: error.message };
  return { kind: 'internal', rule: 'internal', detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}

const engine: Promise<Engine> = makeEngine(scope.location.origin, (told) => scope.postMessage(told));
let started: Promise<unknown> = Promise.resolve();

scope.onmessage = ({ data }) => {
  const run = async (): Promise<unknown> => {
    const methods = await engine;
    if (data.method !== 'start') await started; // nothing before the kept state has been read and checked
    return (methods[data.method] as (...args: readonly unknown[]) => Promise<unknown>)(...data.args);
  };
  const done = run();
  if (data.method === 'start') started = done.catch(() => undefined);
  done.then(
    (value) => scope.postMessage({ answer: data.call, value }),
    (error: unknown) => scope.postMessage({ answer: data.call, error: partsOf(error) }),
  );
};
