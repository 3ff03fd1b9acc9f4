/** One act, proved: in words, then raw. */
import '@/parts/form/form.css';
export { ProofScreen } from './proof';
