import { ChevronDown, X, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, Dialog as AriaDialog, Heading, Menu, MenuItem, MenuTrigger, Modal, ModalOverlay, Popover } from 'react-aria-components';
import { useT } from '@/i18n/react';
import { IconButton } from './button';

export type DialogProps = {
  /** A question where something is confirmed. */
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** Buttons with verbs; the one that goes on comes first. */
  actions?: ReactNode;
  wide?: boolean;
  /** Must be answered: no closing by pressing beside it. */
  alert?: boolean;
};

/** Only to confirm what leaves the authority or cannot be undone, and for small errands that should not leave the page. */
export function Dialog({ title, isOpen, onClose, children, actions, wide, alert }: DialogProps) {
  const t = useT();
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable={!alert} className="overlay">
      <Modal className={wide ? 'modal wide' : 'modal'}>
        <AriaDialog role={alert ? 'alertdialog' : 'dialog'}>
          <div className="pagehead">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton icon={X} label={t('ui.close')} onPress={onClose} />
          </div>
          {children}
          {actions && <div className="actions">{actions}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export type MenuEntry = { id: string; label: string; icon?: LucideIcon; keys?: string; disabled?: boolean; href?: string; lang?: string };
export type MenuButtonProps = { label: string; describe?: string; entries: readonly MenuEntry[]; onAction: (id: string) => void; quiet?: boolean; icon?: LucideIcon };

/** `describe` names the menu where the label alone, such as "English", does not say what it is for. */
export function MenuButton({ label, describe, entries, onAction, quiet, icon: Icon }: MenuButtonProps) {
  return (
    <MenuTrigger>
      <AriaButton className={quiet ? 'btn quiet' : 'btn'} {...(describe ? { 'aria-label': `${label}, ${describe}` } : {})}>
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
