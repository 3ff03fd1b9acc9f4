// The page's side of the service worker: keep the desk on this device, and change to a new one when a person says so.

/** Registers it, and fills in what "forget everything" has taken away. Where there is none, the desk works with a line only. */
export async function keepOnThisDevice(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
  registration.active?.postMessage('fill');
}

/** Loads the new desk: the worker that waits takes over first, so that the page comes with its own files. */
export async function changeToNewDesk(): Promise<void> {
  if ('serviceWorker' in navigator) {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration?.update().catch(() => undefined);
    const next = registration?.waiting ?? registration?.installing;
    if (next) {
      const changed = new Promise<void>((done) => {
        navigator.serviceWorker.addEventListener('controllerchange', () => done(), { once: true });
        setTimeout(done, 5000);
      });
      if (next.state === 'installing') next.addEventListener('statechange', () => next.state === 'installed' && next.postMessage('take over'));
      else next.postMessage('take over');
      await changed;
    }
  }
  location.reload();
}

/** Whether the hub gives another desk than the one that runs in this tab: its page names another script. False without a line. */
export async function hasNewDesk(): Promise<boolean> {
  const mine = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.getAttribute('src');
  if (!mine || !import.meta.env.PROD) return false;
  try {
    const answer = await fetch('/', { headers: { Accept: 'text/html' }, cache: 'no-store' });
    const page = await answer.text();
    return answer.ok && page.includes('<div id="root">') && !page.includes(mine);
  } catch {
    return false;
  }
}
