// What this browser keeps, in IndexedDB: keys, the verified copy, drafts, what waits to be sent. One database a site.

import { Fault } from './fault';

const NAME = 'entraide-desk';
export type Shelf = 'identities' | 'mirror' | 'outbox' | 'drafts' | 'attachments' | 'codes' | 'cache';
/** A power cut may lose the last moments of these: the ledger and what was read are fetched again, counters are reconciled at sign-in. */
const AGAIN: ReadonlySet<Shelf> = new Set<Shelf>(['mirror', 'cache']);
const SHELVES: readonly Shelf[] = ['identities', 'mirror', 'outbox', 'drafts', 'attachments', 'codes', 'cache'];

const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Fault('internal', 'store.failed', `this browser's storage: ${request.error?.message ?? 'failed'}`));
  });

export class Store {
  private constructor(private readonly database: IDBDatabase) {}

  /** Rule: store.failed (private windows of some browsers have none). */
  static async open(): Promise<Store> {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const shelf of SHELVES) request.result.createObjectStore(shelf);
    };
    const database = await asked(request);
    database.onversionchange = () => database.close();
    return new Store(database);
  }
  async get<T>(shelf: Shelf, key: string): Promise<T | null> {
    return ((await asked(this.database.transaction(shelf).objectStore(shelf).get(key))) as T | undefined) ?? null;
  }
  async all<T>(shelf: Shelf): Promise<readonly T[]> {
    return (await asked(this.database.transaction(shelf).objectStore(shelf).getAll())) as T[];
  }
  async keys(shelf: Shelf): Promise<readonly string[]> {
    return (await asked(this.database.transaction(shelf).objectStore(shelf).getAllKeys())).map(String);
  }
  async put(shelf: Shelf, key: string, value: unknown): Promise<void> {
    await this.write(shelf, [[key, value]]);
  }
  async remove(shelf: Shelf, key: string): Promise<void> {
    await asked(this.database.transaction(shelf, 'readwrite').objectStore(shelf).delete(key));
  }
  /** All or nothing, and on disk when it returns; what the hub gives again comes to the disk when the system likes. */
  async write(shelf: Shelf, values: readonly (readonly [string, unknown])[]): Promise<void> {
    const transaction = this.database.transaction(shelf, 'readwrite', { durability: AGAIN.has(shelf) ? 'relaxed' : 'strict' });
    for (const [key, value] of values) transaction.objectStore(shelf).put(value, key);
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(new Fault('internal', 'store.failed', `this browser's storage: ${transaction.error?.message ?? 'failed'}`));
    });
  }
  async forgetEverything(): Promise<void> {
    const transaction = this.database.transaction([...SHELVES], 'readwrite', { durability: 'strict' });
    for (const shelf of SHELVES) transaction.objectStore(shelf).clear();
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(new Fault('internal', 'store.failed', 'this browser\'s storage could not be emptied'));
    });
  }
}

/** One of all tabs of this site at a time. */
export async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(`entraide:${name}`, work) as Promise<T>;
}
