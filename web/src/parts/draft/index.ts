/** Drafts that survive: saved as one types, shared with the team, put together where two people wrote. */
export { beginDraft, filesOf, intentionOf, newDraftId, referenceOf, type Beginning, type DraftFile } from './make';
export { dropLeftover, formChange, leftoversOf, moveAnswers, type FormChange, type Leftover } from './form-change';
export { addTeamNote, kNoteForm, loadOwnNote, loadTeamNotes, saveOwnNote, teamPageId, type Note } from './notes';
export { SaveStateLine } from './save-state';
export { DraftStore, kSaveAfter, type OpenDraft, type SaveState, type TeamState } from './store';
export { useDraftStore, useForgetDraft, useOpenDraft } from './use-draft';
export { kOtherParts, mergeDrafts, orderOf, partOf, sectionOf, settle, translatable, type Merged } from './versions';
