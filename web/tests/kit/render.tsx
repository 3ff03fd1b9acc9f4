// Puts a screen of the desk on a page: words, desk, queries, router, alarm; for tests.

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { RouterProvider as AriaRouterProvider } from 'react-aria-components';
import { DeskContext } from '@/api/context';
import type { Desk } from '@/api/desk';
import { loadLanguage, loadLaterWords } from '@/i18n/catalogue';
import type { Lang } from '@/i18n/locale';
import { I18nProvider } from '@/i18n/react';
import { AlarmProvider } from '@/parts/alarm';
import { useSeat } from '@/parts/desk';
import { SayProvider } from '@/ui';

// What jsdom leaves out and React Aria asks for.
globalThis.CSS ??= { escape: (text: string) => text.replace(/[^\w-]/g, '\\$&') } as typeof CSS;
window.scrollTo = () => undefined;

function Frame() {
  const seat = useSeat();
  return seat ? <AlarmProvider seat={seat}><Outlet /></AlarmProvider> : null;
}

/** `screens`: address pattern to component. What is not there shows its own address, so that a test sees where a screen led. */
export async function renderAt(address: string, screens: Record<string, () => ReactNode>, desk: Desk, lang: Lang = 'en') {
  const root = createRootRoute({ component: Frame, notFoundComponent: () => <p>nothing here</p> });
  const routes = Object.entries(screens).map(([path, component]) => createRoute({ getParentRoute: () => root, path, component }));
  const router = createRouter({ routeTree: root.addChildren(routes), history: createMemoryHistory({ initialEntries: [address] }) });
  await loadLaterWords();
  const pack = await loadLanguage(lang);
  const page = render(
    <I18nProvider lang={lang} pack={pack}>
      <SayProvider>
        <DeskContext value={desk}>
          <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
            <AriaRouterProvider navigate={(to) => router.history.push(to)}>
              <RouterProvider router={router as never} />
            </AriaRouterProvider>
          </QueryClientProvider>
        </DeskContext>
      </SayProvider>
    </I18nProvider>,
  );
  return { page, router };
}
