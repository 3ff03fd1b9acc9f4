import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useI18n, useT } from '@/i18n/react';
import { IconButton } from './button';

/** A reference, phone number, hash or address: left to right, in a fixed width, never broken; `what` adds a button that copies it. */
export function Id({ children, what, long }: { children: string; what?: string; long?: boolean }) {
  return (
    <>
      <bdi className={long ? 'id long' : 'id'} dir="ltr">
        {children}
      </bdi>
      {what && <CopyButton text={children} what={what} />}
    </>
  );
}

function CopyButton({ text, what }: { text: string; what: string }) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <>
      <IconButton icon={copied ? Check : Copy} label={t('ui.copy', { what })} onPress={copy} small />
      <span role="status" className="vh">
        {copied ? t('ui.copied') : ''}
      </span>
    </>
  );
}

/** What a person wrote: its own direction and language, its line ends kept. */
export function UserText({ children, lang, block }: { children: string; lang?: string | undefined; block?: boolean }) {
  if (block) return <p className="user" dir="auto" lang={lang}>{children}</p>;
  return <bdi className="user" lang={lang}>{children}</bdi>;
}

/** A moment in UTC; the person's own time on hover, on focus by the title, and for speech. */
export function Time({ at, both }: { at: string | Date; both?: boolean }) {
  const { t, format } = useI18n();
  const date = typeof at === 'string' ? new Date(at) : at;
  const values = { utc: format.utc(date), local: format.local(date) };
  return (
    <time dateTime={date.toISOString()} title={t('time.both', values)}>
      {both ? t('time.both', values) : values.utc}
    </time>
  );
}
