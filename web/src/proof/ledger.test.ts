// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { refused, vector, vectorText } from '../../tests/kit/vectors';
import { fromBase64 } from '@/sealing/base64';
import type { Bytes } from '@/sealing/bytes';
import { concat, fromHex, toHex, utf8 } from '@/sealing/bytes';

import { parseCheckpoint, parseNote, parseVkey, verifyCheckpoint, verifyNote } from './note';
import { genesisPolicy, parsePolicy, quorumHolds } from './policy';
import { commit, entryText, parseEntry, parseReceipt, receiptText, verifyReceipt } from './receipt';
import { bundlePath, emptyRoot, LeafTree, leafHash, nodeHash, parseBundle, rootOfInclusion, verifyConsistency } from './tree';

interface Golden {
  readonly log_vkey: string;
  readonly witness_vkey: string;
  readonly roots_hex: { readonly [size: string]: string };
  readonly leaf_0_hex: string;
  readonly entry_0: string;
  readonly checkpoint: string;
  readonly receipt_bd_hex: string;
  readonly receipt_index: number;
  readonly receipt_tlog_proof: string;
  readonly policy: string;
}
const golden = vector<Golden>('ledger.json');
// One line an entry: its blind and its body digest; the rest of it follows the rule that the vectors state.
const entries = vectorText('ledger-entries.txt').trimEnd().split('\n').map((line, i) => {
  const [blind = '', digest = ''] = line.split(' ');
  return entryText({ kind: i % 10 === 0 ? 'dir' : 'act', seconds: 1767323045 + i, commitment: commit(fromHex(blind), fromHex(digest)) });
});
const log = parseVkey(golden.log_vkey);
const tree = new LeafTree();
for (const entry of entries.slice(0, 300)) tree.append(leafHash(entry));
const bodyDigest = fromHex(golden.receipt_bd_hex);

describe('the tree', () => {
  it('has the golden roots at every size', () => {
    expect(toHex(leafHash(golden.entry_0))).toBe(golden.leaf_0_hex);
    for (const [size, root] of Object.entries(golden.roots_hex)) expect(toHex(tree.rootAt(Number(size)))).toBe(root);
  });
  it('proves every leaf in trees of many sizes, and no leaf in another place', async () => {
    for (const size of [1, 2, 3, 7, 8, 100, 255, 256, 257, 300])
      for (const index of new Set([0, 1, Math.floor(size / 2), size - 1].filter((i) => i < size))) {
        const proof = tree.inclusion(index, size);
        expect(rootOfInclusion(tree.leaf(index), index, size, proof)).toEqual(tree.rootAt(size));
        if (index > 0) expect(toHex(rootOfInclusion(tree.leaf(index), index - 1, size, tree.inclusion(index - 1, size)))).not.toBe(toHex(tree.rootAt(size)));
        expect(await refused(() => rootOfInclusion(tree.leaf(index), index, size, [...proof, tree.leaf(0)]))).toBe('merkle.proof.length');
        if (proof.length > 0) expect(await refused(() => rootOfInclusion(tree.leaf(index), index, size, proof.slice(1)))).toBe('merkle.proof.length');
      }
    expect(await refused(() => rootOfInclusion(tree.leaf(0), 5, 5, []))).toBe('merkle.proof.index');
  });
  it('is read back from its tiles', async () => {
    const tiles = [tree.tile(0), tree.tile(1)];
    expect(LeafTree.from(tiles, 300).root()).toEqual(tree.root());
    expect(await refused(() => LeafTree.from(tiles, 301))).toBe('merkle.frontier');
    const copy = tree.copy();
    copy.append(tree.leaf(0));
    expect([copy.size, tree.size]).toEqual([301, 300]);
  });
});

/** RFC 6962 section 2.1.2, as it is written there. */
function consistency(m: number, begin: number, end: number, whole: boolean): Bytes[] {
  const n = end - begin;
  const hash = (a: number, b: number): Bytes => {
    if (b - a === 1) return tree.leaf(a);
    const k = 2 ** Math.floor(Math.log2(b - a - 1));
    return nodeHash(hash(a, a + k), hash(a + k, b));
  };
  if (m === n) return whole ? [] : [hash(begin, end)];
  const k = 2 ** Math.floor(Math.log2(n - 1));
  return m <= k ? [...consistency(m, begin, begin + k, whole), hash(begin + k, end)] : [...consistency(m - k, begin + k, end, false), hash(begin, begin + k)];
}

