import { ChevronDown, type LucideIcon } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Button as AriaButton } from 'react-aria-components';

export type MenuEntry = { id: string; label: string; icon?: LucideIcon; keys?: string; disabled?: boolean; href?: string; lang?: string };
export type MenuButtonProps = { label: string; describe?: string; entries: readonly MenuEntry[]; onAction: (id: string) => void; quiet?: boolean; icon?: LucideIcon };

type Module = typeof import('./menu-open');
let loaded: Module | null = null;
let loading: Promise<unknown> | null = null;
const listeners = new Set<() => void>();

/** Menus float, and what floats is a third of the components' library: it comes when the first screen stands. */
function load(): void {
  loading ??= import('./menu-open').then(
    (module) => {
      loaded = module;
      for (const listener of listeners) listener();
    },
    () => (loading = null),
  );
}

/** `describe` names the menu where the label alone, such as "English", does not say what it is for. */
export function MenuButton(props: MenuButtonProps) {
  const [pressed, setPressed] = useState(false);
  const module = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => loaded,
  );
  useEffect(() => {
    const timer = setTimeout(load, 300);
    return () => clearTimeout(timer);
  }, []);
  if (module) return <module.OpenableMenu {...props} startsOpen={pressed} />;
  const { label, describe, quiet, icon: Icon } = props;
  const open = () => {
    setPressed(true);
    load();
  };
  return (
    <AriaButton className={quiet ? 'btn quiet' : 'btn'} aria-haspopup="menu" aria-expanded={false} onPress={open} {...(describe ? { 'aria-label': `${label}, ${describe}` } : {})}>
      {Icon && <Icon className="icon" size={18} aria-hidden />}
      {label}
      <ChevronDown className="icon" size={16} aria-hidden />
    </AriaButton>
  );
}
