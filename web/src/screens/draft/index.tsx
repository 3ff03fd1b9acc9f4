/** A draft: its task list, one page a section, and what goes beside the form. */
import '@/parts/form/form.css';
export { ConflictScreen } from './conflict';
export { DraftsScreen } from './drafts';
export { FilesScreen } from './files';
export { PartScreen } from './part';
export { SummaryScreen } from './summary';
export { TaskListScreen } from './tasks';
export { TranslationScreen } from './translation';
