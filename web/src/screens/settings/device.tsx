import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useDesk } from '@/api/context';
import { useT } from '@/i18n/react';
import { useProblemText } from '@/parts/desk';
import { Button, Dialog, Notice } from '@/ui';

/** Forget everything on this device: for a shared machine, and for one that is given away. */
export function Device() {
  const t = useT();
  const desk = useDesk();
  const navigate = useNavigate();
  const problem = useProblemText();
  const [asked, setAsked] = useState(false);
  const forget = useMutation({
    mutationFn: async () => {
      await desk.forgetEverything();
      localStorage.clear();
    },
    onSuccess: () => {
      setAsked(false);
      void navigate({ to: '/sign-in' });
    },
  });
  return (
    <section aria-labelledby="device">
      <h2 id="device">{t('settings.device')}</h2>
      <p>{t('settings.device.text')}</p>
      <div className="actions"><Button onPress={() => setAsked(true)}>{t('settings.forget')}</Button></div>
      <Dialog alert title={t('settings.forget.title')} isOpen={asked} onClose={() => setAsked(false)} actions={<><Button kind="primary" busy={forget.isPending} onPress={() => forget.mutate()}>{t('settings.forget')}</Button><Button onPress={() => setAsked(false)}>{t('settings.forget.keep')}</Button></>}>
        <p>{t('settings.forget.text')}</p>
        {forget.error && <Notice tone="bad" live><p>{problem(forget.error).text}</p></Notice>}
      </Dialog>
    </section>
  );
}
