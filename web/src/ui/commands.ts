import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Key } from '@/i18n/catalogue';

export type CommandGroup = 'desk' | 'go' | 'list' | 'request' | 'form';

type Definition = { title: Key; group: CommandGroup; keys: readonly string[] };

/**
 * Every command of the desk. Keys, palette and help are fed from here and from nowhere else. "mod" is Ctrl, or Command on
 * a Macintosh; "g i" is G and then I. What sends, signs, refuses or deletes has no key of its own, acknowledging apart.
 */
export const COMMANDS = {
  'palette': { title: 'command.palette', group: 'desk', keys: ['mod+k'] },
  'help': { title: 'command.help', group: 'desk', keys: ['?'] },
  'search': { title: 'command.search', group: 'desk', keys: ['/'] },
  'new': { title: 'command.new', group: 'desk', keys: ['n'] },
  'theme': { title: 'command.theme', group: 'desk', keys: [] },
  'duty': { title: 'command.duty', group: 'desk', keys: [] },
  'alarm.test': { title: 'command.alarm.test', group: 'desk', keys: [] },
  'alarm.silence': { title: 'command.alarm.silence', group: 'desk', keys: ['s'] },
  'lock': { title: 'command.lock', group: 'desk', keys: [] },
  'go.inbox': { title: 'command.go.inbox', group: 'go', keys: ['g i', 'alt+1'] },
  'go.requests': { title: 'command.go.requests', group: 'go', keys: ['g r', 'alt+2'] },
  'go.drafts': { title: 'command.go.drafts', group: 'go', keys: ['g f', 'alt+3'] },
  'go.directory': { title: 'command.go.directory', group: 'go', keys: ['g d', 'alt+4'] },
  'go.rulebook': { title: 'command.go.rulebook', group: 'go', keys: ['g b', 'alt+5'] },
  'go.administration': { title: 'command.go.administration', group: 'go', keys: ['g a', 'alt+6'] },
  'go.settings': { title: 'command.go.settings', group: 'go', keys: ['g p'] },
  'list.next': { title: 'command.list.next', group: 'list', keys: ['j'] },
  'list.previous': { title: 'command.list.previous', group: 'list', keys: ['k'] },
  'list.open': { title: 'command.list.open', group: 'list', keys: ['o'] },
  'list.views': { title: 'command.list.views', group: 'list', keys: ['v'] },
  'acknowledge': { title: 'command.acknowledge', group: 'request', keys: ['a'] },
  'request.hand-over': { title: 'command.request.handOver', group: 'request', keys: ['h'] },
  'request.answer': { title: 'command.request.answer', group: 'request', keys: ['r'] },
  'request.ask': { title: 'command.request.ask', group: 'request', keys: ['q'] },
  'request.proof': { title: 'command.request.proof', group: 'request', keys: ['p'] },
  'request.panes': { title: 'command.request.panes', group: 'request', keys: ['t'] },
  'request.exhibits': { title: 'command.request.exhibits', group: 'request', keys: ['e'] },
  'request.previous': { title: 'command.request.previous', group: 'request', keys: ['['] },
  'request.next': { title: 'command.request.next', group: 'request', keys: [']'] },
  'form.continue': { title: 'command.form.continue', group: 'form', keys: ['mod+enter'] },
} as const satisfies Record<string, Definition>;

export type CommandId = keyof typeof COMMANDS;

export function definitionOf(id: CommandId): Definition {
  return COMMANDS[id];
}

const running = new Map<CommandId, (() => void)[]>();
const listeners = new Set<() => void>();
let offered: readonly CommandId[] = [];

function changed(): void {
  offered = (Object.keys(COMMANDS) as CommandId[]).filter((id) => (running.get(id)?.length ?? 0) > 0);
  for (const listener of listeners) listener();
}

/** Does what `id` names as long as the caller is on the screen. The one that came last wins; `run` may change freely. */
export function useCommand(id: CommandId, run: (() => void) | null): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  const on = run !== null;
  useEffect(() => {
    if (!on) return;
    const call = () => latest.current?.();
    running.set(id, [...(running.get(id) ?? []), call]);
    changed();
    return () => {
      running.set(id, (running.get(id) ?? []).filter((other) => other !== call));
      changed();
    };
  }, [id, on]);
}

/** Whether something was there to do it. */
export function runCommand(id: CommandId): boolean {
  const run = running.get(id)?.at(-1);
  run?.();
  return run !== undefined;
}

/** What can be done on this screen now, in the order of the registry. */
export function useOffered(): readonly CommandId[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => offered,
  );
}
