// The form engine of the rulebook, pure: no React, no DOM, no network. Screens, acts and the worker import from here.

export { covers } from './condition';
export { atPath, isAnswered, isList, isObject, member, setPath, type Json, type JsonObject } from './json';
export type * from './model';
export { partAnswers, tidyAnswers, type Parted } from './part';
export { addPeriod, parseDate, parseDateTime, parseOffset, parsePeriod, type Period } from './period';
export { loadBundle, objectsOf, Rulebook, RulebookError } from './rulebook';
export { fieldsOfForm, hideAnswers, isRequired, isVisible, validate, type Circumstances } from './validate';
export { basesFor, nextActs, openings, receiversOf, type Ability, type BasisOffer, type Offer } from './offers';
export { pagesOf, strayDefects, type Page, type PageField, type PageState } from './pages';
export { findIdentifiers, latinDigits, pasteIdentifiers, type Found, type IdentifierKind } from './paste';
export { offsetText, ownReference, prefill, type Known } from './prefill';
export { articleOf, RuleWords } from './words';
