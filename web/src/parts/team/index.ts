/** What a team tells itself: hand-overs, questions to a colleague, reminders that rest. */
export { kNoTeamPage, type Ask, type HandedCase, type HandOver, type Snooze, type TeamPage } from './page';
export { useChangeTeamPage, useTeamPage } from './react';
export { restEnds, restsOf, restsUntil, type Rest } from './snooze';
