/** What every screen needs of the hub: who I am, the rulebook and its words, the directory, the connection, and errors in words. */
export { useProblemText, problemText, type ProblemText } from './problem';
export { CATCH_UP, readsCases, useConnection, useDirectory, useNewDesk, useRules, useSeat, useSession, useStatus, type Connection, type Seat } from './queries';
export { administers, forMe, useWaiting } from './waiting';
export { Remote } from './remote';
export { changeSettings, followOtherTabs, settings, useSettings, type SavedView, type Settings, type Theme } from './settings';
export { makeWords, useWords, type Words } from './words';
