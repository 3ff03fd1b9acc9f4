import { useId, type KeyboardEvent, type ReactNode } from 'react';
import { useI18n } from '@/i18n/react';

export type TabDef<Id extends string> = { id: Id; label: string; count?: number | undefined };

/** Which tab a key goes to, from the one at `index` of `count`; null: the key is none of ours. In Arabic the next one lies to the left. */
export function tabAfter(key: string, index: number, count: number, rtl: boolean): number | null {
  const step = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 }[key];
  if (step !== undefined) return (index + step + count) % count;
  return key === 'Home' ? 0 : key === 'End' ? count - 1 : null;
}

/** Views of one thing; the arrows go from one to the next and show it. `children` is the content of the chosen one. */
export function Tabs<Id extends string>({ label, tabs, selected, onChange, children }: { label: string; tabs: readonly TabDef<Id>[]; selected: Id; onChange: (id: Id) => void; children: ReactNode }) {
  const { format, direction } = useI18n();
  const group = useId();
  const idOf = (id: Id) => `${group}-${id}`;
  const move = (event: KeyboardEvent) => {
    const next = tabs[tabAfter(event.key, tabs.findIndex((tab) => tab.id === selected), tabs.length, direction === 'rtl') ?? -1];
    if (!next) return;
    event.preventDefault();
    onChange(next.id);
    document.getElementById(idOf(next.id))?.focus();
  };
  return (
    <div className="tabs">
      <div role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.id} type="button" role="tab" className="tab" id={idOf(tab.id)} tabIndex={tab.id === selected ? 0 : -1}
            aria-selected={tab.id === selected} aria-controls={tab.id === selected ? `${group}-panel` : undefined} onClick={() => onChange(tab.id)}
          >
            {tab.label}
            {tab.count !== undefined && tab.count > 0 && <> <span className="count">{format.number(tab.count)}</span></>}
          </button>
        ))}
      </div>
      <div role="tabpanel" key={selected} id={`${group}-panel`} aria-labelledby={idOf(selected)}>{children}</div>
    </div>
  );
}
