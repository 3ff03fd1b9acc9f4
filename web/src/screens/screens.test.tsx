import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test } from 'vitest';
import { beginDraft } from '@/parts/draft';
import { badVerdict, caseOf, deskDouble, kFrance, kKenya } from '../../tests/kit/desk_double';
import { renderAt } from '../../tests/kit/render';
import { exampleWorld } from '../../tests/kit/rulebook_world';
import { PartScreen, SummaryScreen, TaskListScreen } from './draft';
import { textsOf } from './draft/translation';
import { ActScreen, BeginScreen, NewScreen } from './new';
import { ProofScreen } from './proof';
import { RequestScreen } from './request';
import { qrPath } from './request/qr';
import { conditionWords } from './rulebook/condition';
import { KindScreen, RulebookScreen } from './rulebook';
import { CheckScreen } from './sign';
import { ReceiptScreen } from './receipt';
import { RuleWords, type Condition } from '@/forms';
import { formats } from '@/i18n/format';
import { translator } from '@/i18n/translate';
import { words as english } from '@/i18n/words/en/all';

const world = await exampleWorld();
const screens = {
  '/new': NewScreen, '/new/$actType': BeginScreen, '/requests/$reference/act/$actType': ActScreen, '/drafts/$id': TaskListScreen, '/drafts/$id/part/$section': PartScreen, '/drafts/$id/summary': SummaryScreen,
  '/drafts/$id/check': CheckScreen, '/receipt/$act': ReceiptScreen, '/requests/$reference': RequestScreen, '/requests/$reference/proof/$act': ProofScreen, '/rulebook': RulebookScreen, '/rulebook/kind/$kind': KindScreen,
};
const known = { now: new Date('2031-03-02T09:00:00Z'), language: 'fr' };
const begun = beginDraft(world.rules, 'd1', { type: 'assistance.request', authority: kFrance, to: [kKenya], case: null, reference: null, basis: 'uncc.44', language: 'fr', known });
const full = {
  ...begun, id: 'd2',
  content: {
    ...begun.content, answers: world.answers, intention: { ...begun.content.intention, summary: 'Trois comptes' },
    sections: Object.fromEntries((world.rules.form('assistance.request')?.sections ?? []).map((one) => [one.section, 'done' as const])),
  },
};
afterEach(cleanup);
const slow = { timeout: 15_000 };

describe('a new request', () => {
  test('shows what may be begun, and why the rest may not, before a word is written', async () => {
    await renderAt('/new', screens, deskDouble(world));
    expect((await screen.findAllByText('Request assistance', {}, slow))[0]?.getAttribute('href')).toBe('/new/assistance.request');
    expect(screen.getByText(/What you may not begin/)).toBeTruthy();
  }, 30_000);

  test('asks for country and ground, says what is missing, and begins a draft with what is known', async () => {
    const desk = deskDouble(world);
    const { router } = await renderAt('/new/assistance.request', screens, desk);
    const start = await screen.findByRole('button', { name: 'Start the draft' }, slow);
    await userEvent.click(start);
    const summary = screen.getByRole('alert');
    expect(within(summary).getByText('Choose the country that you ask')).toBeTruthy();
    expect(document.activeElement).toBe(summary);
    expect(desk.drafts.size).toBe(0);
    expect(router.state.location.pathname).toBe('/new/assistance.request');
  }, 30_000);
});

