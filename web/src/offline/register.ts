// The page's side of the service worker: keep the desk on this device, and change to a new one when a person says so.

/** Registers it, and fills in what "forget everything" has taken away. Where there is none, the desk works with a line only. */
export async function keepOnThisDevice(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
  registration.active?.postMessage('fill');
  // A tab that runs the new desk already has no use for the old one's files.
  if (await hasNewDesk().catch(() => true)) return;
  registration.addEventListener('updatefound', () => takeOver(registration));
  takeOver(registration);
}

function takeOver({ waiting, installing }: ServiceWorkerRegistration): void {
  waiting?.postMessage('take over');
  installing?.addEventListener('statechange', () => installing.state === 'installed' && installing.postMessage('take over'));
}

/** Loads the new desk: the worker that waits takes over first, so that the page comes with its own files. */
export async function changeToNewDesk(): Promise<void> {
  const registration = 'serviceWorker' in navigator ? await navigator.serviceWorker.getRegistration() : undefined;
  if (registration) {
    registration.active?.postMessage('new desk');
    await registration.update().catch(() => undefined);
    const changed = new Promise<void>((done) => {
      navigator.serviceWorker.addEventListener('controllerchange', () => done(), { once: true });
      setTimeout(done, registration.waiting || registration.installing ? 5000 : 0);
    });
    takeOver(registration);
    await changed;
  }
  location.reload();
}

/** Whether the hub gives another desk than the one that runs in this tab: its page names another script. Fails without a line. */
export async function hasNewDesk(): Promise<boolean> {
  const mine = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.getAttribute('src');
  if (!mine || !import.meta.env.PROD) return false;
  const answer = await fetch('/', { headers: { Accept: 'text/html' }, cache: 'no-store' });
  const page = await answer.text();
  return answer.ok && page.includes('<div id="root">') && !page.includes(mine);
}
