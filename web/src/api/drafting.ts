// Drafts: on this device under a key that cannot be extracted, and for the team under the authority's ring.


import type { Bytes } from '@/sealing/bytes';
import { fromUtf8, utf8 } from '@/sealing/bytes';
import { lockText, unlockText } from '@/sealing/device_keys';
import { Fault } from '@/sealing/fault';
import { open, parseJwe, seal } from '@/sealing/jwe';
import { timeText } from '@/proof/time';
import { ringOf } from '@/acts/compose';

import type { Room } from './desk_room';
import type { Draft, DraftContent, DraftSummary } from './types_people';

interface StoredDraft {
  readonly id: string;
  readonly kid: string;
  readonly authority: string;
  readonly kind: string;
  readonly form: string;
  readonly updatedAt: string;
  readonly locked: Bytes;
}
interface TeamRecord {
  readonly draft: string;
  readonly authority: string;
  readonly kind: string;
  readonly form: string;
  readonly bytes: number;
  readonly etag: string;
  readonly updated_at: string;
  readonly updated_by: string;
}
const TYPE = 'entraide-draft+json';

export class Drafting {
  constructor(private readonly room: Room) {}

  async save(draft: Draft): Promise<string> {
    const identity = this.room.owner();
    const updatedAt = timeText(this.room.now());
    const { id, authority, kind, form } = draft;
    const locked = await lockText(identity.draftKey, JSON.stringify(draft.content), `draft/${id}`);
    await this.room.store.put('drafts', `${identity.kid}/${id}`, { id, kid: identity.kid, authority, kind, form, updatedAt, locked } satisfies StoredDraft);
    return updatedAt;
  }
  async load(id: string): Promise<Draft | null> {
    const { identity } = this.room.require();
    const stored = await this.room.store.get<StoredDraft>('drafts', `${identity.kid}/${id}`);
    if (stored === null) return null;
    const { authority, kind, form } = stored;
    return { id, authority, kind, form, content: JSON.parse(await unlockText(identity.draftKey, stored.locked, `draft/${id}`)) as DraftContent };
  }
  /** All drafts of this person on this device, in clear, for whoever must take them elsewhere. */
  async exported(): Promise<Blob> {
    const identity = this.room.owner();
    const mine = (await this.room.store.all<StoredDraft>('drafts')).filter((one) => one.kid === identity.kid);
    const drafts = await Promise.all(mine.map(async ({ id, authority, kind, form, updatedAt, locked }) => ({ id, authority, kind, form, updated_at: updatedAt, content: JSON.parse(await unlockText(identity.draftKey, locked, `draft/${id}`)) as DraftContent })));
    const file = { format: 'entraide-drafts/1', officer: identity.officer, device: identity.kid, exported_at: timeText(this.room.now()), drafts };
    return new Blob([JSON.stringify(file, null, 1)], { type: 'application/json' });
  }
  async list(): Promise<readonly DraftSummary[]> {
    const identity = this.room.owner();
    const mine = (await this.room.store.all<StoredDraft>('drafts')).filter((one) => one.kid === identity.kid);
    return mine.map(({ id, authority, kind, form, updatedAt, locked }) => ({ id, authority, kind, form, updatedAt, updatedBy: null, etag: null, bytes: locked.length })).sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  }
  async remove(id: string): Promise<void> {
    await this.room.store.remove('drafts', `${this.room.require().identity.kid}/${id}`);
  }

  async share(draft: Draft, etag: string | null): Promise<{ etag: string; updatedAt: string }> {
    await this.room.freshen();
    const ring = ringOf(this.room.mirror.directory, draft.authority);
    const header = { typ: TYPE, cty: 'application/json', cid: draft.id, ctx: `draft:${draft.authority}` };
    const jwe = await seal(utf8(JSON.stringify(draft.content)), header, [ring.jwk]);
    const { authority, kind, form } = draft;
    const headers: { [name: string]: string } = etag === null ? { 'If-None-Match': '*' } : { 'If-Match': `"${etag.replaceAll('"', '')}"` };
    const made = (await this.room.http.send('PUT', `/v1/drafts/${draft.id}`, { authority, kind, form, jwe }, { session: true, headers })) as TeamRecord;
    return { etag: made.etag, updatedAt: made.updated_at };
  }
  async team(authority: string): Promise<readonly DraftSummary[]> {
    const { items } = (await this.room.http.json(`/v1/drafts?authority=${encodeURIComponent(authority)}`)) as { items: readonly TeamRecord[] };
    return items.map((one) => ({ id: one.draft, authority: one.authority, kind: one.kind, form: one.form, updatedAt: one.updated_at, updatedBy: one.updated_by, etag: one.etag, bytes: one.bytes }));
  }
  async openTeam(authority: string, id: string): Promise<{ content: DraftContent; etag: string; updatedBy: string; updatedAt: string }> {
    const { rings } = this.room.require();
    if (rings === null) throw new Fault('refused', 'key.none', 'this identity opens no ring');
    const record = (await this.room.http.json(`/v1/drafts/${id}?authority=${encodeURIComponent(authority)}`)) as TeamRecord & { jwe: string };
    const sealed = parseJwe(record.jwe);
    if (sealed.header.typ !== TYPE || sealed.header.cid !== id || sealed.header.ctx !== `draft:${authority}`) throw new Fault('not_authentic', 'draft.context', 'the hub gave another draft than the one that was asked for');
    const ring = this.room.mirror.directory.authorities.get(authority)?.rings.find((one) => sealed.recipients.includes(one.kid));
    if (ring === undefined) throw new Fault('refused', 'ring.no-wrap', 'the draft is not sealed to a ring of this authority');
    const text = fromUtf8(await open(sealed, await rings.key(authority, ring.generation))) ?? '';
    return { content: JSON.parse(text) as DraftContent, etag: record.etag, updatedBy: record.updated_by, updatedAt: record.updated_at };
  }
  async removeTeam(authority: string, id: string, etag: string): Promise<void> {
    await this.room.http.send('DELETE', `/v1/drafts/${id}?authority=${encodeURIComponent(authority)}`, undefined, { session: true, headers: { 'If-Match': `"${etag.replaceAll('"', '')}"` } });
  }
}

