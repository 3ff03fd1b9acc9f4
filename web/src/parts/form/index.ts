/** Any form of the rulebook, to be filled in and to be read. */
export { Cite } from './cite';
export { FormProvider, idOf, type Choice, type FormValue } from './context';
export { FormField } from './field';
export { faultsOf } from './faults';
export { languageName, languages } from './standards';
export { useRuleWords } from './reader';
export { FormView, shownSections, ViewPart, type ViewTranslation } from './view';