describe('a page of a draft', () => {
  test('is checked on Continue: the summary takes the focus and leads to the field; what is typed is kept', async () => {
    const desk = deskDouble(world);
    await desk.saveDraft(begun);
    const { router } = await renderAt('/drafts/d1/part/facts', screens, desk);
    const box = await screen.findByLabelText(/Summary of the facts/, {}, slow);
    await userEvent.click(screen.getByRole('button', { name: /Save and continue/ }));
    expect(within(await screen.findByRole('alert')).getByText(/Summary of the facts: This must be answered/)).toBeTruthy();
    await userEvent.type(box, 'Le 2 mars');
    await waitFor(() => expect(desk.drafts.get('d1')?.content.answers['facts']).toBe('Le 2 mars'), slow);
    await userEvent.type(screen.getByLabelText(/Why the evidence is believed/), 'Lettre du prestataire');
    await userEvent.click(screen.getByRole('button', { name: /Save and continue/ }));
    await waitFor(() => expect(router.state.location.pathname).not.toBe('/drafts/d1/part/facts'), slow);
  }, 60_000);

  test('one line for the inbox is at most 120 characters', async () => {
    const desk = deskDouble(world);
    await desk.saveDraft({ ...begun, content: { ...begun.content, intention: { ...begun.content.intention, summary: 'é'.repeat(121) } } });
    await renderAt('/drafts/d1/summary', screens, desk);
    await userEvent.click(await screen.findByRole('button', { name: 'Save and continue' }, slow));
    expect(within(await screen.findByRole('alert')).getByText('Shorten the line to 120 characters')).toBeTruthy();
  }, 30_000);
});

describe('check and sign', () => {
  test('says who can read and what the hub sees, then sends and leads to the receipt; the draft is gone', async () => {
    const desk = deskDouble(world);
    await desk.saveDraft(full);
    const { router } = await renderAt('/drafts/d2/check', screens, desk);
    const send = await screen.findByRole('button', { name: 'Confirm your presence, sign and send' }, slow);
    expect(screen.getByText(/Sealed\. Only .*Central Authority \(demonstration\).* can read this/)).toBeTruthy();
    expect(screen.getByText(/The hub sees: both countries and authorities/)).toBeTruthy();
    expect(screen.getByText(/for the first time/)).toBeTruthy();
    expect(screen.queryByText(/^(field|vocab|form)\./)).toBeNull();
    await userEvent.click(send);
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/receipt\//), slow);
    expect(desk.sent[0]?.intention).toMatchObject({ type: 'assistance.request', to: [kKenya], basis: 'uncc.44', rulebook: world.rules.digest });
    expect(desk.drafts.has('d2')).toBe(false);
    expect(await screen.findByText('FR-2031-00017', {}, slow)).toBeTruthy();
  }, 60_000);

  test('does not offer to sign what has defects', async () => {
    const desk = deskDouble(world);
    await desk.saveDraft({ ...full, content: { ...full.content, answers: { ...full.content.answers, subject: '' } } });
    await renderAt('/drafts/d2/check', screens, desk);
    expect(await screen.findByText(/Subject matter of the proceedings: This must be answered/, {}, slow)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /sign and send/i })).toBeNull();
  }, 60_000);
});