describe('consistency', () => {
  it('holds between every two sizes of one tree', () => {
    for (const newSize of [1, 2, 5, 8, 13, 33])
      for (let old = 1; old <= newSize; ++old) verifyConsistency(old, tree.rootAt(old), newSize, tree.rootAt(newSize), old === newSize ? [] : consistency(old, 0, newSize, true));
    verifyConsistency(0, emptyRoot(), 9, tree.rootAt(9), []);
  });
  it('does not hold for another beginning, another end, another order, or with hashes too many', async () => {
    const proof = consistency(6, 0, 13, true);
    const rule = (old: number, oldRoot: Bytes, size: number, root: Bytes, path: readonly Bytes[]) => refused(() => verifyConsistency(old, oldRoot, size, root, path));
    expect(await rule(6, tree.rootAt(5), 13, tree.rootAt(13), proof)).toBe('merkle.proof.old_root');
    expect(await rule(6, tree.rootAt(6), 13, tree.rootAt(12), proof)).toBe('merkle.proof.root');
    expect(await rule(13, tree.rootAt(13), 6, tree.rootAt(6), proof)).toBe('merkle.proof.sizes');
    expect(await rule(6, tree.rootAt(6), 13, tree.rootAt(13), [])).toBe('merkle.proof.length');
    expect(await rule(6, tree.rootAt(6), 13, tree.rootAt(13), [...proof, tree.leaf(0)])).toBe('merkle.proof.length');
    expect(await rule(6, tree.rootAt(6), 6, tree.rootAt(5), [])).toBe('merkle.proof.old_root');
    expect(await rule(0, tree.leaf(0), 6, tree.rootAt(6), [])).toBe('merkle.proof.old_root');
    expect(await rule(0, emptyRoot(), 6, tree.rootAt(6), [tree.leaf(0)])).toBe('merkle.proof.length');
  });
});

