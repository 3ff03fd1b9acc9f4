// From intention to sealed objects to signed act: what every act carries besides what it says.

import { base64url } from '@/sealing/base64';
import type { Bytes } from '@/sealing/bytes';
import { randomBytes, utf8 } from '@/sealing/bytes';
import { packContent } from '@/sealing/content';
import type { DocumentSigner } from '@/sealing/document';
import { makeDocument } from '@/sealing/document';
import { Fault } from '@/sealing/fault';
import { hashText, seal } from '@/sealing/jwe';
import { toJson } from '@/sealing/json';
import type { KeyPair } from '@/sealing/keys';
import type { JsonObject } from '@/sealing/json';
import type { Act, ObjectRef, SealRef } from '@/proof/act';
import { signAct } from '@/proof/act';
import type { Directory, Ring } from '@/proof/directory';
import { currentRing } from '@/proof/directory';
import { countryOf } from '@/proof/subject';
import type { Rulebook } from '@/forms';
import { objectsOf, partAnswers, validate } from '@/forms';

import type { ManifestEntry } from './content';
import type { Mirror } from './mirror';
import type { Defect, Intention } from './model';

const SUMMARY_CODE_POINTS_MAX = 120;

export const newCaseId = (): string => base64url(randomBytes(16));

/** Who signs, for whom. */
export interface Author {
  /** The officer; for administrators the authority itself. */
  readonly by: string;
  readonly for: string;
  readonly signer: KeyPair;
}
/** What an act says, before nonce, time, counters, checkpoint and rulebook are filled in. */
export interface Said {
  readonly type: string;
  readonly to: readonly string[];
  readonly case: string | null;
  readonly previous: string | null;
  readonly objects: readonly ObjectRef[];
  readonly d: JsonObject;
}

/** `at` is now in seconds, `st` the next counters of the key after what is `underWay`, `cp` the newest verified checkpoint. */
export function compose(mirror: Mirror, author: Author, said: Said, now: number, underWay: readonly Act[] = []): Act {
  const last = (to: string): number =>
    Math.max(mirror.lastSent(author.signer.kid, to), ...underWay.filter((act) => act.device === author.signer.kid).map((act) => act.sent[to] ?? 0));
  return {
    type: said.type, nonce: base64url(randomBytes(16)), by: author.by, device: author.signer.kid, for: author.for, to: said.to, at: Math.floor(now),
    case: said.case, previous: said.previous, sent: Object.fromEntries(said.to.map((to) => [to, last(to) + 1])),
    rulebook: mirror.directory.rulebooks.at(-1) ?? '', checkpoint: mirror.checkpointRef(), objects: said.objects, d: said.d,
  };
}
export const composeAndSign = (mirror: Mirror, author: Author, said: Said, now: number, underWay: readonly Act[] = []): Promise<string> =>
  signAct(compose(mirror, author, said, now, underWay), [author.signer]);

/** The ring that is sealed to. Rule: seal.ring. */
export function ringOf(directory: Directory, authority: string): Ring {
  const ring = currentRing(directory.authorities.get(authority));
  if (ring === null) throw new Fault('refused', 'seal.ring', `${authority} has no ring: nothing can be sealed to it; ask its administrator, or take another channel`);
  return ring;
}

/** One sealed object, as it goes into an act. */
export async function sealOne(directory: Directory, content: Bytes, role: SealRef['r'], context: string, readers: readonly string[]): Promise<{ ref: SealRef; jwe: string }> {
  const { plaintext, commitment } = packContent(content);
  const names = [...new Set(readers)];
  const rings = names.map((reader) => ringOf(directory, reader));
  const header = { typ: 'entraide-seal+json', cty: 'jose+json', cid: base64url(randomBytes(16)), ctx: context };
  const jwe = await seal(plaintext, header, rings.map((ring) => ring.jwk));
  plaintext.fill(0);
  const to = rings.map((ring, i) => ({ au: names[i] as string, g: ring.generation, kid: ring.kid }));
  return { ref: { k: 'seal', r: role, h: hashText(jwe), n: utf8(jwe).length, cc: base64url(commitment), to }, jwe };
}

