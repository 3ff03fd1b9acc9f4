// Evidence files: C2SP chunked-encryption (Cobblestone-256), as a stream, readable and checked chunk by chunk.

import type { Bytes } from './bytes';
import { concat, equal, own, utf8 } from './bytes';
import { Fault } from './fault';

export const CHUNK_BYTES = 16384;
const TAG_BYTES = 16;
const SALT_BYTES = 24;
export const HEAD_BYTES = SALT_BYTES + 32;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
/** How many chunks are under way in WebCrypto at a time. */
const IN_FLIGHT = 64;

export const sealedFileSize = (plainSize: number): number => HEAD_BYTES + plainSize + (Math.floor(plainSize / CHUNK_BYTES) + 1) * TAG_BYTES;

const altered = (index: number): Fault => new Fault('not_authentic', 'file.chunk', `file: chunk ${index} was altered`);

/** HKDF-Expand-SHA-512 (RFC 5869 section 2.3), at most two rounds. WebCrypto has no Expand alone. */
async function expand(key: Bytes, info: Bytes, size: number): Promise<Bytes> {
  const hmac = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-512' }, false, ['sign']);
  const t1 = new Uint8Array(await crypto.subtle.sign('HMAC', hmac, concat(info, new Uint8Array([1]))));
  const t2 = new Uint8Array(await crypto.subtle.sign('HMAC', hmac, concat(t1, info, new Uint8Array([2]))));
  return concat(t1, t2).slice(0, size);
}

class FileCipher {
  private constructor(
    readonly key: CryptoKey,
    private readonly base: Bytes,
    readonly head: Bytes,
  ) {}
  static async make(fileKey: Bytes, fid: Bytes, salt: Bytes): Promise<FileCipher> {
    if (fileKey.length !== 32 || fid.length !== 16) throw new Fault('invalid', 'file.key', 'file: the key must be 32 bytes, the id 16');
    const info = concat(utf8('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM'), new Uint8Array([0]), salt, utf8('entraide/file/v1\n'), fid);
    const derived = await expand(fileKey, info, 76);
    const key = await crypto.subtle.importKey('raw', derived.slice(0, 32), 'AES-GCM', false, ['encrypt', 'decrypt']);
    return new FileCipher(key, derived.slice(32, 44), concat(salt, derived.slice(44)));
  }
  private nonce(index: number): Bytes {
    const out = own(this.base);
    let rest = index;
    for (let i = 11; i >= 4 && rest > 0; --i, rest = Math.floor(rest / 256)) out[i] = (out[i] as number) ^ (rest % 256);
    return out;
  }
  async seal(index: number, plain: Bytes): Promise<Bytes> {
    return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: this.nonce(index) }, this.key, plain));
  }
  async open(index: number, sealed: Bytes): Promise<Bytes> {
    try {
      return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: this.nonce(index) }, this.key, sealed));
    } catch {
      throw altered(index);
    }
  }
}

/** Cuts whatever pieces come in into pieces of exactly `size` bytes; the last one may be shorter, and may be empty. */
class Cutter {
  private held: Uint8Array[] = [];
  private count = 0;
  constructor(private readonly size: number) {}
  push(bytes: Uint8Array): Bytes[] {
    this.held.push(bytes);
    this.count += bytes.length;
    if (this.count < this.size) return [];
    const all = concat(...this.held);
    const out: Bytes[] = [];
    let at = 0;
    for (; all.length - at >= this.size; at += this.size) out.push(all.slice(at, at + this.size));
    this.held = [all.slice(at)];
    this.count = all.length - at;
    return out;
  }
  rest(): Bytes {
    return concat(...this.held);
  }
}

/** A stage between streams that keeps the order and many chunks under way. */
class Pipeline {
  private readonly queue: Promise<Bytes>[] = [];
  constructor(private readonly out: TransformStreamDefaultController<Bytes>) {}
  async add(work: Promise<Bytes>): Promise<void> {
    work.catch(() => undefined); // told when its turn comes
    this.queue.push(work);
    if (this.queue.length >= IN_FLIGHT) this.out.enqueue(await (this.queue.shift() as Promise<Bytes>));
  }
  async drain(): Promise<void> {
    for (const work of this.queue.splice(0)) this.out.enqueue(await work);
  }
}

/** Plaintext in, ciphertext out. `salt` is 24 random bytes. */
export function encryptFile(fileKey: Bytes, fid: Bytes, salt: Bytes): TransformStream<Uint8Array, Bytes> {
  const chunks = new Cutter(CHUNK_BYTES);
  let cipher: FileCipher;
  let pipeline: Pipeline;
  let index = 0;
  return new TransformStream({
    async start(controller) {
      cipher = await FileCipher.make(fileKey, fid, salt);
      pipeline = new Pipeline(controller);
      controller.enqueue(cipher.head);
    },
    async transform(piece) {
      for (const chunk of chunks.push(piece)) await pipeline.add(cipher.seal(index++, chunk));
    },
    async flush() {
      await pipeline.add(cipher.seal(index, chunks.rest()));
      await pipeline.drain();
    },
  });
}

/** Ciphertext in, plaintext out; nothing that has not been authenticated. Rules: file.key, file.chunk, file.truncated. */
export function decryptFile(fileKey: Bytes, fid: Bytes): TransformStream<Uint8Array, Bytes> {
  const head = new Cutter(HEAD_BYTES);
  const chunks = new Cutter(SEALED_CHUNK_BYTES);
  let cipher: FileCipher | null = null;
  let pipeline: Pipeline;
  let index = 0;
  const take = async (bytes: Uint8Array, of: FileCipher): Promise<void> => {
    for (const chunk of chunks.push(bytes)) await pipeline.add(of.open(index++, chunk));
  };
  return new TransformStream({
    start(controller) {
      pipeline = new Pipeline(controller);
    },
    async transform(piece) {
      if (cipher !== null) return take(piece, cipher);
      const [first, ...more] = head.push(piece);
      if (first === undefined) return;
      const made = await FileCipher.make(fileKey, fid, first.slice(0, SALT_BYTES));
      if (!equal(made.head, first)) throw new Fault('not_authentic', 'file.key', 'file: not encrypted under this key and file id');
      cipher = made;
      await take(concat(...more, head.rest()), made);
    },
    async flush() {
      const last = chunks.rest();
      if (cipher === null || last.length < TAG_BYTES) throw new Fault('not_authentic', 'file.truncated', 'file: its end is missing');
      await pipeline.add(cipher.open(index, last));
      await pipeline.drain();
    },
  });
}