describe('notes and checkpoints', () => {
  it('verifies the golden checkpoint by the log and by the witness', async () => {
    const checkpoint = parseCheckpoint(golden.checkpoint);
    await verifyCheckpoint(checkpoint, log);
    expect(toHex(checkpoint.root)).toBe(golden.roots_hex['300']);
    expect((await verifyNote(checkpoint.note, parseVkey(golden.witness_vkey)))?.seconds).toBeGreaterThan(0);
  });
  it('refuses another text, an unknown log, no signature of the log', async () => {
    const other = golden.checkpoint.replace('\n300\n', '\n299\n');
    expect(await refused(() => verifyCheckpoint(parseCheckpoint(other), log))).toBe('merkle.note.forged');
    const foreign = golden.checkpoint.replaceAll('hub.entraide.example', 'hub.elsewhere.example');
    expect(await refused(() => verifyCheckpoint(parseCheckpoint(foreign), log))).toBe('merkle.checkpoint.origin');
    const unsigned = golden.checkpoint.replace(/\u2014 hub[^\n]*\n/, '');
    expect(await refused(() => verifyCheckpoint(parseCheckpoint(unsigned), log))).toBe('merkle.checkpoint.unsigned');
    const badWitness = golden.checkpoint.replace(/(\u2014 witness\S* )(\S+)/, (_, name: string, text: string) => name + text.slice(0, 20) + (text[20] === 'A' ? 'B' : 'A') + text.slice(21));
    expect(await refused(() => verifyNote(parseNote(badWitness), parseVkey(golden.witness_vkey)))).toBe('merkle.note.forged');
  });
  it.each<[string, string, string]>([
    ['no empty line', 'a\nb\n', 'merkle.note'], ['a control character', 'a\tb\n\n\u2014 a AAAAAAAA\n', 'merkle.note'], ['no signature', 'a\n\n', 'merkle.note.signature'],
    ['a line that is no signature', 'a\n\nb\n', 'merkle.note.signature'], ['a signature without bytes', 'a\n\n\u2014 a AAAA\n', 'merkle.note.signature'],
    ['a key twice', 'a\n\n\u2014 a AAAAAAAA\n\u2014 a AAAAAAAA\n', 'merkle.note.signature'], ['no line feed', 'a\n\n\u2014 a AAAAAAAA', 'merkle.note.signature'], ['a name with a plus', 'a\n\n\u2014 a+b AAAAAAAA\n', 'merkle.note.signature'],
  ])('refuses a note with %s', async (_, text, rule) => {
    expect(await refused(() => parseNote(text))).toBe(rule);
  });
  it.each(['a\n01\n', 'a\nx\n', 'a\n1\nAAAA\n', 'a b\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n', 'a\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n', 'a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nx\n'])('refuses the checkpoint %j', async (text) => {
    expect(await refused(() => parseCheckpoint(`${text}\n\u2014 a AAAAAAAA\n`))).toBe('merkle.checkpoint');
  });
  it('refuses verifier keys whose id does not fit, of another type or size', async () => {
    for (const text of ['', 'a', 'a+b', golden.log_vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+'), 'a b+00000000+AA==', 'a+00000000+BQ=='])
      expect(await refused(() => parseVkey(text))).toBe('merkle.vkey');
  });
});

describe('receipts', () => {
  const policy = parsePolicy(golden.policy);
  it('verifies the golden receipt, with its witness', async () => {
    const verdict = await verifyReceipt(bodyDigest, 'act', golden.receipt_tlog_proof, policy);
    expect(verdict.receipt.index).toBe(golden.receipt_index);
    expect(verdict.witnessed).toBe(true);
    expect(receiptText(verdict.receipt, verdict.receipt.checkpoint.text)).toBe(golden.receipt_tlog_proof);
  });
  it('holds for no other body, kind, time or place', async () => {
    const rule = (digest: Bytes, kind: 'act' | 'dir', text: string) => refused(() => verifyReceipt(digest, kind, text, policy));
    const text = golden.receipt_tlog_proof;
    expect(await rule(bodyDigest.map((byte) => byte ^ 1), 'act', text)).toBe('receipt.inclusion');
    expect(await rule(bodyDigest, 'dir', text)).toBe('receipt.inclusion');
    expect(await rule(bodyDigest, 'act', text.replace(`index ${golden.receipt_index}`, 'index 256'))).toBe('receipt.inclusion');
    const receipt = parseReceipt(text);
    expect(await rule(bodyDigest, 'act', receiptText({ ...receipt, seconds: receipt.seconds + 1 }, receipt.checkpoint.text))).toBe('receipt.inclusion');
    expect(await refused(() => verifyReceipt(bodyDigest, 'act', text, { logs: [], witnesses: [], groups: [], quorum: '' }))).toBe('receipt.log_signature');
    const cut = text.replace(/(\u2014 witness\S* )(\S+)/, (_, name: string, signature: string) => name + signature.slice(0, 20) + (signature[20] === 'A' ? 'B' : 'A') + signature.slice(21));
    expect(await rule(bodyDigest, 'act', cut)).toBe('receipt.cosignature');
  });
  it.each<[string, (text: string) => string]>([
    ['another first line', (text) => `x${text}`], ['no extra', (text) => text.replace('extra ', 'more ')], ['a short extra', (text) => text.replace(/extra \S+/, 'extra AAAA')],
    ['an index with a zero before it', (text) => text.replace('index ', 'index 0')], ['a hash that is none', (text) => text.replace(/(index \d+\n)\S+/, '$1AAAA')],
    ['no end of the hashes', (text) => text.slice(0, text.indexOf('\n\n') + 1)],
  ])('are refused with %s', async (_, bend) => {
    expect(await refused(() => parseReceipt(bend(golden.receipt_tlog_proof)))).toBe('merkle.receipt');
  });
});

describe('entries and bundles', () => {
  it('reads entries strictly', async () => {
    expect(parseEntry(golden.entry_0).kind).toBe('dir');
    for (const text of ['', golden.entry_0.trimEnd(), golden.entry_0.replace('dir', 'xyz'), golden.entry_0.replace('\n1', '\n01'), `${golden.entry_0}\n`, golden.entry_0.replace('=', '')])
      expect(await refused(() => parseEntry(text))).toBe('merkle.entry');
  });
  it('takes bundles apart, and refuses them cut or too long', async () => {
    const one = utf8('abc');
    const bundle = concat(new Uint8Array([0, 3]), one, new Uint8Array([0, 3]), one);
    expect(parseBundle(bundle, 2)).toEqual([one, one]);
    for (const [bytes, width] of [[bundle, 1], [bundle, 3], [bundle.slice(0, -1), 2], [bundle.slice(0, 6), 2]] as const)
      expect(await refused(() => parseBundle(bytes, width))).toBe('merkle.bundle');
  });
  it('names bundles as tlog-tiles does', () => {
    expect(bundlePath(1234067, 256)).toBe('tile/entries/x001/x234/067');
    expect(bundlePath(0, 17)).toBe('tile/entries/000.p/17');
  });
});

describe('policies', () => {
  const witness = golden.witness_vkey;
  it('counts groups', () => {
    const policy = parsePolicy(`log ${golden.log_vkey}\n# note\nwitness a ${witness}\ngroup g any a\nquorum g\n`);
    expect(quorumHolds(policy, new Set(['a']))).toBe(true);
    expect(quorumHolds(policy, new Set())).toBe(false);
    expect(quorumHolds(parsePolicy(genesisPolicy(golden.log_vkey, '')), new Set())).toBe(true);
  });
  it.each(['', 'quorum none', 'quorum none\nquorum none\n', 'quorum g\n', `log ${witness}\nquorum none\n`, `witness a ${golden.log_vkey}\nquorum none\n`, `witness none ${witness}\nquorum none\n`,
    'group g 2 a\nquorum none\n', `witness a ${witness}\ngroup g 2 a\nquorum g\n`, `witness a ${witness}\ngroup g any a a\nquorum g\n`, 'hello\nquorum none\n', `log ${golden.log_vkey}\nlog ${golden.log_vkey}\nquorum none\n`])('refuses %j', async (text) => {
    expect(await refused(() => parsePolicy(text))).toBe('merkle.policy');
  });
  it('decodes the root of a note as the log wrote it', () => {
    expect(fromBase64(golden.checkpoint.split('\n')[2]!)).toHaveLength(32);
  });
});
