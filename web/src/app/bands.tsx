import { Clock3, RefreshCw, Send, WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useDesk } from '@/api/context';
import type { OutboxItem } from '@/api/desk';
import { useI18n, useT } from '@/i18n/react';
import { changeToNewDesk } from '@/offline/register';
import { useConnection, useNewDesk, useStatus } from '@/parts/desk';
import { Button, Link } from '@/ui';

const SKEW = 60;

/** Thin lines under the strip, each with one thing to know: no connection, a wrong clock, acts that wait, a demonstration. */
export function Bands({ signedIn }: { signedIn: boolean }) {
  const { t, format } = useI18n();
  const { online, since, skewSeconds } = useConnection();
  const demonstration = useStatus().data?.demonstration;
  const isNew = useNewDesk();
  const off = skewSeconds === null ? 0 : Math.abs(Math.round(skewSeconds));
  return (
    <div role="status">
      {!online && (
        <div className="band off">
          <WifiOff className="icon" size={16} aria-hidden />
          <span>
            <strong>{t('state.offline.title', { time: format.time(new Date(since)) })}.</strong> {t('state.offline.text')}
          </span>
        </div>
      )}
      {off >= SKEW && (
        <div className="band">
          <Clock3 className="icon" size={16} aria-hidden /> {t('band.skew', { n: off })}
        </div>
      )}
      {signedIn && <OutboxBand />}
      {isNew && (
        <div className="band">
          <RefreshCw className="icon" size={16} aria-hidden />
          <span>{t('band.newDesk')}</span>
          <Button small onPress={() => void changeToNewDesk()}>{t('band.newDesk.change')}</Button>
        </div>
      )}
      {demonstration && <div className="band quiet">{t('band.demonstration')}</div>}
    </div>
  );
}

function OutboxBand() {
  const t = useT();
  const desk = useDesk();
  const [items, setItems] = useState<readonly OutboxItem[]>([]);
  useEffect(() => {
    void desk.outbox().then(setItems).catch(() => undefined);
    return desk.onOutbox(setItems);
  }, [desk]);
  if (items.length === 0) return null;
  const stuck = items.filter((item) => item.state === 'confirm').length;
  return (
    <div className="band">
      <Send className="icon turns" size={16} aria-hidden />
      <span>{stuck > 0 ? t('band.outbox.confirm', { n: stuck }) : t('band.outbox', { n: items.length })}</span>
      <Link href="/outbox">{t('band.outbox.open')}</Link>
    </div>
  );
}
