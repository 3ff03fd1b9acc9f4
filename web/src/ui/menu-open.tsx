import { ChevronDown } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { MenuButtonProps } from './menu';

/** A menu with its button. `startsOpen`: its button was pressed before this was here. */
export function OpenableMenu({ label, describe, entries, onAction, quiet, icon: Icon, startsOpen }: MenuButtonProps & { startsOpen: boolean }) {
  const trigger = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // Where the focus goes back to when the menu closes.
    if (startsOpen) trigger.current?.focus();
  }, [startsOpen]);
  return (
    <MenuTrigger defaultOpen={startsOpen}>
      <AriaButton ref={trigger} className={quiet ? 'btn quiet' : 'btn'} {...(describe ? { 'aria-label': `${label}, ${describe}` } : {})}>
        {Icon && <Icon className="icon" size={18} aria-hidden />}
        {label}
        <ChevronDown className="icon" size={16} aria-hidden />
      </AriaButton>
      <Popover className="pop">
        <Menu items={entries} onAction={(id) => onAction(String(id))}>
          {(entry) => (
            <MenuItem id={entry.id} textValue={entry.label} className="item" isDisabled={entry.disabled ?? false} {...(entry.href ? { href: entry.href } : {})}>
              {entry.icon && <entry.icon className="icon" size={18} aria-hidden />}
              <span lang={entry.lang}>{entry.label}</span>
              {entry.keys && <kbd className="end">{entry.keys}</kbd>}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
