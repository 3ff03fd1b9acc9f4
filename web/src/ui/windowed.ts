import { useCallback, useEffect, useState, useSyncExternalStore, type RefObject } from 'react';

/** Which rows of a long list are to be drawn: `first` up to, not including, `end`, and the space that the others take. */
export type Window = { first: number; end: number; before: number; after: number };

const OVERSCAN = 8;

/** All rows are equally high, so that the place of any of them is a multiplication. `top` is how far the list's beginning lies above the screen. */
export function windowOf(count: number, rowHeight: number, top: number, screen: number): Window {
  const first = Math.max(0, Math.min(count, Math.floor(top / rowHeight)) - OVERSCAN);
  const end = Math.min(count, Math.ceil((top + screen) / rowHeight) + OVERSCAN);
  return { first, end: Math.max(first, end), before: first * rowHeight, after: (count - Math.max(first, end)) * rowHeight };
}

/** Draws only what is near the screen; scrolls with the page. `list` holds rows, of which the first drawn one is measured. */
export function useWindowed(list: RefObject<HTMLElement | null>, count: number, guess: number): Window {
  const [rowHeight, setRowHeight] = useState(guess);
  const place = useSyncExternalStore(
    useCallback((changed) => {
      window.addEventListener('scroll', changed, { passive: true });
      window.addEventListener('resize', changed);
      return () => {
        window.removeEventListener('scroll', changed);
        window.removeEventListener('resize', changed);
      };
    }, []),
    () => `${Math.floor(window.scrollY / rowHeight)}/${window.innerHeight}/${window.innerWidth}`,
  );
  const [top, setTop] = useState(0);
  useEffect(() => {
    const box = list.current;
    if (!box) return;
    const row = box.querySelector<HTMLElement>('[data-row]');
    if (row && row.offsetHeight > 0 && row.offsetHeight !== rowHeight) setRowHeight(row.offsetHeight);
    setTop(Math.max(0, -box.getBoundingClientRect().top));
  }, [place, list, rowHeight, count]);
  return windowOf(count, rowHeight, top, window.innerHeight);
}
