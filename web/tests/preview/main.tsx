import '@/ui/styles/index.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { RouterProvider as AriaRouterProvider } from 'react-aria-components';
import { DeskContext } from '@/api/context';
import { loadBundle, type JsonObject } from '@/forms';
import { loadLanguage } from '@/i18n/catalogue';
import { isUiLang } from '@/i18n/locale';
import { I18nProvider } from '@/i18n/react';
import { AlarmProvider } from '@/parts/alarm';
import { useSeat } from '@/parts/desk';
import { beginDraft } from '@/parts/draft';
import { ConflictScreen, DraftsScreen, FilesScreen, PartScreen, SummaryScreen, TaskListScreen, TranslationScreen } from '@/screens/draft';
import { ActScreen, BeginScreen, NewScreen } from '@/screens/new';
import { ProofScreen } from '@/screens/proof';
import { OutboxScreen, ReceiptScreen } from '@/screens/receipt';
import { PrintScreen, RequestScreen } from '@/screens/request';
import { FormScreen, InstrumentScreen, KindScreen, RulebookScreen } from '@/screens/rulebook';
import { CheckScreen } from '@/screens/sign';
import { SayProvider } from '@/ui';
import { badVerdict, caseOf, deskDouble, kFrance, kKenya } from '../kit/desk_double';

const sources = import.meta.glob<string>('../../../rulebook/**/*.json', { query: '?raw', import: 'default', eager: true });
const files: Record<string, string> = {};
const examples: Record<string, string> = {};
for (const [path, text] of Object.entries(sources)) {
  const name = path.slice(path.indexOf('rulebook/') + 'rulebook/'.length);
  if (name.startsWith('examples/')) examples[name] = text;
  else files[name] = text;
}
const rules = await loadBundle({ files });
const answers = (name: string): JsonObject => (JSON.parse(examples[`examples/answers/${name}.json`] ?? '{}') as { values: JsonObject }).values;

const params = new URLSearchParams(location.search);
const lang = params.get('lang') ?? 'en';
document.documentElement.dataset['theme'] = params.get('theme') ?? 'light';
const world = { rules, files, answers: answers('assistance-full'), translated: answers('assistance-full-en'), seat: params.get('seat') === 'fr' ? kFrance : kKenya };
const bad = caseOf(world);
const desk = deskDouble(world, params.has('bad') ? { openCase: async () => ({ ...bad, good: false, acts: bad.acts.map((act, index) => (index === 0 ? { ...act, verdict: badVerdict } : act)) }) } : {});
const draft = beginDraft(rules, 'draft-1', { type: 'assistance.request', authority: kFrance, to: [kKenya], case: null, reference: null, basis: 'uncc.44', language: 'fr', known: { now: new Date(), language: 'fr' } });
const full = { ...draft, content: { ...draft.content, answers: world.answers, intention: { ...draft.content.intention, summary: 'Données d’abonné et de trafic de trois comptes' }, sections: Object.fromEntries((rules.form('assistance.request')?.sections ?? []).map((one) => [one.section, 'done' as const])) } };
await desk.saveDraft(draft);
await desk.saveDraft({ ...full, id: 'draft-2' });

const root = createRootRoute({ component: Frame });
const at = (path: string, component: () => React.ReactNode) => createRoute({ getParentRoute: () => root, path, component });
const router = createRouter({
  routeTree: root.addChildren([
    at('/new', NewScreen), at('/new/$actType', BeginScreen), at('/requests/$reference/act/$actType', ActScreen), at('/drafts', DraftsScreen), at('/drafts/$id', TaskListScreen),
    at('/drafts/$id/part/$section', PartScreen), at('/drafts/$id/summary', SummaryScreen), at('/drafts/$id/files', FilesScreen), at('/drafts/$id/translation', TranslationScreen),
    at('/drafts/$id/conflict', ConflictScreen), at('/drafts/$id/check', CheckScreen), at('/outbox', OutboxScreen), at('/receipt/$act', ReceiptScreen), at('/requests/$reference', RequestScreen),
    at('/requests/$reference/print', PrintScreen), at('/requests/$reference/proof/$act', ProofScreen), at('/rulebook', RulebookScreen), at('/rulebook/kind/$kind', KindScreen),
    at('/rulebook/form/$form', FormScreen), at('/rulebook/instrument/$id', InstrumentScreen),
  ]),
});

function Frame() {
  const seat = useSeat();
  if (!seat) return null;
  return <AlarmProvider seat={seat}><main className="main"><Outlet /></main></AlarmProvider>;
}

const pack = await loadLanguage(isUiLang(lang) ? lang : 'en');
const place = document.getElementById('root');
if (place)
  createRoot(place).render(
    <I18nProvider lang={isUiLang(lang) ? lang : 'en'} pack={pack}>
      <SayProvider>
        <DeskContext value={desk}>
          <QueryClientProvider client={new QueryClient()}>
            <AriaRouterProvider navigate={(to) => router.history.push(to)}>
              <RouterProvider router={router as never} />
            </AriaRouterProvider>
          </QueryClientProvider>
        </DeskContext>
      </SayProvider>
    </I18nProvider>,
  );
