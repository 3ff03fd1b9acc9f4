// Enrolment by invitation as an administrator sees it, and the acts of administrators.

import { base64url } from '@/sealing/base64';
import { randomBytes } from '@/sealing/bytes';
import { Fault } from '@/sealing/fault';
import type { JsonObject } from '@/sealing/json';
import type { KeyPair } from '@/sealing/keys';
import { kidOf, readJwk } from '@/sealing/keys';
import { addSignature, parseAct, signAct, verifyAct } from '@/proof/act';
import { needsTwoAdministrators } from '@/proof/roles';
import { currentRing } from '@/proof/directory';
import { timeText } from '@/proof/time';
import { Verdicts, type Verdict } from '@/proof/verdict';
import { compose } from '@/acts/compose';
import { grantRing, makeRing } from '@/acts/rings';

import type { Certificates } from './certificates';
import type { Room } from './desk_room';
import { newCode, readCode, ticketHash, ticketOf, wordsOf } from './invitation';
import type { Sent } from './types';
import type { Enacted, Enrolment, Invitation } from './types_people';
import { sessionKey } from './signing_in';
import type { Waiting } from './waiting';

interface Applied {
  readonly enrolment: string;
  readonly invitation: string;
  readonly officer: string;
  readonly sign: string;
  readonly aal: 'soft' | 'prf' | 'hw';
  readonly act: string;
  readonly state: 'pending' | 'admitted';
  readonly created_at: string;
  readonly expires_at: string;
}

export class People {
  constructor(
    private readonly room: Room,
    private readonly certificates: Certificates,
    private readonly waiting: Waiting,
  ) {}

  // ---- the administrator

  private administrators(authority: string): readonly KeyPair[] {
    const { identity, keys } = this.room.require();
    if (identity.authority !== authority || keys.administrators.length === 0) throw new Fault('refused', 'act.role.missing', `this identity does not administer ${authority}`);
    return keys.administrators;
  }
  private async signed(authority: string, type: string, d: JsonObject, signers: readonly KeyPair[]): Promise<string> {
    const [first] = signers;
    if (first === undefined) throw new Fault('refused', 'key.none', 'no key to sign with');
    const by = first === this.room.seat?.keys.sign ? (this.room.seat.identity.officer) : authority;
    const act = compose(this.room.mirror, { by, for: authority, signer: first }, { type, to: [], case: null, previous: null, objects: [], d }, this.room.now());
    return signAct(act, signers);
  }
  private async enact(authority: string, type: string, d: JsonObject, signers: readonly KeyPair[], objects: readonly string[] = []): Promise<Sent> {
    const sent = await this.room.outbox.send(await this.signed(authority, type, d, signers), objects);
    await this.room.freshen();
    return sent;
  }

  async invite(authority: string, officer: string): Promise<Invitation & { code: string }> {
    this.administrators(authority);
    const code = newCode();
    const body = { authority, officer, ticket_hash: ticketHash(ticketOf(code)) };
    const made = (await this.room.http.send('POST', '/v1/invitations', body, { session: true })) as { invitation: string; expires_at: string };
    await this.room.store.put('codes', made.invitation, { code, authority, officer });
    return { invitation: made.invitation, authority, officer, state: 'open', createdAt: timeText(this.room.now()), expiresAt: made.expires_at, code };
  }
  async invitations(authority: string): Promise<readonly Invitation[]> {
    const { items } = (await this.room.http.json(`/v1/invitations?authority=${encodeURIComponent(authority)}`)) as { items: readonly { invitation: string; officer: string; state: 'open' | 'answered'; created_at: string; expires_at: string }[] };
    return items.map((one) => ({ invitation: one.invitation, authority, officer: one.officer, state: one.state, createdAt: one.created_at, expiresAt: one.expires_at }));
  }
  async withdraw(id: string): Promise<void> {
    await this.room.http.send('DELETE', `/v1/invitations/${id}`, undefined, { session: true });
    await this.room.store.remove('codes', id);
  }

