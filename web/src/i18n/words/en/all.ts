import { words as first } from './index';
import { words as later } from './later';

/** For types and tests: a visit fetches the later words with the first screen that needs them. */
export const words = { ...first, ...later };
export type Words = typeof words;
