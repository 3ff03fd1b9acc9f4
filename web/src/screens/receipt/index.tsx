/** What was sent and is proved; what is signed and still waits. */
import '@/parts/form/form.css';
export { OutboxScreen } from './outbox';
export { ReceiptScreen } from './receipt';
