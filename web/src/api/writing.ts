// From what a person wrote to a sealed, signed act on its way; and evidence files.

import { base64, base64url, tryBase64url } from '@/sealing/base64';
import type { Bytes } from '@/sealing/bytes';
import { own, randomBytes } from '@/sealing/bytes';
import { lockText, unlockText } from '@/sealing/device_keys';
import { Fault } from '@/sealing/fault';
import { decryptFile, encryptFile, sealedFileSize } from '@/sealing/file';
import { Sha256, sha256 } from '@/sealing/sha256';
import type { SignedAct } from '@/proof/act';
import type { Author, Looked, SealedContents } from '@/acts/compose';
import { look, newCaseId, ringOf, sealContents } from '@/acts/compose';
import type { ManifestEntry } from '@/acts/content';

import type { Room } from './desk_room';
import type { Ability, CaseFile } from './generated';
import type { Reading } from './reading';
import type { Attachment, Intention, Prepared, Sent } from './types';

interface Kept {
  readonly view: Prepared;
  readonly looked: Looked;
  readonly contents: SealedContents;
  readonly caseId: string;
  readonly previous: string | null;
}
const PIECE = 4 << 20;

export class Writing {
  private readonly prepared = new Map<string, Kept>();
  constructor(
    private readonly room: Room,
    private readonly reading: Reading,
    private readonly progress: (token: number, done: number, total: number) => void,
  ) {}
  forget(): void {
    this.prepared.clear();
  }

  private author(authority: string): Author {
    const { identity, keys } = this.room.require();
    if (keys.sign === null) throw new Fault('refused', 'key.none', 'this identity has no device key: administrators do not act in cases');
    return { by: identity.officer, for: authority, signer: keys.sign };
  }

  private async rehearse(intention: Intention): Promise<Prepared['rehearsal']> {
    try {
      const list: readonly Ability[] = intention.case === null ? await this.reading.abilities(intention.authority) : await this.reading.caseAbilities(intention.case);
      const found = list.find((one) => one.act === intention.type);
      if (found === undefined) return null;
      return { allowed: found.allowed, rule: found.rule ?? null, title: null };
    } catch {
      return null;
    }
  }

  async prepare(intention: Intention): Promise<Prepared> {
    const { room } = this;
    const author = this.author(intention.authority);
    // None of the three waits for the others: one journey to the hub, not three.
    const rehearsed = this.rehearse(intention);
    const before = intention.case === null ? Promise.resolve(null) : this.lastAct(intention.case);
    before.catch(() => undefined);
    await room.freshen();
    const rules = await room.rules(await room.rulebookInForce());
    const now = room.now();
    const looked = look(rules, intention, now);
    const transition = rules.transition(intention.type);
    const files = await Promise.all(intention.files.map((fid) => this.attachment(fid)));
    const caseId = intention.case ?? newCaseId();
    const previous = await before;
    const good = looked.defects.length === 0;
    const { keys } = room.require();
    const contents = good ? await sealContents(rules, room.mirror.directory, intention, caseId, looked, files, keys.document, now) : { objects: [], jwes: [], readers: [] };
    const own_ = room.require().identity.authority;
    const newKeys = contents.readers.filter((one) => one !== own_).map((one) => ringOf(room.mirror.directory, one)).flatMap((ring, i) => {
      const authority = contents.readers.filter((one) => one !== own_)[i] ?? '';
      return room.mirror.hasSealedTo(ring.kid) ? [] : [{ authority, kid: ring.kid, generation: ring.generation, since: new Date(ring.since * 1000).toISOString().replace(/\.[0-9]+Z$/, 'Z') }];
    });
    const view: Prepared = {
      id: base64url(randomBytes(16)), intention, defects: looked.defects, removed: looked.removed, readers: contents.readers, hubSees: looked.routing as Prepared['hubSees'],
      assurance: transition?.assurance ?? 'session', sealedBytes: contents.jwes.reduce((sum, jwe) => sum + jwe.length, 0), signer: author.by, device: author.signer.kid,
      newKeys, rehearsal: await rehearsed,
    };
    if (good) this.prepared.set(view.id, { view, looked, contents, caseId, previous });
    return view;
  }
  /** The last act of the case that this reader can see. */
  /** The newest act that is known of the case; without a line, as it was when the case was last read here. */
  private async lastAct(caseId: string): Promise<string | null> {
    const newest = async (): Promise<string | null> => ((await this.room.http.json(`/v1/cases/${encodeURIComponent(caseId)}`)) as CaseFile).acts.at(-1)?.id ?? null;
    return (await this.room.kept(`last/${caseId}`, newest)).value;
  }
  drop(id: string): void {
    this.prepared.delete(id);
  }

  async send(id: string): Promise<Sent> {
    const kept = this.prepared.get(id);
    if (kept === undefined) throw new Fault('invalid', 'desk.not-prepared', 'nothing is prepared under this name, or it has defects');
    const { intention } = kept.view;
    const said = { type: intention.type, to: intention.to, case: kept.caseId, previous: kept.previous, objects: kept.contents.objects, d: kept.looked.routing };
    const sent = await this.room.outbox.sign(this.author(intention.authority), said, kept.contents.jwes);
    this.prepared.delete(id);
    for (const fid of intention.files) await this.room.store.remove('attachments', fid);
    return sent;
  }
  // ---- files

