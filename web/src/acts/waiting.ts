// An act of the directory that somebody else has begun and that I am to sign too: what of it holds by the directory that
// this browser has verified. Whoever holds the hub could show anything here.

import { Fault } from '@/sealing/fault';
import type { KeyId } from '@/sealing/keys';
import type { SignedAct } from '@/proof/act';
import { isDirectoryAct, parseAct, verifyAct } from '@/proof/act';
import type { Directory } from '@/proof/directory';
import type { Verdict } from '@/proof/verdict';
import { Verdicts } from '@/proof/verdict';

export interface Countersignable {
  readonly act: SignedAct;
  readonly verdict: Verdict;
  /** The directory would admit it with my signature and no other. */
  readonly enough: boolean;
}

const no = (words: string): Fault => new Fault('not_authentic', 'waiting.act', words);

function speaksFor(directory: Directory, kid: KeyId, subject: string): boolean {
  const key = directory.keys.get(kid);
  return key?.revoked === null && key.holder === subject && (key.use === 'administrator' || key.use === 'root');
}

/** Checks `body` as an act by and for `subject`, which `mine` would sign at this moment; what does not hold is in the verdict. */
export async function checkWaiting(body: string, directory: Directory, size: number, subject: string, mine: KeyId, now: number): Promise<Countersignable> {
  const act = parseAct(body);
  const what = act.act;
  const verdict = new Verdicts();
  let enough = false;
  await verdict.note('format', () => {
    if (!isDirectoryAct(what.type) || what.by !== subject || what.for !== subject) throw no(`it is no act of the directory by and for ${subject}`);
    if (what.case !== null || what.previous !== null || what.to.length > 0 || what.objects.length > 0) throw no('it does more than change the directory');
  }, 'it changes the directory and does nothing else');
  const signed = await verdict.note('signature', async () => {
    for (const { kid } of act.signatures) if (!speaksFor(directory, kid, subject)) throw no(`key ${kid} does not sign for ${subject}`);
    return verifyAct(act, directory);
  }, 'each signature on it is by an active key of the authority');
  if (signed !== null)
    await verdict.note('directory', () => {
      const signers = signed.signers.includes(mine) ? signed.signers : [...signed.signers, mine];
      try {
        directory.copy().admit({ ...signed, signers }, size, now);
        enough = true;
      } catch (error) {
        if (!(error instanceof Fault) || error.rule !== 'dir.signers') throw error;
      }
    }, 'the directory would take it');
  return { act, verdict: verdict.done(), enough };
}
