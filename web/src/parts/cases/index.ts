/** Lists of cases, how a case stands, its summary opened here, who is in it, and the acknowledgement by one key. */
export { useAcknowledge, type AcknowledgeResult } from './acknowledge';
export { useCases, useLiveCases, usePresence, useTellPresence, withPresence, type CaseList, type Present } from './queries';
export { acknowledgement, isEmergency, isFinal, leadingClock, otherSide, runningClocks, standOf, type Stand } from './stand';
export { forgetSummaries, SummaryStore, useSummaries } from './summaries';
export { CaseTable, SummaryText, type CaseTableProps } from './case-table';
