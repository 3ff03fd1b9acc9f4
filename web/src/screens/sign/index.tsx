/** Check your answers, sign and send. */
export { CheckScreen } from './check';
