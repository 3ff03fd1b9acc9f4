// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { refused, vector } from '../../tests/kit/vectors';
import { concat, fromHex, toHex } from './bytes';
import { CHUNK_BYTES, decryptFile, encryptFile, HEAD_BYTES, sealedFileSize } from './file';
import { sha256 } from './sha256';

interface Case {
  readonly plain_len: number;
  readonly fk_hex: string;
  readonly salt_hex: string;
  readonly fid_hex: string;
  readonly cipher_len: number;
  readonly commitment_hex: string;
  readonly cipher_sha256_hex: string;
}
const { cases } = vector<{ cases: readonly Case[] }>('files.json');
const plainOf = (size: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length: size }, (_, i) => i % 251);

async function through(bytes: Uint8Array, stage: TransformStream<Uint8Array, Uint8Array>, piece: number): Promise<Uint8Array<ArrayBuffer>> {
  const out: Uint8Array[] = [];
  let at = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, (at += piece)));
    },
  });
  const reader = source.pipeThrough(stage).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) out.push(next.value);
  return concat(...out);
}

describe('files', () => {
  it.each(cases)('encrypts $plain_len bytes to the golden ciphertext and back, in pieces of any size', async (one) => {
    const [fk, salt, fid] = [fromHex(one.fk_hex), fromHex(one.salt_hex), fromHex(one.fid_hex)];
    const plain = plainOf(one.plain_len);
    const sealed = await through(plain, encryptFile(fk, fid, salt), 10_007);
    expect(sealed.length).toBe(one.cipher_len);
    expect(sealedFileSize(one.plain_len)).toBe(one.cipher_len);
    expect(toHex(sealed.subarray(24, HEAD_BYTES))).toBe(one.commitment_hex);
    expect(toHex(sha256(sealed))).toBe(one.cipher_sha256_hex);
    expect(Buffer.compare(await through(sealed, decryptFile(fk, fid), 33_333), plain)).toBe(0);
  });

  const one = cases.find((each) => each.plain_len > CHUNK_BYTES && each.plain_len < 10 * CHUNK_BYTES) ?? cases[0]!;
  const [fk, salt, fid] = [fromHex(one.fk_hex), fromHex(one.salt_hex), fromHex(one.fid_hex)];
  const sealed = () => through(plainOf(one.plain_len), encryptFile(fk, fid, salt), 4096);
  it('notices another key, another file, an altered byte, and any cut', async () => {
    const good = await sealed();
    const rule = (bytes: Uint8Array, key = fk, id = fid) => refused(() => through(bytes, decryptFile(key, id), 5000));
    expect(await rule(good, fk.map((byte) => byte ^ 1))).toBe('file.key');
    expect(await rule(good, fk, fid.map((byte) => byte ^ 1))).toBe('file.key');
    expect(await rule(good.map((byte, i) => (i === 3 ? byte ^ 1 : byte)))).toBe('file.key');
    expect(await rule(good.map((byte, i) => (i === HEAD_BYTES + 9 ? byte ^ 1 : byte)))).toBe('file.chunk');
    expect(await rule(good.slice(0, HEAD_BYTES + CHUNK_BYTES + 16))).toBe('file.truncated');
    expect(await rule(good.slice(0, -1))).toBe('file.chunk');
    expect(await rule(good.slice(0, 40))).toBe('file.truncated');
    expect(await rule(concat(good, good.slice(-20)))).toBe('file.chunk');
  });
  it('takes no key of another size', async () => {
    expect(await refused(() => through(new Uint8Array(100), decryptFile(new Uint8Array(16), fid), 100))).toBe('file.key');
  });
});
