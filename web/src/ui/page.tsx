import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useT } from '@/i18n/react';
import { Link } from './button';

export type PageProps = {
  title: string;
  /** Above the title: a reference, the name of the draft. */
  over?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  back?: { href: string; label: string };
  /** A form with faults: the title of the window begins with "Error:". */
  hasError?: boolean;
  /** At most 720 px wide, for reading and for forms. */
  reading?: boolean;
  children: ReactNode;
};

/** One page of the desk: one h1, the title of the window, and the focus on it when the person comes here. Never put names or facts into `title`: it shows on the tab. */
export function Page({ title, over, lead, actions, back, hasError, reading, children }: PageProps) {
  const t = useT();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    setTitle(hasError ? t('ui.errorTitle', { title }) : title);
  }, [title, hasError, t]);
  useEffect(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body || focused.closest('.nav')) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={reading ? 'reading' : undefined}>
      {back && (
        <Link href={back.href} className="backlink">
          <ArrowLeft className="icon turns" size={16} aria-hidden /> {back.label}
        </Link>
      )}
      {over && <div className="mute">{over}</div>}
      <div className="pagehead">
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {actions && <div className="actions">{actions}</div>}
      </div>
      {lead && <p className="lead">{lead}</p>}
      {children}
    </div>
  );
}

let pageTitle = '';
let alarmPrefix = '';

function render(): void {
  const name = pageTitle === '' ? 'Entraide' : `${pageTitle} – Entraide`;
  document.title = alarmPrefix === '' ? name : `${alarmPrefix} ${name}`;
}

function setTitle(title: string): void {
  pageTitle = title;
  render();
}

/** What the alarm writes before the title of every page, "(!) 1"; empty when there is no alarm. */
export function setTitleAlarm(prefix: string): void {
  alarmPrefix = prefix;
  render();
}
