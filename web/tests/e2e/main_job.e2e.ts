import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Answers, OpenedCase, Sent } from '@/api/desk';
import { answersOf } from './kit/answers';
import type { Tab } from './kit/browser';
import { until } from './kit/hub';
import type { Proxy } from './kit/proxy';
import { raise, type Stage } from './kit/stage';

const FR = 'au:fr:central-authority';
const KE = 'au:ke:central-authority';
let stage: Stage;
let door: Proxy;
let french: Tab;
let kenyan: Tab;
beforeAll(async () => {
  stage = await raise();
  door = await stage.door();
  french = await stage.as(door, FR);
  kenyan = await stage.as(door, KE);
});
afterAll(async () => stage?.end());

interface Act { type: string; from: string; to: string; case: string | null; basis: string; answers: Answers; summary: string; files?: string[] }
export async function send(tab: Tab, act: Act): Promise<Sent> {
  return tab.page.evaluate(async (text) => {
    const { type, from, to, case: caseId, basis, answers, summary, files } = JSON.parse(text) as Act;
    const translations = type === 'assistance.request' ? [{ language: 'en', maker: 'machine', checkedBy: '', answers: {} }] : [];
    const prepared = await window.desk.prepare({ type, authority: from, to: [to], case: caseId, basis, answers, language: 'fr', summary, translations, files: files ?? [] });
    if (prepared.defects.length > 0) throw new Error(JSON.stringify(prepared.defects));
    return window.desk.send(prepared.id);
  }, JSON.stringify(act));
}
const open = (tab: Tab, authority: string, reference: string): Promise<OpenedCase> => tab.page.evaluate(([au, which]) => window.desk.openCase(au!, which!), [authority, reference]);

describe('the main job between two browsers', () => {
  let sent: Sent;
  it('France seals, signs and sends a request with evidence, and holds a receipt that its browser checked', async () => {
    await kenyan.page.evaluate((authority) => {
      const heard: unknown[] = [];
      Object.assign(window, { heard });
      window.desk.events(authority, (event) => heard.push(event));
    }, KE);
    const file = await french.page.evaluate(async () => {
      const bytes = new Uint8Array(3_000_000).map((_, i) => (i * 31) % 251);
      return window.desk.attach(new File([bytes], 'ordonnance.pdf', { type: 'application/pdf' }), 'the order');
    });
    expect(file.size).toBe(3_000_000);
    sent = await send(french, { type: 'assistance.request', from: FR, to: KE, case: null, basis: 'uncc.44', answers: answersOf('assistance-full'), summary: 'Deux comptes, données d’abonné', files: [file.fid] });
    expect(sent.verdict.good).toBe(true);
    expect(sent.reference).toMatch(/^FR-\d{4}-\d{5}$/);
  });
  it('Kenya hears of it, and reads on the label what the hub may know', async () => {
    await until('the event', 20, () => kenyan.page.evaluate((id) => (window as unknown as { heard: { data: { id?: string } }[] }).heard.some((event) => event.data.id === id), sent.id));
  });
  it('Kenya opens it: every step holds, the text and the file are those that were written', async () => {
    const opened = await open(kenyan, KE, sent.reference ?? '');
    expect(opened.good).toBe(true);
    const [act] = opened.acts;
    expect(act?.verdict.steps.filter((step) => step.finding === 'fails')).toEqual([]);
    expect(act?.verdict.steps.map((step) => step.check)).toEqual(expect.arrayContaining(['receipt', 'signature', 'chain', 'signer-view', 'seal', 'commitment', 'document', 'agreement', 'form']));
    expect(act?.summary).toBe('Deux comptes, données d’abonné');
    expect(act?.document?.answers).toMatchObject({ basis: 'uncc.44' });
    expect(act?.files[0]?.name).toBe('ordonnance.pdf');
    const size = await kenyan.page.evaluate(async ([au, id, fid]) => {
      const bytes = new Uint8Array(await (await window.desk.openFile(au!, id!, fid!)).arrayBuffer());
      return bytes.every((byte, i) => byte === (i * 31) % 251) ? bytes.length : -1;
    }, [KE, act?.id ?? '', act?.files[0]?.fid ?? '']);
    expect(size).toBe(3_000_000);
  });
  it('the hub has seen neither summary nor text', async () => {
    const label = await french.page.evaluate(async ([au, which]) => JSON.stringify((await window.desk.openCase(au!, which!)).file), [FR, sent.reference ?? '']);
    expect(label).not.toContain('Deux comptes');
  });
  it('Kenya acknowledges, asks for a supplement, France supplies, Kenya answers; both see all of it hold', async () => {
    const from = (type: string, name: string, back = false) => send(back ? french : kenyan, { type, from: back ? FR : KE, to: back ? KE : FR, case: sent.case, basis: 'uncc.44', answers: answersOf(name), summary: 'suite' });
    await from('assistance.acknowledge', 'assistance-acknowledge');
    await from('assistance.accept-confidentiality', 'assistance-accept-confidentiality');
    await from('assistance.ask-supplement', 'assistance-ask-supplement');
    await from('assistance.supply', 'assistance-supply', true);
    await from('assistance.answer', 'assistance-answer');
    for (const [tab, authority] of [[french, FR], [kenyan, KE]] as const) {
      const opened = await open(tab, authority, sent.reference ?? '');
      expect(opened.acts.map((act) => act.type)).toEqual(['assistance.request', 'assistance.acknowledge', 'assistance.accept-confidentiality', 'assistance.ask-supplement', 'assistance.supply', 'assistance.answer']);
      expect(opened.acts.flatMap((act) => act.verdict.steps.filter((step) => step.finding === 'fails'))).toEqual([]);
    }
  });
  it('a page of summaries opens in one batch', async () => {
    const found = await kenyan.page.evaluate(async (authority) => {
      const page = await window.desk.cases({ authority, view: 'all', limit: 100 });
      const began = performance.now();
      const summaries = await window.desk.summaries(authority, page.items);
      return { milliseconds: performance.now() - began, states: Object.values(summaries).map((one) => (one.state === 'closed' ? `closed: ${one.why} ${JSON.stringify(one.verdict?.steps.at(-1) ?? null)}` : one.state)) };
    }, KE);
    console.log(`${found.states.length} summaries with their acts fetched, checked and opened: ${Math.round(found.milliseconds)} ms`);
    // A party that came later to a case does not see what was written before it.
    expect(found.states.filter((state) => state.startsWith('closed') && !state.startsWith('closed: before-us'))).toEqual([]);
    expect(found.states.filter((state) => state === 'open').length).toBeGreaterThan(10);
  });
  it('exports a proof that says where everything stands', async () => {
    const text = await french.page.evaluate(async ([au, id]) => (await window.desk.exportProof(au!, [id!], true)).text(), [FR, sent.id]);
    const bundle = JSON.parse(text) as { format: string; items: { role: string }[] };
    expect(bundle.format).toBe('entraide-proof/1');
    expect(bundle.items.filter((item) => item.role === 'directory').length).toBeGreaterThanOrEqual(5);
  });
});