  private async applied(authority: string): Promise<readonly Applied[]> {
    return ((await this.room.http.json(`/v1/enrolments?authority=${encodeURIComponent(authority)}`)) as { items: readonly Applied[] }).items;
  }
  /** That the application is what it must be: for this officer and authority, signed with its own new key, nothing else in it. */
  private async judge(authority: string, applied: Applied, invited: { officer: string } | null): Promise<Verdict> {
    const verdict = new Verdicts();
    await verdict.note('format', () => {
      const { act, signatures } = parseAct(applied.act);
      const key = this.room.mirror.directory.keys.get(act.device);
      const right = act.type === 'dir.device' && act.by === authority && act.for === authority && act.to.length === 0 && act.objects.length === 0 && act.d['of'] === applied.officer;
      if (!right || signatures.length !== 1 || signatures[0]?.kid !== applied.sign) throw new Fault('not_authentic', 'enrolment.act', 'the application asks for something else than this device for this officer');
      if (key?.use !== 'administrator' || key.holder !== authority) throw new Fault('not_authentic', 'enrolment.act', 'the application names a key that is no administrator of this authority');
      if (invited !== null && invited.officer !== applied.officer) throw new Fault('not_authentic', 'enrolment.act', 'the invitation was for another officer');
    }, 'the application is for this officer of this authority');
    await verdict.note('signature', async () => {
      const parsed = parseAct(applied.act);
      await verifyAct({ ...parsed, act: { ...parsed.act, device: applied.sign } }, { signingKey: () => null });
    }, 'it is signed with the new key itself');
    return verdict.done();
  }
  async enrolments(authority: string): Promise<readonly Enrolment[]> {
    await this.room.freshen();
    return Promise.all((await this.applied(authority)).map(async (one) => {
      const known = await this.room.store.get<{ code: string; officer: string }>('codes', one.invitation);
      const words = known === null ? null : this.wordsFor(one, known.code);
      const verdict = await this.judge(authority, one, known);
      return { enrolment: one.enrolment, invitation: one.invitation, officer: one.officer, authority, device: one.sign, aal: one.aal, state: one.state, words, verdict, createdAt: one.created_at, expiresAt: one.expires_at };
    }));
  }
  private wordsFor(applied: Applied, code: string): readonly string[] {
    const { d } = parseAct(applied.act).act;
    return wordsOf(code, kidOf(readJwk(d['sig'])), kidOf(readJwk(d['seal'])));
  }
  private async find(enrolment: string): Promise<{ applied: Applied; authority: string }> {
    const { authority } = this.room.require().identity;
    const applied = (await this.applied(authority)).find((one) => one.enrolment === enrolment);
    if (applied === undefined) throw new Fault('not_found', 'enrolment.ticket', 'there is no such application any more');
    return { applied, authority };
  }
  async words(enrolment: string, code: string): Promise<readonly string[]> {
    return this.wordsFor((await this.find(enrolment)).applied, readCode(code));
  }
  /** `name`: whose signature the documents of this device carry; null leaves it without a certificate. */
  async admit(enrolment: string, name: string | null): Promise<Sent & { readonly certified: boolean }> {
    const { applied, authority } = await this.find(enrolment);
    const keys = this.administrators(authority);
    const verdict = await this.judge(authority, applied, await this.room.store.get<{ officer: string }>('codes', applied.invitation));
    if (!verdict.good) throw new Fault('not_authentic', 'enrolment.act', verdict.steps.find((step) => step.finding === 'fails')?.detail ?? 'the application does not hold');
    const named = parseAct(applied.act).act.device;
    const key = keys.find((one) => one.kid === named);
    if (key === undefined) throw new Fault('refused', 'enrolment.other', 'the application names another administrator\'s key: that one must sign');
    const sent = await this.room.outbox.send(await addSignature(applied.act, key), []);
    await this.room.store.remove('codes', applied.invitation);
    await this.room.freshen();
    // The device is admitted whatever becomes of its certificate, which can be issued again.
    const certified = name !== null && name !== '' && (await this.certificates.issue(authority, applied.sign, name).then(() => true, () => false));
    return { ...sent, certified };
  }
  async refuse(enrolment: string): Promise<void> {
    await this.room.http.send('DELETE', `/v1/enrolments/${enrolment}`, undefined, { session: true });
  }

  async addOfficer(authority: string, roles: readonly string[], until: string, known?: string): Promise<Enacted & { officer: string }> {
    const keys = this.administrators(authority).slice(0, 1);
    const officer = known ?? `of:${authority.slice(3, 5)}:${base64url(randomBytes(12))}`;
    const d = { of: officer, roles: [...roles], until };
    // One person is one signature, however many keys are at hand.
    if (roles.some(needsTwoAdministrators)) return { ...(await this.waiting.leave(await this.signed(authority, 'dir.officer', d, keys))), officer };
    return { sent: await this.enact(authority, 'dir.officer', d, keys), officer };
  }
  async revoke(what: { readonly kid: string } | { readonly subject: string }, authority: string, why: string): Promise<Sent> {
    const { keys } = this.room.require();
    const signers = keys.administrators.length > 0 ? keys.administrators.slice(0, 1) : [sessionKey(keys)];
    return this.enact(authority, 'dir.revoke', { ...what, why, from: timeText(this.room.now()) }, signers);
  }

  // ---- rings

  /** A new generation needs the history only where this identity can open it. */
  async newRing(authority: string, keepHistory: boolean): Promise<Sent> {
    const keys = this.administrators(authority);
    await this.room.freshen();
    const { directory } = this.room.mirror;
    const current = currentRing(directory.authorities.get(authority));
    const { rings } = this.room.require();
    if (keepHistory && current !== null && rings === null) throw new Fault('refused', 'ring.history', 'this identity cannot open the ring whose history should go along');
    const before = keepHistory && current !== null && rings !== null ? await rings.secrets(authority, current.generation) : [];
    const made = await makeRing(directory, authority, before, this.room.now());
    return this.enact(authority, 'ring.new', made.d, keys.slice(0, 1), [made.wrap]);
  }
  async grantRing(authority: string, device: string): Promise<Sent> {
    const { keys, rings } = this.room.require();
    if (keys.sign === null || rings === null) throw new Fault('refused', 'act.role.missing', 'a colleague with the role ring-admin gives the ring');
    await this.room.freshen();
    const { directory } = this.room.mirror;
    const current = currentRing(directory.authorities.get(authority));
    if (current === null) throw new Fault('refused', 'ring.unknown', `${authority} has no ring yet`);
    const made = await grantRing(directory, authority, current.generation, await rings.secrets(authority, current.generation), device);
    return this.enact(authority, 'ring.grant', made.d, [keys.sign], [made.wrap]);
  }
}