describe('a request', () => {
  test('says whose turn it is, offers what stops the clock first, and nothing that the hub does not allow', async () => {
    await renderAt('/requests/FR-2031-00017', screens, deskDouble(world));
    expect(await screen.findByText('Your turn: Supplement due', {}, slow)).toBeTruthy();
    const main = await screen.findByRole('link', { name: 'Send the supplement' }, slow);
    expect(main.getAttribute('href')).toBe('/requests/FR-2031-00017/act/assistance.supply');
    expect(screen.queryByRole('link', { name: 'Send the answer' })).toBeNull();
    expect(screen.getAllByText(/Entry 40, verified/).length).toBeGreaterThan(0);
  }, 60_000);

  test('hides behind a choice what does not verify, and says so in red', async () => {
    const bad = caseOf(world);
    const opened = { ...bad, good: false, acts: bad.acts.map((act, index) => (index === 0 ? { ...act, verdict: badVerdict } : act)) };
    await renderAt('/requests/FR-2031-00017', screens, deskDouble(world, { openCase: async () => opened }));
    expect(await screen.findByText('This does not verify', {}, slow)).toBeTruthy();
    expect(screen.queryByText('Summary of the facts')).toBeNull();
    expect(screen.queryByText(/dossier de messagerie piégée/)).toBeNull();
    expect(screen.queryByText(/Entry 40, verified/)).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Show the content all the same' }));
    expect(await screen.findByText('Summary of the facts')).toBeTruthy();
  }, 60_000);

  test('has three voices, none in the box of another', async () => {
    const desk = deskDouble(world);
    await renderAt('/requests/FR-2031-00017', screens, desk);
    await userEvent.click(await screen.findByRole('tab', { name: /Notes and letters/ }, slow));
    const other = screen.getByRole('heading', { name: /^To / }).closest('section') as HTMLElement;
    expect(within(other).queryByRole('textbox')).toBeNull();
    const own = screen.getByLabelText('My own notes');
    await waitFor(() => expect(own).toHaveProperty('disabled', false), slow);
    await userEvent.type(own, 'call Nairobi');
    await waitFor(() => expect([...desk.drafts.values()].some((draft) => draft.content.notes['text'] === 'call Nairobi')).toBe(true), slow);
    expect(desk.sent).toEqual([]);
  }, 60_000);

  test('an act on it begins a draft in that case, and the same draft the next time', async () => {
    const desk = deskDouble(world);
    const { router } = await renderAt('/requests/FR-2031-00017/act/assistance.supply', screens, desk);
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/drafts\//), slow);
    const [draft] = [...desk.drafts.values()];
    expect(draft?.content.intention).toMatchObject({ type: 'assistance.supply', to: [kKenya], basis: 'uncc.44' });
    router.history.push('/requests/FR-2031-00017/act/assistance.supply');
    await waitFor(() => expect(router.state.location.pathname).toBe(`/drafts/${draft?.id}`), slow);
    expect(desk.drafts.size).toBe(1);
  }, 60_000);
});

test('a proof is told in words, each step with what was found', async () => {
  await renderAt(`/requests/FR-2031-00017/proof/${'act40'.padEnd(43, 'x')}`, screens, deskDouble(world));
  expect(await screen.findByText('This browser checked it, and it holds.', {}, slow)).toBeTruthy();
  expect(screen.getAllByText(/^Holds:/).length).toBe(5);
}, 60_000);

test('the rulebook is readable in the desk: kinds, acts, clocks, in words', async () => {
  await renderAt('/rulebook/kind/preservation', screens, deskDouble(world));
  expect((await screen.findAllByText('Confirm that the data is preserved', {}, slow)).length).toBeGreaterThan(0);
  expect(document.body.textContent).not.toMatch(/\b(state|act|clock|party|assurance)\.[a-z]/);
}, 60_000);

test('every condition of the rulebook is a sentence', () => {
  const t = translator('en', english);
  const say = conditionWords({ t, format: formats('en-GB', t) }, new RuleWords(world.rules, 'en'), null, world.rules.forms);
  const conditions: Condition[] = [
    ...world.rules.forms.flatMap((form) => form.sections.flatMap((section) => section.fields.flatMap((field) => [field.show_if, typeof field.required === 'object' ? field.required : undefined]))),
    ...world.rules.kinds.flatMap((kind) => kind.transitions.flatMap((transition) => (transition.require ?? []).map((rule) => rule.that))),
  ].filter((one) => one !== undefined);
  expect(conditions.length).toBeGreaterThan(100);
  for (const condition of conditions) expect(say(condition), JSON.stringify(condition)).not.toMatch(/\b(field|label|vocab|rule|book|state|act)\.[a-z]/);
});

test('the texts of a translator are the answered free texts, by their paths', () => {
  const form = world.rules.form('assistance.request')!;
  const paths = textsOf(form, world.answers, new RuleWords(world.rules, 'en')).map((one) => one.path);
  expect(paths).toContain('facts');
  expect(paths).toContain('offences.0.law_text');
  expect(paths).not.toContain('urgency');
});

test('a QR code has its three finder patterns and grows with its text', () => {
  const short = qrPath('https://hub.example/r');
  expect(short.path.startsWith('M0 0h1v1h-1z')).toBe(true);
  expect(short.path).toContain(`M${short.size - 1} 0h1v1h-1z`);
  expect(short.path).toContain(`M0 ${short.size - 1}h1v1h-1z`);
  expect(qrPath('x'.repeat(300)).size).toBeGreaterThan(short.size);
});
