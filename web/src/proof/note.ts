// Signed notes and checkpoints (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature): Ed25519.

import type { Bytes } from '@/sealing/bytes';
import { concat, own, readBe64, toHex, utf8 } from '@/sealing/bytes';
import { base64, tryBase64 } from '@/sealing/base64';
import { Fault } from '@/sealing/fault';
import { sha256 } from '@/sealing/sha256';

import { decimal, hashLine, LineReader } from './lines';
import { emptyRoot } from './tree';
import { equal } from '@/sealing/bytes';

const NOTE_BYTES_MAX = 256 << 10;
const SIGNATURES_MAX = 64;
const DASH = '\u2014 ';

export interface NoteSignature {
  readonly name: string;
  /** The key id, 8 hexadecimal digits. */
  readonly id: string;
  readonly bytes: Bytes;
}
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}
export interface NoteVerifier {
  readonly name: string;
  /** 1: Ed25519 of a log; 4: cosignature/v1 of a witness. */
  readonly type: 1 | 4;
  readonly id: string;
  readonly key: Bytes;
  readonly vkey: string;
}
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  readonly note: Note;
  readonly text: string;
}

const fault = (rule: string, words: string): Fault => new Fault('invalid', rule, `note: ${words}`);

const isKeyName = (name: string): boolean =>
  // eslint-disable-next-line no-control-regex
  name !== '' && utf8(name).length <= 255 && !/[+\u0000-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/.test(name) && !/\p{Surrogate}/u.test(name);

/** Rule: merkle.vkey. */
export function parseVkey(vkey: string): NoteVerifier {
  const bad = (words: string): Fault => new Fault('invalid', 'merkle.vkey', `verifier key: ${words}`);
  const [name = '', id = '', ...more] = vkey.split('+');
  const encoded = more.join('+');
  if (!isKeyName(name) || more.length === 0) throw bad('not <name>+<key id>+<key>');
  const bytes = tryBase64(encoded);
  if (bytes === null || bytes.length !== 33) throw bad('the key is not an Ed25519 key of 32 bytes');
  const type = bytes[0];
  if (type !== 1 && type !== 4) throw bad(`signatures of type ${type} are not known here`);
  const key = bytes.slice(1);
  const computed = toHex(sha256(name, '\n', bytes).subarray(0, 4));
  if (computed !== id) throw bad('the key id does not fit name and key');
  return { name, type, id, key, vkey };
}

function parseLine(line: string): NoteSignature {
  const wrong = (words: string): Fault => fault('merkle.note.signature', words);
  if (!line.startsWith(DASH)) throw wrong('a signature line does not begin with a dash and a space');
  const space = line.indexOf(' ', DASH.length);
  if (space < 0) throw wrong('a signature line has no signature');
  const name = line.slice(DASH.length, space);
  if (!isKeyName(name)) throw wrong('a signature line has no key name');
  const bytes = tryBase64(line.slice(space + 1));
  if (bytes === null || bytes.length <= 4) throw wrong('a signature is not a key id and a signature in base64');
  return { name, id: toHex(bytes.subarray(0, 4)), bytes: bytes.slice(4) };
}

/** Rules: merkle.note, merkle.note.signature, merkle.note.size. */
export function parseNote(text: string): Note {
  if (text.length > NOTE_BYTES_MAX) throw new Fault('too_large', 'merkle.note.size', 'note: over 256 KiB');
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) throw fault('merkle.note', 'has a control character');
  const end = text.lastIndexOf('\n\n');
  if (end < 0) throw fault('merkle.note', 'no empty line before the signatures');
  const signatures: NoteSignature[] = [];
  const lines = new LineReader(text.slice(end + 2));
  for (let line = lines.next(); line !== null; line = lines.next()) {
    if (signatures.length === SIGNATURES_MAX) throw new Fault('too_large', 'merkle.note.size', 'note: over 64 signatures');
    const signature = parseLine(line);
    if (signatures.some((other) => other.name === signature.name && other.id === signature.id)) throw fault('merkle.note.signature', 'two signatures of one key');
    signatures.push(signature);
  }
  if (!lines.atEnd) throw fault('merkle.note.signature', 'the last signature line does not end in newline');
  if (signatures.length === 0) throw fault('merkle.note.signature', 'no signature');
  return { text: text.slice(0, end + 1), signatures };
}

const keys = new Map<string, Promise<CryptoKey>>();
async function ed25519(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  if (signature.length !== 64) return false;
  const name = base64(key);
  const known = keys.get(name) ?? crypto.subtle.importKey('raw', own(key), 'Ed25519', false, ['verify']);
  keys.set(name, known);
  return crypto.subtle.verify('Ed25519', await known, own(signature), message);
}

/** Null: this key has not signed. A signature in its name that does not hold is refused: merkle.note.forged. */
export async function verifyNote(note: Note, verifier: NoteVerifier): Promise<{ seconds: number | null } | null> {
  const found = note.signatures.find((one) => one.name === verifier.name && one.id === verifier.id);
  if (found === undefined) return null;
  const forged = new Fault('not_authentic', 'merkle.note.forged', `note: the signature by ${verifier.name} does not hold`);
  if (verifier.type === 1) {
    if (!(await ed25519(verifier.key, utf8(note.text), found.bytes))) throw forged;
    return { seconds: null };
  }
  if (found.bytes.length !== 72) throw forged;
  const seconds = readBe64(found.bytes, 0);
  if (seconds > BigInt(Number.MAX_SAFE_INTEGER)) throw forged;
  if (!(await ed25519(verifier.key, utf8(`cosignature/v1\ntime ${seconds}\n${note.text}`), found.bytes.slice(8)))) throw forged;
  return { seconds: Number(seconds) };
}

/** Rules: merkle.checkpoint, merkle.note.*. */
export function parseCheckpoint(text: string): Checkpoint {
  const note = parseNote(text);
  const wrong = (words: string): Fault => new Fault('invalid', 'merkle.checkpoint', `checkpoint: ${words}`);
  const lines = new LineReader(note.text);
  const [origin, sizeLine, rootLine] = [lines.next(), lines.next(), lines.next()];
  if (origin === null || sizeLine === null || rootLine === null || !lines.atEnd) throw wrong('not three lines that end in newline');
  if (!isKeyName(origin)) throw wrong('the origin is empty or has spaces');
  const size = decimal(sizeLine);
  const root = hashLine(rootLine);
  if (size === null) throw wrong('the size is not a number');
  if (root === null) throw wrong('the root is not 32 bytes in base64');
  if (size === 0 && !equal(root, emptyRoot())) throw wrong('an empty tree has another root');
  return { origin, size, root, note, text };
}

/** That the log signed it. Rules: merkle.checkpoint.origin, merkle.checkpoint.unsigned, merkle.note.forged. */
export async function verifyCheckpoint(checkpoint: Checkpoint, log: NoteVerifier): Promise<void> {
  if (checkpoint.origin !== log.name) throw new Fault('not_authentic', 'merkle.checkpoint.origin', `checkpoint: is of log ${checkpoint.origin}, not of ${log.name}`);
  if ((await verifyNote(checkpoint.note, log)) === null) throw new Fault('not_authentic', 'merkle.checkpoint.unsigned', `checkpoint: not signed by ${log.name}`);
}

/** The text of a note again. */
export const noteText = (note: Note): string =>
  `${note.text}\n${note.signatures.map((one) => `${DASH}${one.name} ${base64(concat(hexBytes(one.id), one.bytes))}\n`).join('')}`;
const hexBytes = (text: string): Bytes => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
