// What lies inside a sealed object, once it is open: commitment, document, chain, agreement with the act around it.

import { tryBase64url } from '@/sealing/base64';
import type { Bytes } from '@/sealing/bytes';
import { parseCertificate } from '@/sealing/certificate';
import { unpackContent } from '@/sealing/content';
import { verifyDocument } from '@/sealing/document';
import { Fault, wordsOf } from '@/sealing/fault';
import type { Json, JsonObject } from '@/sealing/json';
import { isObject, ObjectReader, parseJson, toJson } from '@/sealing/json';
import type { Act, SealRef } from '@/proof/act';
import { timeText } from '@/proof/time';
import type { Verdicts } from '@/proof/verdict';
import { countryOf } from '@/proof/subject';
import type { Rulebook } from '@/forms';
import { validate } from '@/forms';

import type { Answers, FileEntry, OpenedDocument, Translation } from './model';

/** A file as the signed document names it; its key is in there, inside the seal. */
export interface ManifestEntry extends FileEntry {
  readonly ct: string;
  readonly ctSize: number;
  readonly fk: Bytes;
}
export interface Content {
  readonly document: OpenedDocument | null;
  readonly summary: string | null;
  readonly translation: Translation | null;
  readonly files: readonly ManifestEntry[];
}
const nothing: Content = { document: null, summary: null, translation: null, files: [] };

/** Rules: json.member, codec.base64url. */
export function readManifestEntry(value: Json): ManifestEntry {
  const in_: ObjectReader = new ObjectReader(value, 'files');
  const sized = (key: string, size: number): string => {
    const text = in_.string(key);
    if (tryBase64url(text)?.length !== size) in_.fault(key, `must be base64url of ${size} bytes`);
    return text;
  };
  const note = in_.optionalString('note') ?? '';
  const fk = tryBase64url(sized('fk', 32)) as Bytes;
  return { fid: sized('fid', 16), name: in_.string('name'), type: in_.string('type'), size: in_.integer('size'), sha256: sized('sha256', 32), note, ct: sized('ct', 32), ctSize: in_.integer('ct_size'), fk };
}

const member = (value: Json | undefined, key: string): string => (isObject(value) && typeof value[key] === 'string' ? value[key] : '');
const same = (a: Json | undefined, b: Json): boolean => toJson(a) === toJson(b);

/** Whether the document speaks of the act around it: otherwise an honest one could be forwarded in another act. */
function disagreement(document: JsonObject, act: Act): string {
  if (member(document, 'act') !== act.type) return `the document was made for ${member(document, 'act')}, the act is ${act.type}`;
  if (act.case === null || member(document, 'case') !== act.case) return 'the document belongs to another case';
  if (member(document, 'issuing') !== act.for) return `the document was issued by ${member(document, 'issuing')}, the act is for ${act.for}`;
  if (!same(document['receiving'], [...act.to])) return `the document names other receivers than the act (${act.to.join(', ')})`;
  if (!same(document['routing'], act.d)) return 'the routing fields that were signed in the document are not those of the act';
  return '';
}

export interface Surroundings {
  /** The roots of the issuing authority's country, DER. */
  readonly pki: readonly Bytes[];
  /** Seconds. */
  readonly admitted: number;
  /** The rulebook that the act names; null: not at hand. */
  readonly rules: Rulebook | null;
}

