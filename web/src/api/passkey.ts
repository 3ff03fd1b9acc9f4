// Passkeys, which only a page can ask for: signing in, and a key from the PRF extension that locks the device's keys.

import { base64url, fromBase64url } from '@/sealing/base64';
import type { Bytes } from '@/sealing/bytes';
import { own, randomBytes, utf8 } from '@/sealing/bytes';

import { DeskError } from './error';
import type { PasskeyAssertion } from './protocol';

interface PrfAnswer {
  readonly prf?: { readonly enabled?: boolean; readonly results?: { readonly first?: BufferSource } };
}
const bytesOf = (source: BufferSource): Bytes => own(source instanceof ArrayBuffer ? new Uint8Array(source) : new Uint8Array(source.buffer, source.byteOffset, source.byteLength));
const prfOf = (credential: PublicKeyCredential): Bytes | null => {
  const first = (credential.getClientExtensionResults() as PrfAnswer).prf?.results?.first;
  return first === undefined ? null : bytesOf(first);
};
const refused = (error: unknown): DeskError =>
  new DeskError({ kind: 'unauthenticated', rule: 'passkey.refused', detail: `the passkey did not answer (${error instanceof Error ? error.name : 'refused'})` });

export const hasPasskeys = (): boolean => typeof PublicKeyCredential === 'function' && navigator.credentials !== undefined;

/** Asks one of `ids`; with `prfInput`, for its key too. */
export async function askPasskey(challenge: string, ids: readonly string[], prfInput: Bytes | null): Promise<{ assertion: PasskeyAssertion; prf: Bytes | null }> {
  let credential: PublicKeyCredential;
  try {
    credential = (await navigator.credentials.get({
      publicKey: {
        challenge: utf8(challenge), userVerification: 'required', allowCredentials: ids.map((id) => ({ type: 'public-key', id: fromBase64url(id) })),
        ...(prfInput === null ? {} : { extensions: { prf: { eval: { first: prfInput } } } as AuthenticationExtensionsClientInputs }),
      },
    })) as PublicKeyCredential;
  } catch (error) {
    throw refused(error);
  }
  const response = credential.response as AuthenticatorAssertionResponse;
  const text = (buffer: ArrayBuffer): string => base64url(new Uint8Array(buffer));
  const assertion = { id: text(credential.rawId), authenticator_data: text(response.authenticatorData), client_data: text(response.clientDataJSON), signature: text(response.signature) };
  return { assertion, prf: prfOf(credential) };
}

/** Makes a passkey. ES256 only, with the person's presence and verification. */
export async function makePasskey(challenge: Bytes, name: string, known: readonly string[], prfInput: Bytes | null): Promise<PublicKeyCredential> {
  try {
    return (await navigator.credentials.create({
      publicKey: {
        challenge, rp: { name: 'Entraide' }, user: { id: randomBytes(16), name, displayName: name }, pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' }, attestation: 'none', excludeCredentials: known.map((id) => ({ type: 'public-key', id: fromBase64url(id) })),
        ...(prfInput === null ? {} : { extensions: { prf: { eval: { first: prfInput } } } as AuthenticationExtensionsClientInputs }),
      },
    })) as PublicKeyCredential;
  } catch (error) {
    throw refused(error);
  }
}

/** A passkey that gives a key, or null where this browser or device has none. */
export async function lockingPasskey(name: string, prfInput: Bytes): Promise<{ id: string; prf: Bytes } | null> {
  if (!hasPasskeys()) return null;
  try {
    const made = await makePasskey(randomBytes(32), name, [], prfInput);
    const id = base64url(new Uint8Array(made.rawId));
    const first = prfOf(made);
    if (first !== null) return { id, prf: first };
    if ((made.getClientExtensionResults() as PrfAnswer).prf?.enabled !== true) return null;
    const { prf } = await askPasskey(base64url(randomBytes(32)), [id], prfInput);
    return prf === null ? null : { id, prf };
  } catch {
    return null;
  }
}
