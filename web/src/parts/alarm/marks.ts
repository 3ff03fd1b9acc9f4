import { setTitleAlarm } from '@/ui';

const BALL = (fill: string, mark: string) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="${fill}"/><path d="${mark}" stroke="#fff" stroke-width="4" stroke-linecap="round" fill="none"/></svg>`)}`;
const CALM = BALL('#0a4c94', 'M9 8h14M9 16h10M9 24h14');
const RINGING = BALL('#b3261e', 'M16 6v13M16 25v.1');

/** Title, icon and badge of the window: how many things ring. A number and nothing else. */
export function showRinging(count: number, digits: (count: number) => string): void {
  setTitleAlarm(count === 0 ? '' : `(!) ${digits(count)}`);
  let link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (!link) {
    link = document.createElement('link');
    link.rel = 'icon';
    document.head.append(link);
  }
  const wanted = count === 0 ? CALM : RINGING;
  if (link.href !== wanted) link.href = wanted;
  if ('setAppBadge' in navigator) void (count === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(count)).catch(() => undefined);
}
