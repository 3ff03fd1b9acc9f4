import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { RouterProvider as AriaRouterProvider } from 'react-aria-components';
import { DeskContext } from '@/api/context';
import type { Desk } from '@/api/desk';
import { DeskError } from '@/api/error';
import type { LanguagePack } from '@/i18n/catalogue';
import { loadLanguage } from '@/i18n/catalogue';
import { wordsOf, type UiLang } from '@/i18n/locale';
import { I18nProvider } from '@/i18n/react';
import { followOtherTabs, settings, useSettings } from '@/parts/desk';
import { listenForKeys, SayProvider } from '@/ui';
import { CrashBoundary } from './crash';
import { router } from './router';
import { useTheme } from './theme';

export type Loaded = { lang: UiLang; pack: LanguagePack };

/** Asks again only where asking again can help. */
function retry(count: number, error: unknown): boolean {
  return error instanceof DeskError && error.kind === 'unavailable' && error.rule !== 'desk.offline' && count < 3;
}

const client = new QueryClient({ defaultOptions: { queries: { retry, networkMode: 'always', refetchOnWindowFocus: true }, mutations: { networkMode: 'always' } } });

/** Everything that surrounds the screens: words, theme, desk, keys, router. */
export function Root({ desk, first }: { desk: Desk; first: Loaded }) {
  const { lang, digits } = useSettings();
  const [loaded, setLoaded] = useState(first);
  useTheme();
  useEffect(followOtherTabs, []);
  useEffect(() => listenForKeys(() => settings().singleKeys), []);
  useEffect(() => desk.onConnection(({ online }) => void (online && client.refetchQueries({ predicate: (query) => query.state.status === 'error' }))), [desk]);
  useEffect(() => {
    let here = true;
    desk.speak(wordsOf(lang));
    void loadLanguage(lang).then((pack) => here && setLoaded({ lang, pack }));
    return () => {
      here = false;
    };
  }, [desk, lang]);
  return (
    <I18nProvider lang={loaded.lang} pack={loaded.pack} digits={digits}>
      <SayProvider>
        <CrashBoundary>
          <DeskContext value={desk}>
            <QueryClientProvider client={client}>
              <AriaRouterProvider navigate={(to) => void router.navigate({ to })}>
                <RouterProvider router={router} />
              </AriaRouterProvider>
            </QueryClientProvider>
          </DeskContext>
        </CrashBoundary>
      </SayProvider>
    </I18nProvider>
  );
}
