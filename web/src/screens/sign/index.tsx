/** Check your answers, sign and send. */
import '@/parts/form/form.css';
export { CheckScreen } from './check';
