import { useT } from '@/i18n/react';
import { Button, Dialog } from '@/ui';

/** A minute before the keys leave memory. Any key or movement keeps them; so does the button. */
export function IdleWarning({ onStay }: { onStay: () => void }) {
  const t = useT();
  return (
    <Dialog alert title={t('idle.title')} isOpen onClose={onStay} actions={<Button kind="primary" autoFocus onPress={onStay}>{t('idle.stay')}</Button>}>
      <p>{t('idle.text')}</p>
    </Dialog>
  );
}
