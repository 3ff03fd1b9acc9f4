import { useLocation } from '@tanstack/react-router';
import { BookOpen, CircleHelp, FilePen, Inbox, Phone, Send, Settings, UsersRound, type LucideIcon } from 'lucide-react';
import type { Key } from '@/i18n/catalogue';
import { useT } from '@/i18n/react';
import { useAlarm } from '@/parts/alarm';
import { forMe, readsCases, useWaiting, useWords, type Seat } from '@/parts/desk';
import { Link } from '@/ui';

/** `cases`: for who may read cases. */
type Place = { to: string; label: Key; icon: LucideIcon; cases?: true };

const PLACES: readonly Place[] = [
  { to: '/', label: 'nav.inbox', icon: Inbox, cases: true },
  { to: '/requests', label: 'nav.requests', icon: Send, cases: true },
  { to: '/drafts', label: 'nav.drafts', icon: FilePen, cases: true },
  { to: '/directory', label: 'nav.directory', icon: Phone },
  { to: '/rulebook', label: 'nav.rulebook', icon: BookOpen },
  { to: '/administration', label: 'nav.administration', icon: UsersRound },
];
const FOOT: readonly Place[] = [
  { to: '/settings', label: 'nav.settings', icon: Settings },
  { to: '/help', label: 'nav.help', icon: CircleHelp },
];

export function SideBar({ seat }: { seat: Seat }) {
  const t = useT();
  const words = useWords();
  const { rings } = useAlarm();
  const toSign = forMe(useWaiting(seat).data ?? []);
  const { pathname } = useLocation();
  const here = (to: string) => (to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`));
  const line = ({ to, label, icon: Icon, cases }: Place) =>
    cases && !readsCases(seat) ? null : (
      <li key={to}>
        <Link href={to} isCurrent={here(to)}>
          <Icon className="icon" size={18} aria-hidden />
          <span>{t(label)}</span>
          {to === '/' && <Count n={rings.length} said="shell.count" />}
          {to === '/administration' && <Count n={toSign} said="shell.toSign" />}
        </Link>
      </li>
    );
  return (
    <nav className="nav" aria-label={t('shell.nav')}>
      <div className="brand">
        <bdi>Entraide</bdi>
      </div>
      <div className="seat">{words.authority(seat.authority)}</div>
      <ul>{PLACES.map(line)}</ul>
      <ul className="foot">{FOOT.map(line)}</ul>
    </nav>
  );
}

/** How many things wait at a place, for eyes and for ears. */
function Count({ n, said }: { n: number; said: 'shell.count' | 'shell.toSign' }) {
  const t = useT();
  if (n === 0) return null;
  return (
    <b className="count">
      <span aria-hidden>{n}</span>
      <span className="vh">{t(said, { n })}</span>
    </b>
  );
}
