import { ShieldX } from 'lucide-react';
import { useDesk } from '@/api/context';
import type { Alarm } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { Button } from '@/ui';

/** A forked ledger, or one that went back: this browser found it, and nobody may overlook it. */
export function RedPage({ alarms, shown, onShow }: { alarms: readonly Alarm[]; shown: boolean; onShow: () => void }) {
  const { t, has } = useI18n();
  const desk = useDesk();
  // While it hides the screen it is all that the page has.
  const Place = shown ? 'section' : 'main';
  return (
    <Place className="guard">
      <div className="redpage" role="alert">
        <h1><ShieldX className="icon" size={24} aria-hidden /> {t('guard.title')}</h1>
        {alarms.map((alarm) => {
          const key = `error.${alarm.rule}`;
          return <p key={alarm.at + alarm.rule}><strong>{has(key) ? t(key) : alarm.detail}</strong></p>;
        })}
        <p>{t('guard.text')}</p>
        <div className="actions">
          <Button onPress={() => void desk.clearAlarms()}>{t('guard.seen')}</Button>
          {!shown && <Button kind="quiet" onPress={onShow}>{t('guard.show')}</Button>}
        </div>
      </div>
    </Place>
  );
}
