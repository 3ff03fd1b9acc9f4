import { createRootRoute, createRoute, createRouter, lazyRouteComponent, type ErrorComponentProps } from '@tanstack/react-router';
import { loadLaterWords } from '@/i18n/catalogue';
import { Shell } from './shell';
import { CrashHere, NotFoundHere } from './crash';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundHere });

type Screen<Module> = { [Name in keyof Module]: Module[Name] extends React.ComponentType ? Name : never }[keyof Module] & string;

/** A screen whose words come with it. */
const withWords = <Module,>(load: () => Promise<Module>) => async (): Promise<Module> => {
  const [module] = await Promise.all([load(), loadLaterWords()]);
  return module;
};

/** A screen is a part of its own, fetched when it is first opened. */
function screen<Module extends object>(path: string, load: () => Promise<Module>, name: Screen<Module>) {
  return createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load as () => Promise<Record<string, React.ComponentType>>, name) });
}

const inbox = () => import('@/screens/inbox');
const requests = () => import('@/screens/requests');
const request = withWords(() => import('@/screens/request'));
const handover = withWords(() => import('@/screens/handover'));
const begin = () => import('@/screens/new');
const draft = withWords(() => import('@/screens/draft'));
const sign = withWords(() => import('@/screens/sign'));
const receipt = withWords(() => import('@/screens/receipt'));
const proof = () => import('@/screens/proof');
const rulebook = () => import('@/screens/rulebook');
const directory = () => import('@/screens/directory');
const administration = withWords(() => import('@/screens/administration'));
const settings = withWords(() => import('@/screens/settings'));
const help = withWords(() => import('@/screens/help'));
const signin = () => import('@/screens/signin');

const routes = [
  screen('/', inbox, 'InboxScreen'),
  screen('/requests', requests, 'RequestsScreen'),
  screen('/requests/$reference', request, 'RequestScreen'),
  screen('/requests/$reference/print', request, 'PrintScreen'),
  screen('/requests/$reference/proof/$act', proof, 'ProofScreen'),
  screen('/requests/$reference/act/$actType', begin, 'ActScreen'),
  screen('/new', begin, 'NewScreen'),
  screen('/new/$actType', begin, 'BeginScreen'),
  screen('/drafts', draft, 'DraftsScreen'),
  screen('/drafts/$id', draft, 'TaskListScreen'),
  screen('/drafts/$id/part/$section', draft, 'PartScreen'),
  screen('/drafts/$id/summary', draft, 'SummaryScreen'),
  screen('/drafts/$id/translation', draft, 'TranslationScreen'),
  screen('/drafts/$id/files', draft, 'FilesScreen'),
  screen('/drafts/$id/conflict', draft, 'ConflictScreen'),
  screen('/drafts/$id/check', sign, 'CheckScreen'),
  screen('/outbox', receipt, 'OutboxScreen'),
  screen('/receipt/$act', receipt, 'ReceiptScreen'),
  screen('/rulebook', rulebook, 'RulebookScreen'),
  screen('/rulebook/kind/$kind', rulebook, 'KindScreen'),
  screen('/rulebook/form/$form', rulebook, 'FormScreen'),
  screen('/rulebook/instrument/$id', rulebook, 'InstrumentScreen'),
  screen('/directory', directory, 'DirectoryScreen'),
  screen('/administration', administration, 'AdministrationScreen'),
  screen('/settings', settings, 'SettingsScreen'),
  screen('/handover', handover, 'HandOverScreen'),
  screen('/help', help, 'HelpScreen'),
  screen('/duty', signin, 'DutyScreen'),
  screen('/sign-in', signin, 'SignInScreen'),
  screen('/enrol', signin, 'EnrolScreen'),
];

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultErrorComponent: ({ error }: ErrorComponentProps) => <CrashHere error={error} />,
  defaultPreload: 'intent',
});
