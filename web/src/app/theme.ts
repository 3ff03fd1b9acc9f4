import { useEffect } from 'react';
import { useSettings } from '@/parts/desk';

/** Puts theme and density on the document, and follows the system where the person left it to that. */
export function useTheme(): void {
  const { theme, density } = useSettings();
  useEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
      document.documentElement.dataset['theme'] = theme === 'system' ? (dark.matches ? 'night' : 'light') : theme;
      document.documentElement.dataset['density'] = density;
    };
    apply();
    dark.addEventListener('change', apply);
    return () => dark.removeEventListener('change', apply);
  }, [theme, density]);
}

export function isNight(): boolean {
  return document.documentElement.dataset['theme'] === 'night';
}