  private async attachment(fid: string): Promise<ManifestEntry> {
    const locked = await this.room.store.get<Bytes>('attachments', fid);
    if (locked === null) throw new Fault('not_found', 'file.missing', 'this file was not attached on this device');
    const entry = JSON.parse(await unlockText(this.room.require().identity.draftKey, locked, `attachment/${fid}`)) as Omit<ManifestEntry, 'fk'> & { fk: string };
    return { ...entry, fk: tryBase64url(entry.fk) ?? new Uint8Array(0) };
  }

  async attach(token: number, file: File, note: string): Promise<Attachment> {
    const fidBytes = randomBytes(16);
    const fid = base64url(fidBytes);
    const fk = randomBytes(32);
    const [plain, sealed] = [new Sha256(), new Sha256()];
    const parts: Bytes[] = [];
    const total = 2 * sealedFileSize(file.size);
    let done = 0;
    const counting = new TransformStream<Uint8Array, Uint8Array>({ transform: (piece, out) => (plain.update(piece), out.enqueue(piece)) });
    const reader = file.stream().pipeThrough(counting).pipeThrough(encryptFile(fk, fidBytes, randomBytes(24))).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      sealed.update(next.value);
      parts.push(next.value);
      this.progress(token, (done += next.value.length), total);
    }
    const ciphertext = new Blob(parts);
    const entry = {
      fid, name: file.name, type: file.type === '' ? 'application/octet-stream' : file.type, size: file.size, sha256: base64url(plain.finish()), note,
      ct: base64url(sealed.finish()), ctSize: ciphertext.size,
    };
    await this.upload(entry, ciphertext, (sent) => this.progress(token, done + sent, total));
    const locked = await lockText(this.room.require().identity.draftKey, JSON.stringify({ ...entry, fk: base64url(fk) }), `attachment/${fid}`);
    await this.room.store.put('attachments', fid, locked);
    const { name, type, size, sha256: hash } = entry;
    return { fid, name, type, size, sha256: hash, note };
  }

  private async offset(path: string): Promise<number> {
    const response = await this.room.http.exchange(path, { method: 'HEAD', session: true, headers: { 'Tus-Resumable': '1.0.0' } });
    return response.ok ? Number(response.headers.get('Upload-Offset') ?? '0') : 0;
  }
  private async upload(entry: { fid: string; ct: string; ctSize: number }, ciphertext: Blob, told: (sent: number) => void): Promise<void> {
    const { http } = this.room;
    const tus = { 'Tus-Resumable': '1.0.0' };
    const text = (value: string): string => base64(new TextEncoder().encode(value));
    const metadata = `fid ${text(entry.fid)},sha256 ${text(entry.ct)}`;
    await http.safely('/v1/files', { method: 'POST', session: true, headers: { ...tus, 'Upload-Length': String(entry.ctSize), 'Upload-Metadata': metadata } });
    const path = `/v1/files/${entry.fid}/upload`;
    let failures = 0;
    for (let at = 0; at < entry.ctSize; ) {
      const piece = own(new Uint8Array(await ciphertext.slice(at, at + PIECE).arrayBuffer()));
      const headers = { ...tus, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(at), 'Upload-Checksum': `sha256 ${base64(sha256(piece))}` };
      try {
        const response = await http.attempt(path, { method: 'PATCH', session: true, headers, body: piece });
        at = Number(response.headers.get('Upload-Offset'));
        failures = 0;
        told(at);
      } catch (error) {
        if (!(error instanceof Fault) || !['unavailable', 'conflict', 'internal'].includes(error.kind) || ++failures === 5) throw error;
        await http.pause(250 * 2 ** failures);
        at = await this.offset(path);
      }
    }
  }

  async openFile(token: number, authority: string, act: string, fid: string): Promise<Blob> {
    let entry = this.reading.manifestEntry(act, fid);
    if (entry === null) {
      await this.reading.opening(authority, act);
      entry = this.reading.manifestEntry(act, fid);
    }
    if (entry === null) throw new Fault('not_found', 'file.missing', 'the signed document names no such file');
    const response = await this.room.http.safely(`/v1/files/${fid}`, { session: true });
    const [plain, sealed] = [new Sha256(), new Sha256()];
    let done = 0;
    const total = entry.ctSize;
    const counting = new TransformStream<Uint8Array, Uint8Array>({ transform: (piece, out) => (sealed.update(piece), this.progress(token, (done += piece.length), total), out.enqueue(piece)) });
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(counting).pipeThrough(decryptFile(entry.fk, tryBase64url(fid) ?? new Uint8Array(0))).getReader();
    const parts: Bytes[] = [];
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      plain.update(next.value);
      parts.push(next.value);
    }
    const wrong = (words: string): Fault => new Fault('not_authentic', 'upload.hash', `${entry.name}: ${words}; nothing was kept`);
    if (base64url(sealed.finish()) !== entry.ct) throw wrong('the ciphertext is not the one that was announced');
    if (base64url(plain.finish()) !== entry.sha256) throw wrong('the content is not the one that the document names');
    return new Blob(parts, { type: entry.type });
  }
}
