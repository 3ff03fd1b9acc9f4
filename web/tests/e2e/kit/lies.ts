// What a hub that lies does to what passes: the lies that the desk must catch.

import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { noteText, parseCheckpoint } from '@/proof/note';
import { base64, base64url, fromBase64url } from '@/sealing/base64';
import { utf8 } from '@/sealing/bytes';
import type { Hub } from './hub';
import { bent, type Lie } from './proxy';

type Payload = { t: string; d: { [name: string]: unknown; pub?: { x: string; y: string } } };
/** The signed part of an act's body, read. */
const payloadOf = (body: string): Payload => JSON.parse(Buffer.from(body.split('\n')[0] ?? '', 'base64url').toString()) as Payload;
const withPayload = (body: string, payload: Payload): string => body.replace(/^[^\n]*/, base64url(utf8(JSON.stringify(payload))));

/** Bends the entries of the directory's feed. */
export const feed = (bend: (entries: { index: number; body: string }[]) => void): Lie => (asked, said) =>
  asked.path.startsWith('/v1/directory/feed') && !asked.path.endsWith('limit=1') ? { body: bent<{ entries: { index: number; body: string }[] }>(said.body, ({ entries }) => bend(entries)) } : null;

/** Another public key for an authority, where its first ring was announced. */
export const swappedRingKey: Lie = feed((entries) => {
  for (const entry of entries) {
    const payload = payloadOf(entry.body);
    if (payload.t !== 'ring.new' || payload.d.pub === undefined) continue;
    payload.d.pub = { ...payload.d.pub, x: payload.d.pub.y, y: payload.d.pub.x };
    entry.body = withPayload(entry.body, payload);
    return;
  }
});

/** An act that says something else than what the officer signed. */
export const forgedAct = (id: string): Lie => (asked, said) => {
  const forge = (record: { act: string }): void => {
    const payload = payloadOf(record.act);
    payload.d['basis'] = 'budapest.29';
    record.act = withPayload(record.act, payload);
  };
  if (asked.path === `/v1/acts/${id}`) return { body: bent<{ act: string }>(said.body, forge) };
  return isMany(asked.path) ? { body: bent<Many>(said.body, ({ items }) => items.filter((item) => item.id === id).forEach(forge)) } : null;
};

/** One byte of what is sealed for a case; wraps of rings stay as they are. */
export const alteredObjects = (which: (path: string) => boolean = () => true): Lie => (asked, said) => {
  const alter = (body: string): string => bent<{ ciphertext: string }>(Buffer.from(body), (jwe) => { jwe.ciphertext = base64url(fromBase64url(jwe.ciphertext).map((byte, i) => (i === 50 ? byte ^ 1 : byte))); }).toString();
  if (asked.path.includes('/objects/') && which(asked.path) && isCase(said.body)) return { body: alter(said.body.toString()) };
  if (!isMany(asked.path)) return null;
  return { body: bent<Many>(said.body, ({ items }) => { for (const { id, sealed } of items) for (const one of sealed ?? []) if (which(`/v1/acts/${id}/objects/${one.h}`)) one.jwe = alter(one.jwe); }) };
};
type Many = { items: { id: string; act: string; sealed?: { h: string; jwe: string }[] }[] };
const isMany = (path: string): boolean => path.startsWith('/v1/acts?');
function isCase(body: Buffer): boolean {
  const { protected: header } = JSON.parse(body.toString()) as { protected: string };
  return Buffer.from(header, 'base64url').toString().includes('entraide-seal+json');
}

/** A checkpoint of the size of `real` that the log itself signed, of a tree that nobody else was shown. */
export function forkOf(hub: Hub, real: string): string {
  const seed = Buffer.from(readFileSync(join(hub.dir, 'hub/log.key'), 'utf8').trim(), 'base64url');
  const key = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
  const checkpoint = parseCheckpoint(real);
  const text = `${checkpoint.origin}\n${checkpoint.size}\n${base64(new Uint8Array(32).fill(9))}\n`;
  const [own] = checkpoint.note.signatures;
  return noteText({ text, signatures: [{ name: own?.name ?? '', id: own?.id ?? '', bytes: new Uint8Array(sign(null, Buffer.from(text), key)) }] });
}
