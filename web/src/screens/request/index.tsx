/** A request, received or sent: as a page to work on, and as a document to print. */
import '@/parts/form/form.css';
export { PrintScreen } from './print';
export { RequestScreen } from './request';