function manifestJson(file: ManifestEntry): JsonObject {
  const { fid, name, type, size, sha256, ct, ctSize, fk, note } = file;
  return { fid, name, type, size, sha256, ct, ct_size: ctSize, fk: base64url(fk), ...(note === '' ? {} : { note }) };
}

export interface Looked {
  readonly defects: readonly Defect[];
  readonly removed: readonly string[];
  readonly routing: JsonObject;
  readonly sealed: JsonObject;
  readonly form: string;
}
/** Validates and parts the answers. Rules: seal.form, seal.act. */
export function look(rules: Rulebook, intention: Intention, now: number): Looked {
  const transition = rules.transition(intention.type);
  if (transition === null) throw new Fault('invalid', 'seal.act', `${intention.type}: the rulebook knows no such act`);
  const form = rules.formOf(intention.type);
  if (form === null) {
    if (Object.keys(intention.answers).length > 0) throw new Fault('invalid', 'seal.form', `${intention.type} has no form: it takes no answers`);
    return { defects: [], removed: [], routing: {}, sealed: {}, form: '' };
  }
  const requested = intention.to[0] === undefined ? '' : countryOf(intention.to[0]).slice(3);
  const given = { basis: intention.basis, profile: rules.profile(requested), now: now * 1000 };
  const defects = validate(rules, form, intention.answers, given) as readonly Defect[];
  const parted = partAnswers(rules, form, intention.answers, given);
  return { defects, removed: parted.removed, routing: parted.routing as JsonObject, sealed: parted.sealed as JsonObject, form: form.form };
}

/** What goes out: references for the act, and the objects themselves (files have none here). */
export interface SealedContents {
  readonly objects: readonly ObjectRef[];
  readonly jwes: readonly string[];
  readonly readers: readonly string[];
}
/**
 * Signs the document, seals it, its summary and its translations to the receivers and the own authority. Rules: seal.signer,
 * seal.summary, seal.ring, content.size.
 */
export async function sealContents(rules: Rulebook, directory: Directory, intention: Intention, caseId: string, looked: Looked, files: readonly ManifestEntry[], signer: DocumentSigner | null, now: number): Promise<SealedContents> {
  const objects: ObjectRef[] = [];
  const jwes: string[] = [];
  const readers = [...new Set([...intention.to, intention.authority])];
  const add = async (content: Bytes, role: SealRef['r']): Promise<string> => {
    const { ref, jwe } = await sealOne(directory, content, role, caseId, readers);
    objects.push(ref);
    jwes.push(jwe);
    return ref.cc;
  };
  const presence = objectsOf(rules, intention.type);
  if (presence.sum === 'required' && intention.summary === '') throw new Fault('invalid', 'seal.summary', `${intention.type} needs a summary for the receiver's inbox: at most 120 characters, sealed like the rest`, 'summary');
  // A form without a sealed field and without a file leaves nothing to say that the act does not say.
  let commitment = '';
  if (presence.doc === 'required' || Object.keys(looked.sealed).length > 0 || files.length > 0) {
    if (signer === null) throw new Fault('refused', 'seal.signer', 'this device has no key that signs documents, or no certificate for it yet');
    const payload = toJson({
      format: 'entraide-document/1', act: intention.type, case: caseId, form: looked.form, rulebook: rules.digest, issuing: intention.authority, receiving: intention.to,
      basis: intention.basis, answers: looked.sealed, routing: looked.routing, files: files.map(manifestJson),
    });
    commitment = await add(utf8(await makeDocument(utf8(payload), signer, Math.floor(now))), 'doc');
  }
  if (intention.summary !== '') {
    if ([...intention.summary].length > SUMMARY_CODE_POINTS_MAX) throw new Fault('invalid', 'seal.summary', 'the summary is longer than 120 characters', 'summary');
    await add(utf8(toJson({ format: 'entraide-summary/1', case: caseId, act: intention.type, text: intention.summary })), 'sum');
  }
  for (const { language, maker, checkedBy, answers } of intention.translations)
    await add(utf8(toJson({ format: 'entraide-translation/1', case: caseId, act: intention.type, document: commitment, language, maker, checked_by: checkedBy, answers })), 'tr');
  for (const file of files) objects.push({ k: 'file', fid: file.fid, h: file.ct, n: file.ctSize });
  return { objects, jwes, readers: objects.some((one) => one.k === 'seal') ? readers : [] };
}
