/** One act, proved: in words, then raw. */
export { ProofScreen } from './proof';
