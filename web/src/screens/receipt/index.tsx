/** What was sent and is proved; what is signed and still waits. */
export { OutboxScreen } from './outbox';
export { ReceiptScreen } from './receipt';
