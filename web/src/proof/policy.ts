// A trust policy (c2sp.org/tlog-policy): which logs, which witnesses, how many of whom must have cosigned.

import { Fault } from '@/sealing/fault';

import { decimal, LineReader } from './lines';
import type { NoteVerifier } from './note';
import { parseVkey } from './note';

export interface Policy {
  readonly logs: readonly NoteVerifier[];
  readonly witnesses: readonly { readonly name: string; readonly key: NoteVerifier }[];
  readonly groups: readonly { readonly name: string; readonly threshold: number; readonly members: readonly string[] }[];
  /** Empty: no witness is asked for. */
  readonly quorum: string;
}

class PolicyReader {
  readonly logs: NoteVerifier[] = [];
  readonly witnesses: { name: string; key: NoteVerifier }[] = [];
  readonly groups: { name: string; threshold: number; members: string[] }[] = [];
  quorum: string | null = null;
  private readonly defined = new Set<string>();
  private readonly members = new Set<string>();
  private readonly keys = new Set<string>();
  private lines = 0;

  read(line: string): void {
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) this.wrong('a control character');
    const items = line.split(/[ \t]+/).filter((item) => item !== '');
    const [first, ...rest] = items;
    if (first === undefined || first.startsWith('#')) return;
    if (++this.lines > 1024) this.wrong('more than 1,024 lines that say something');
    if (first === 'log') this.log(rest);
    else if (first === 'witness') this.witness(rest);
    else if (first === 'group') this.group(rest);
    else if (first === 'quorum') this.end(rest);
    else this.wrong('does not begin with log, witness, group or quorum');
  }
  wrong(words: string): never {
    throw new Fault('invalid', 'merkle.policy', `policy: ${words}`);
  }
  private key(vkey: string, type: 1 | 4): NoteVerifier {
    const key = parseVkey(vkey);
    if (key.type !== type) this.wrong(`the key is not of type ${type}`);
    const id = `${type} ${key.vkey.split('+').slice(2).join('+')}`;
    if (this.keys.has(id)) this.wrong('a key is listed twice');
    this.keys.add(id);
    return key;
  }
  private define(name: string): void {
    if (name === 'none' || this.defined.has(name)) this.wrong(`the name ${name} is taken`);
    this.defined.add(name);
  }
  private log(items: readonly string[]): void {
    if (items.length < 1 || items.length > 2) this.wrong('a log line is: log <vkey> [<url>]');
    this.logs.push(this.key(items[0] as string, 1));
  }
  private witness(items: readonly string[]): void {
    if (items.length < 2 || items.length > 3) this.wrong('a witness line is: witness <name> <vkey> [<url>]');
    const [name, vkey] = items as [string, string];
    const key = this.key(vkey, 4);
    this.define(name);
    this.witnesses.push({ name, key });
  }
  private group(items: readonly string[]): void {
    const [name, count, ...members] = items;
    if (name === undefined || count === undefined || members.length === 0) this.wrong('a group line is: group <name> all|any|<k> <name>...');
    const threshold = count === 'all' ? members.length : count === 'any' ? 1 : (decimal(count, members.length) ?? 0);
    if (threshold === 0) this.wrong(`the threshold is not all, any or a number from 1 to ${members.length}`);
    for (const member of members) {
      if (!this.defined.has(member)) this.wrong(`the member ${member} is not defined above`);
      if (this.members.has(member)) this.wrong(`the member ${member} is listed twice`);
      this.members.add(member);
    }
    this.define(name);
    this.groups.push({ name, threshold, members });
  }
  private end(items: readonly string[]): void {
    const [name] = items;
    if (items.length !== 1 || name === undefined) this.wrong('a quorum line is: quorum <name>|none');
    if (this.quorum !== null) this.wrong('a second quorum line');
    if (name !== 'none' && !this.defined.has(name)) this.wrong(`the quorum ${name} is not defined above`);
    this.quorum = name === 'none' ? '' : name;
  }
}

/** Rules: merkle.policy, merkle.vkey. */
export function parsePolicy(text: string): Policy {
  const reader: PolicyReader = new PolicyReader();
  if (text.length > 256 << 10) reader.wrong('over 256 KiB');
  const lines = new LineReader(text);
  for (let line = lines.next(); line !== null; line = lines.next()) reader.read(line);
  if (!lines.atEnd) reader.wrong('the last line does not end in newline');
  const { logs, witnesses, groups, quorum } = reader;
  if (quorum === null) reader.wrong('no quorum line; write "quorum none" to ask for no witness');
  return { logs, witnesses, groups, quorum };
}

export function quorumHolds(policy: Policy, cosigned: ReadonlySet<string>): boolean {
  if (policy.quorum === '') return true;
  const holds = new Set(cosigned);
  for (const group of policy.groups) if (group.members.filter((member) => holds.has(member)).length >= group.threshold) holds.add(group.name);
  return holds.has(policy.quorum);
}

/** The policy that a genesis act names: its log goes before its witnesses where the text names no log itself. */
export function genesisPolicy(log: string, witnesses: string): string {
  try {
    if (parsePolicy(witnesses).logs.length > 0) return witnesses;
  } catch {
    // Not a policy by itself: it becomes one with the log before it.
  }
  return `log ${log}\n${witnesses === '' ? 'quorum none\n' : witnesses}`;
}
