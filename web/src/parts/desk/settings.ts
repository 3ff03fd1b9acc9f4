import { useSyncExternalStore } from 'react';
import { isUiLang, preferredLang, type Digits, type UiLang } from '@/i18n/locale';

export type Theme = 'system' | 'light' | 'night';
export type Density = 'comfortable' | 'compact';

/** What a person chose for this browser. Nothing here is secret, and nothing of it goes to the hub. */
export type Settings = {
  lang: UiLang;
  theme: Theme;
  density: Density;
  digits: Digits;
  /** Keys without Ctrl or Alt, such as A for acknowledge (WCAG 2.1.4). */
  singleKeys: boolean;
  /** Minutes without a key or a pointer after which the keys leave memory; never while the alarm is on. */
  lockAfter: number;
  /** From 0 to 1. The alarm of class A is never softer than 0.4. */
  volume: number;
  /** Class B sounds once, or not at all. */
  quietB: boolean;
  /** Where the other side can call back; goes into acknowledgements, sealed. */
  telephone: string;
  /** For whom the person acts, where it is more than one authority. */
  authority: string | null;
  /** Named filters of the list of requests. */
  views: readonly SavedView[];
};

export type SavedView = { id: string; name: string; query: Readonly<Record<string, string>> };

const PLACE = 'entraide.settings';

function defaults(): Settings {
  return {
    lang: preferredLang(navigator.languages), theme: 'system', density: 'comfortable', digits: 'latn', singleKeys: true,
    lockAfter: 15, volume: 0.8, quietB: false, telephone: '', authority: null, views: [],
  };
}

/** Reads what was stored, field by field: what is missing or damaged takes its default. */
export function readSettings(stored: string | null): Settings {
  const usual = defaults();
  let found: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(stored ?? '{}');
    if (typeof parsed === 'object' && parsed !== null) found = parsed as Record<string, unknown>;
  } catch {
    return usual;
  }
  const one = <T extends string>(name: string, allowed: readonly T[], otherwise: T): T => allowed.find((value) => value === found[name]) ?? otherwise;
  const number = (name: string, low: number, high: number, otherwise: number) => {
    const value = found[name];
    return typeof value === 'number' && value >= low && value <= high ? value : otherwise;
  };
  const flag = (name: string, otherwise: boolean) => (typeof found[name] === 'boolean' ? found[name] : otherwise);
  return {
    lang: isUiLang(found['lang']) ? found['lang'] : usual.lang,
    theme: one('theme', ['system', 'light', 'night'], usual.theme),
    density: one('density', ['comfortable', 'compact'], usual.density),
    digits: one('digits', ['latn', 'arab'], usual.digits),
    singleKeys: flag('singleKeys', usual.singleKeys),
    lockAfter: number('lockAfter', 1, 240, usual.lockAfter),
    volume: number('volume', 0, 1, usual.volume),
    quietB: flag('quietB', usual.quietB),
    telephone: typeof found['telephone'] === 'string' ? found['telephone'].slice(0, 60) : '',
    authority: typeof found['authority'] === 'string' ? found['authority'] : null,
    views: Array.isArray(found['views']) ? found['views'].filter(isView) : [],
  };
}

function isView(value: unknown): value is SavedView {
  if (typeof value !== 'object' || value === null) return false;
  const view = value as Record<string, unknown>;
  return typeof view['id'] === 'string' && typeof view['name'] === 'string' && typeof view['query'] === 'object' && view['query'] !== null;
}

const listeners = new Set<() => void>();
let current: Settings | undefined;

export function settings(): Settings {
  current ??= readSettings(localStorage.getItem(PLACE));
  return current;
}

export function changeSettings(change: Partial<Settings>): void {
  current = { ...settings(), ...change };
  localStorage.setItem(PLACE, JSON.stringify(current));
  for (const listener of listeners) listener();
}

/** Another tab changed them. */
export function followOtherTabs(): () => void {
  const heard = (event: StorageEvent) => {
    if (event.key !== PLACE) return;
    current = readSettings(event.newValue);
    for (const listener of listeners) listener();
  };
  window.addEventListener('storage', heard);
  return () => window.removeEventListener('storage', heard);
}

export function useSettings(): Settings {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    settings,
  );
}
