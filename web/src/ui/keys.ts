import { COMMANDS, runCommand, type CommandId } from './commands';

const PAUSE = 1200;
const TYPING = 'input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable=true], [role=spinbutton], [role=combobox], [role=searchbox]';
const BY_CODE: Record<string, string> = { Slash: '/', BracketLeft: '[', BracketRight: ']' };

export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/**
 * The name of a key, the same on every keyboard: the letter it writes if that is a Latin one, else the letter that its
 * place has on a Latin keyboard. So A is A on AZERTY, and on an Arabic or Russian one.
 */
export function keyName(press: KeyPress): string {
  const { key, code } = press;
  let name: string;
  if (/^[a-z]$/i.test(key)) name = key.toLowerCase();
  else if (key === '?' || key === '؟' || (code === 'Slash' && press.shiftKey)) name = '?';
  else if (key === '/' || key === '[' || key === ']') name = key;
  else if (/^Key[A-Z]$/.test(code)) name = code.slice(3).toLowerCase();
  else if (/^Digit\d$/.test(code)) name = code.slice(5);
  else name = BY_CODE[code] ?? key.toLowerCase();
  if (press.ctrlKey || press.metaKey) return `mod+${name}`;
  return press.altKey ? `alt+${name}` : name;
}

/** Which command a press is for, given the key pressed just before it. */
export function commandFor(press: KeyPress, before: string | null): { command: CommandId | null; pending: string | null } {
  const name = keyName(press);
  const sequence = before === null ? null : `${before} ${name}`;
  let starts = false;
  let single: CommandId | null = null;
  for (const [id, { keys }] of Object.entries(COMMANDS) as [CommandId, { keys: readonly string[] }][]) {
    for (const key of keys) {
      if (key === sequence) return { command: id, pending: null };
      if (key === name) single = id;
      if (key.startsWith(`${name} `)) starts = true;
    }
  }
  return { command: single, pending: starts && single === null ? name : null };
}

/** Listens for the whole window. Keys alone are silent while a person types, in dialogs, and where `singleKeys` says no. */
export function listenForKeys(singleKeys: () => boolean): () => void {
  let before: { name: string; at: number } | null = null;
  const heard = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    const { command, pending } = commandFor(event, before && event.timeStamp - before.at < PAUSE ? before.name : null);
    before = null;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (plain && (!singleKeys() || isTyping(event.target) || document.querySelector('[role=dialog],[role=alertdialog],[role=menu],[role=listbox]'))) return;
    if (pending !== null) before = { name: pending, at: event.timeStamp };
    if (command !== null && runCommand(command)) event.preventDefault();
  };
  window.addEventListener('keydown', heard);
  return () => window.removeEventListener('keydown', heard);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches(TYPING);
}

/** "mod+k" as it is written on the keys of this machine: "Ctrl K", "⌘ K"; "g i" as "G I". */
export function keyLabel(keys: string, mac = /Mac|iPhone|iPad/.test(navigator.platform)): string {
  return keys
    .split(' ')
    .map((key) => key.split('+').map((part) => (part === 'mod' ? (mac ? '⌘' : 'Ctrl') : part === 'alt' ? (mac ? '⌥' : 'Alt') : part === 'enter' ? 'Enter' : part.toUpperCase())).join(' '))
    .join(' ');
}

/** The first key of a command, as written on the keyboard; undefined where it has none. */
export function keyOf(id: CommandId): string | undefined {
  const keys: readonly string[] = COMMANDS[id].keys;
  return keys[0] === undefined ? undefined : keyLabel(keys[0]);
}
