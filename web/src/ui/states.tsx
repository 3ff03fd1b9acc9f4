import { CircleAlert, CircleCheck, Info, Lock, ShieldX, TriangleAlert, WifiOff, type LucideIcon } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useI18n, useT } from '@/i18n/react';
import { Button } from './button';

/** Why it is empty and what to do next. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="state">
      <h2>{title}</h2>
      {children && <div className="mute">{children}</div>}
      {action && <div className="actions">{action}</div>}
    </div>
  );
}

/** Rows to come; shown after 300 ms only, and in words for those who do not see them. */
export function Loading({ rows = 5 }: { rows?: number }) {
  const t = useT();
  const [step, setStep] = useState(0);
  useEffect(() => {
    const timers = [setTimeout(() => setStep(1), 300), setTimeout(() => setStep(2), 8000)];
    return () => timers.forEach(clearTimeout);
  }, []);
  return (
    <div role="status">
      <span className="vh">{t('state.loading')}</span>
      {step === 2 && <p className="mute">{t('state.loading.slow')}</p>}
      {step > 0 && (
        <div className="skeleton" aria-hidden>
          {Array.from({ length: rows }, (_, row) => (
            <div key={row} />
          ))}
        </div>
      )}
    </div>
  );
}

/** Instead of what cannot be fetched now. */
export function OfflineHere() {
  const t = useT();
  return (
    <div className="state">
      <p className="lock">
        <WifiOff className="icon" size={18} aria-hidden /> {t('state.offline.cannotLoad')}
      </p>
    </div>
  );
}

export function NotAllowed({ children }: { children?: ReactNode }) {
  const t = useT();
  return (
    <div className="state">
      <h2>{t('state.notAllowed.title')}</h2>
      <p>{children ?? t('state.notAllowed.text')}</p>
    </div>
  );
}

/** What happened, what can be done, and the number for whoever helps, last. `text` is in the reader's language. */
export function ErrorHere({ text, trace, onRetry }: { text: string; trace?: string | undefined; onRetry?: (() => void) | undefined }) {
  const t = useT();
  return (
    <div className="state" role="alert">
      <h2>{t('state.error.title')}</h2>
      <p>{text}</p>
      {onRetry && (
        <div className="actions">
          <Button onPress={onRetry}>{t('ui.tryAgain')}</Button>
        </div>
      )}
      {trace && <p className="small">{t('state.error.trace', { trace })}</p>}
    </div>
  );
}

/** What came from the hub was not what it must be: nothing of it is shown, and nobody may take it for an ordinary error. */
export function RedHere({ text, onRetry }: { text: string; onRetry: () => void }) {
  const t = useT();
  return (
    <div className="redpage" role="alert">
      <h2><ShieldX className="icon" size={20} aria-hidden /> {t('guard.title')}</h2>
      <p><strong>{text}</strong></p>
      <p>{t('guard.refused')}</p>
      <div className="actions"><Button onPress={onRetry}>{t('ui.tryAgain')}</Button></div>
    </div>
  );
}

export type NoticeTone = 'info' | 'warn' | 'bad' | 'ok';
const NOTICE_ICONS: Record<NoticeTone, LucideIcon> = { info: Info, warn: TriangleAlert, bad: CircleAlert, ok: CircleCheck };

/** Something to know before going on. Stays where it is. */
export function Notice({ tone = 'info', children, live }: { tone?: NoticeTone; children: ReactNode; live?: boolean }) {
  const Icon = NOTICE_ICONS[tone];
  return (
    <div className={`notice ${tone}`} role={live ? 'status' : undefined}>
      <Icon className="icon" size={20} aria-hidden />
      <div>{children}</div>
    </div>
  );
}

/** At most one, at the top of the page: what is wrong, which reference, one button. */
export function AlarmBar({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <section className="alarm" role="alert">
      <TriangleAlert aria-hidden className="icon" size={24} />
      <p>{text}</p>
      {children}
    </section>
  );
}

/** Who can read what stands below, or what will be written there. Names of authorities, never of people outside. */
export type Readers = { voice: 'other'; who: readonly string[] } | { voice: 'inside'; who: string } | { voice: 'only-me' };

export function WhoCanRead({ readers, hubSees }: { readers: Readers; hubSees?: readonly string[] }) {
  const { t, format } = useI18n();
  const text =
    readers.voice === 'only-me' ? t('read.onlyMe')
    : readers.voice === 'inside' ? t('read.inside', { who: readers.who })
    : t(readers.who.length === 1 ? 'read.sealed.one' : 'read.sealed.many', { who: format.list(readers.who) });
  return (
    <p className="lock">
      <Lock className="icon" size={18} aria-hidden />
      <span>
        {text} {hubSees && hubSees.length > 0 && t('read.hubSees', { what: format.list(hubSees) })}
      </span>
    </p>
  );
}
