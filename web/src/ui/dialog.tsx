import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
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