async function checkDocument(verdict: Verdicts, act: Act, ref: SealRef, content: Bytes, around: Surroundings): Promise<Content> {
  const country = countryOf(act.for);
  const roots = around.pki.flatMap((der) => {
    try {
      return [parseCertificate(der)];
    } catch {
      return [];
    }
  });
  const verified = await verdict.note('document', () => verifyDocument(content, roots, around.admitted * 1000),
    (one) => `the document is signed by ${one.signer}, whose certificate leads to a root that ${country} has announced`, (one) => ({ signer: one.signer, country: country.slice(3) }));
  if (verified === null) return nothing;
  let payload: Json = null;
  try {
    payload = parseJson(verified.payload);
  } catch {
    // told below
  }
  if (!isObject(payload) || member(payload, 'format') !== 'entraide-document/1') {
    verdict.fails('document-form', 'document.form', 'the document is not of a form that this program reads');
    return nothing;
  }
  const words = disagreement(payload, act);
  if (words !== '') {
    verdict.fails('agreement', 'document.agreement', words);
    return nothing;
  }
  const files = await verdict.note('manifest', () => {
    const list = isObject(payload) && Array.isArray(payload['files']) ? payload['files'].map(readManifestEntry) : [];
    for (const file of list)
      if (!act.objects.some((one) => one.k === 'file' && one.fid === file.fid && one.h === file.ct && one.n === file.ctSize)) throw new Fault('not_authentic', 'document.manifest', `the manifest names the file "${file.name}", the act does not`);
    return list;
  }, (list) => `the document names ${list.length} files, all of them those of the act`, (list) => ({ count: list.length }));
  if (files === null) return nothing;
  verdict.holds('agreement', 'the document speaks of this act, this case, these authorities and these files');
  const form = member(payload, 'form');
  const sealed = isObject(payload['answers']) ? payload['answers'] : {};
  const routing = isObject(payload['routing']) ? payload['routing'] : {};
  const answers = { ...sealed, ...routing };
  checkForm(verdict, act, form, member(payload, 'basis'), answers, around);
  const document: OpenedDocument = {
    form, rulebook: member(payload, 'rulebook'), basis: member(payload, 'basis'), issuing: act.for, receiving: act.to, answers: answers as Answers,
    signer: verified.signer, signedAt: timeText(verified.signedAt), commitment: ref.cc,
  };
  return { ...nothing, document, files };
}

function checkForm(verdict: Verdicts, act: Act, name: string, basis: string, answers: JsonObject, around: Surroundings): void {
  const { rules } = around;
  if (rules === null) return verdict.notShown('form', null, 'the form was not checked: the rulebook that the act names is not at hand');
  const form = rules.form(name);
  if (form === null || rules.formOf(act.type)?.form !== name) return verdict.fails('form', 'document.form-of-act', `the document uses the form ${name}, which is not that of ${act.type}`);
  const requested = act.to[0] === undefined ? '' : countryOf(act.to[0]).slice(3);
  try {
    const [defect] = validate(rules, form, answers, { basis, profile: rules.profile(requested), now: around.admitted * 1000 });
    if (defect === undefined) verdict.holds('form', `the answers are complete and well-formed under ${name}`, { form: name });
    else verdict.fails('form', `form.${defect.code}`, `the answers do not obey the form: ${defect.path}: ${defect.code}`, { path: defect.path });
  } catch (error) {
    verdict.notShown('form', null, `the form could not be checked: ${wordsOf(error)}`);
  }
}

/** The steps for one sealed object's plaintext. */
export async function checkContent(verdict: Verdicts, act: Act, ref: SealRef, plaintext: Bytes, around: Surroundings): Promise<Content> {
  const content = await verdict.note('commitment', () => unpackContent(plaintext, ref.cc), 'the content is the one that the signed act commits to');
  if (content === null) return nothing;
  if (ref.r === 'doc') return checkDocument(verdict, act, ref, content, around);
  let value: Json = null;
  try {
    value = parseJson(content);
  } catch {
    // told below
  }
  const expected = ref.r === 'sum' ? 'entraide-summary/1' : 'entraide-translation/1';
  if (!isObject(value) || member(value, 'format') !== expected || member(value, 'act') !== act.type || act.case === null || member(value, 'case') !== act.case) {
    verdict.fails('agreement', 'content.agreement', ref.r === 'sum' ? 'the summary is not of this act' : 'the translation is not of this act');
    return nothing;
  }
  if (ref.r === 'sum') {
    verdict.holds('agreement', 'the summary is of this act');
    return { ...nothing, summary: member(value, 'text') };
  }
  if (!act.objects.some((one) => one.k === 'seal' && one.r === 'doc' && one.cc === member(value, 'document'))) {
    verdict.fails('agreement', 'content.agreement', 'the translation is of another document than the act\'s');
    return nothing;
  }
  verdict.holds('agreement', 'the translation names the document that it is of');
  const answers = (isObject(value['answers']) ? value['answers'] : {}) as Answers;
  return { ...nothing, translation: { language: member(value, 'language'), maker: member(value, 'maker'), checkedBy: member(value, 'checked_by'), answers } };
}
