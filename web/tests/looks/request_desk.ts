import type { Desk, Draft } from '@/api/desk';
import { DeskError } from '@/api/error';
import { Rulebook, type JsonObject } from '@/forms';
import { beginDraft } from '@/parts/draft';
import { badVerdict, caseOf, deskDouble, kFrance, kKenya, type World } from '../kit/desk_double';

const texts = import.meta.glob<string>('../../../rulebook/examples/answers/assistance-full*.json', { query: '?raw', import: 'default', eager: true });

/** A desk with the main request of the demonstration: received by Kenya, sent by France, as a draft, and one that does not verify. */
export function requestDesk(files: Record<string, string>, asked: URLSearchParams): Desk {
  const rules = new Rulebook(new Map(Object.entries(files)), 'r');
  const answers = (name: string): JsonObject => {
    const text = Object.entries(texts).find(([path]) => path.endsWith(`/${name}.json`))?.[1] ?? '{}';
    return (JSON.parse(text) as { values: JsonObject }).values;
  };
  const world: World = { rules, files, answers: answers('assistance-full'), translated: answers('assistance-full-en'), seat: asked.get('request') === 'sent' ? kFrance : kKenya };
  const opened = caseOf(world);
  const change: Partial<Desk> = {};
  const desk = deskDouble(world, asked.has('bad') ? { openCase: async () => ({ ...opened, good: false, acts: opened.acts.map((act, index) => (index === 0 ? { ...act, verdict: badVerdict } : act)) }) } : {});
  const sections = Object.fromEntries((rules.form('assistance.request')?.sections ?? []).map((one) => [one.section, 'done' as const]));
  const draft = beginDraft(rules, 'begun', { type: 'assistance.request', authority: kFrance, to: [kKenya], case: null, reference: null, basis: 'uncc.44', language: 'fr', known: { now: new Date(), language: 'fr' } });
  const full: Draft = { ...draft, id: 'full', content: { ...draft.content, answers: world.answers, sections, intention: { ...draft.content.intention, summary: 'Données d’abonné et de trafic de trois comptes' } } };
  const notes = { team: { etag: 'e0', at: '2026-11-22T01:00:00Z' } };
  const forked: Draft = { ...full, id: 'forked', content: { ...full.content, versions: { facts: { here: 1 } }, notes: { ...full.content.notes, ...notes } } };
  // A colleague has written the facts otherwise: sharing meets theirs.
  if (asked.has('conflict')) {
    change.shareDraft = async () => {
      throw new DeskError({ kind: 'conflict', rule: 'draft.stale', detail: 'examined' });
    };
    change.openTeamDraft = async () => ({ content: { ...full.content, answers: { ...world.answers, facts: 'Les faits, autrement.' }, versions: { facts: { there: 1 } } }, etag: 'e1', updatedBy: 'of:fr:colleague', updatedAt: '2026-11-22T01:30:00Z' });
  }
  Object.assign(desk, change);
  for (const one of [draft, full, forked]) desk.drafts.set(one.id, one);
  return desk;
}
