import { Outlet, useLocation, useMatches, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useDesk } from '@/api/context';
import { loadLaterWords } from '@/i18n/catalogue';
import { useT } from '@/i18n/react';
import { AlarmProvider, useAlarm } from '@/parts/alarm';
import { forgetSummaries, useLiveCases } from '@/parts/cases';
import { changeSettings, readsCases, useConnection, useSeat, useSession, type Seat } from '@/parts/desk';
import { Loading, nowByHub, setClockOffset, useCommand } from '@/ui';
import { Bands } from './bands';
import { Guard } from './guard';
import { IdleLock } from './idle';
import { SideBar } from './sidebar';
import { DutyStrip, VisitorStrip } from './strip';
import { isNight } from './theme';

const Ended = lazy(async () => {
  const [module] = await Promise.all([import('@/screens/signin/ended'), loadLaterWords()]);
  return { default: module.EndedScreen };
});
const Palette = lazy(() => import('./palette').then((module) => ({ default: module.Palette })));

/** Pages that need no session. */
const OPEN = new Set(['/sign-in', '/enrol', '/help', '/settings']);

/** Around every screen: side bar, duty strip, bands, and the alarm as long as somebody is signed in. */
export function Shell() {
  const t = useT();
  const session = useSession();
  const seat = useSeat();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const away = session.state !== 'open';
  // While the router is on its way, what it shows is still the page before: neither may need a session that is not there.
  const shown = useMatches().at(-1)?.pathname ?? pathname;
  const closed = away && !(OPEN.has(pathname) && OPEN.has(shown));
  // Let in by the hub, and acting for nobody: no screen has anything to show, and a page of its own says so.
  const ended = !away && seat === null && !OPEN.has(shown);
  useForgetting(away || seat === null);
  useMandateEnd();
  useHubTime();
  useEffect(() => {
    if (away && !OPEN.has(pathname)) void navigate({ to: '/sign-in', search: pathname === '/' ? {} : { next: pathname }, replace: true });
  }, [away, pathname, navigate]);
  useCommand('help', () => void navigate({ to: '/help' }));
  useCommand('go.settings', () => void navigate({ to: '/settings' }));
  useCommand('theme', () => changeSettings({ theme: isNight() ? 'light' : 'night' }));

  const main = (
    <main id="main" className="main" tabIndex={-1}>
      <Suspense fallback={<Loading />}>{closed ? <Loading /> : ended ? <Ended /> : <Outlet />}</Suspense>
    </main>
  );
  return (
    <>
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      {seat ? <Signed seat={seat}>{main}</Signed> : <Visiting>{main}</Visiting>}
    </>
  );
}

function Visiting({ children }: { children: React.ReactNode }) {
  return (
    <div className="work visiting">
      <VisitorStrip />
      <Bands signedIn={false} />
      {children}
    </div>
  );
}

function Signed({ seat, children }: { seat: Seat; children: React.ReactNode }) {
  useLiveCases(seat.authority);
  const navigate = useNavigate();
  // Whoever has no inbox begins where there is something to do.
  const lost = useLocation().pathname === '/' && !readsCases(seat);
  useEffect(() => {
    if (lost) void navigate({ to: '/administration', replace: true });
  }, [lost, navigate]);
  return (
    <AlarmProvider seat={seat} key={seat.authority}>
      <div className="shell">
        <SideBar seat={seat} />
        <div className="work">
          <DutyStrip seat={seat} />
          <Bands signedIn />
          <Guard>{children}</Guard>
        </div>
      </div>
      <Commands seat={seat} />
      <IdleLock />
    </AlarmProvider>
  );
}

/** The commands that are there on every screen. */
function Commands({ seat }: { seat: Seat }) {
  const desk = useDesk();
  const navigate = useNavigate();
  const alarm = useAlarm();
  const [palette, setPalette] = useState(false);
  const go = (to: string) => () => void navigate({ to });
  const cases = readsCases(seat);
  useCommand('palette', () => setPalette(true));
  useCommand('new', cases ? go('/new') : null);
  useCommand('go.inbox', cases ? go('/') : null);
  useCommand('go.requests', cases ? go('/requests') : null);
  useCommand('go.drafts', cases ? go('/drafts') : null);
  useCommand('go.directory', go('/directory'));
  useCommand('go.rulebook', go('/rulebook'));
  useCommand('go.administration', go('/administration'));
  useCommand('duty', cases ? go('/duty') : null);
  useCommand('lock', () => void desk.lock());
  useCommand('alarm.test', cases ? () => void alarm.test() : null);
  useCommand('alarm.silence', alarm.armed ? alarm.silence : null);
  return palette ? (
    <Suspense>
      <Palette onClose={() => setPalette(false)} />
    </Suspense>
  ) : null;
}

/** When the keys leave memory, so does everything that they had opened. */
function useForgetting(away: boolean): void {
  const client = useQueryClient();
  const desk = useDesk();
  useEffect(() => {
    if (!away) return;
    forgetSummaries(desk);
    client.removeQueries({ predicate: (query) => !['status', 'rulebook', 'directory', 'people', 'identities', 'ended'].includes(String(query.queryKey[0])) });
  }, [away, client, desk]);
}

/** In the second in which a mandate ends, the hub is asked for whom the person still acts. */
function useMandateEnd(): void {
  const desk = useDesk();
  const session = useSession();
  const ends = session.state === 'open' ? Math.min(...session.me.authorities.map((one) => Date.parse(one.until))) : Infinity;
  useEffect(() => {
    if (!Number.isFinite(ends)) return;
    const left = ends - nowByHub();
    // Longer than a day: no timer runs that long, and by then the hub has been asked again.
    const timer = left > 86_400_000 ? undefined : setTimeout(() => void desk.me().catch(() => undefined), Math.max(left, 0) + 1000);
    return () => clearTimeout(timer);
  }, [desk, ends]);
}

/** Clocks run by the hub's time, whatever this device thinks. */
function useHubTime(): void {
  const { skewSeconds } = useConnection();
  useEffect(() => setClockOffset(skewSeconds === null ? 0 : -skewSeconds * 1000), [skewSeconds]);
}
