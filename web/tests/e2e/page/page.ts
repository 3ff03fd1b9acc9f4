// The facade without screens, for tests that ask what the desk believes rather than how it looks.

import '@/app/trusted-types';
import { createDesk } from '@/api/connect';

declare global {
  interface Window {
    desk: ReturnType<typeof createDesk>;
  }
}
window.desk = createDesk('en');
document.title = 'ready';
