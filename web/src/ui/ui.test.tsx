import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { loadLanguage } from '@/i18n/catalogue';
import { I18nProvider } from '@/i18n/react';
import { Button, DateField, ErrorSummary, ProofMark, TextField, WhoCanRead } from '.';
import { runsOf } from './lists';
import { tabAfter, Tabs } from './tabs';

const pack = await loadLanguage('en');
const show = (node: React.ReactNode) => render(<I18nProvider lang="en" pack={pack}>{node}</I18nProvider>);
afterEach(cleanup);

describe('a button', () => {
  test('that is blocked stays, does nothing and says why', async () => {
    const press = vi.fn();
    show(<Button onPress={press} blocked="No connection">Send</Button>);
    const button = screen.getByRole('button', { name: 'Send' });
    await userEvent.click(button);
    expect(press).not.toHaveBeenCalled();
    expect(screen.getByText('No connection').id).toBe(button.getAttribute('aria-describedby'));
  });
  test('at work cannot be pressed twice', async () => {
    const press = vi.fn();
    show(<Button onPress={press} busy>Send</Button>);
    await userEvent.click(screen.getByRole('button'));
    expect(press).not.toHaveBeenCalled();
  });
});

describe('a field', () => {
  test('carries its hint and its error to whoever cannot see them', () => {
    show(<TextField label="Summary" hint="One sentence" error="Enter a summary" value="" onChange={() => undefined} />);
    const input = screen.getByRole('textbox', { name: 'Summary' });
    expect(input.getAttribute('aria-invalid')).toBe('true');
    const described = (input.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent);
    expect(described.join(' ')).toContain('One sentence');
    expect(described.join(' ')).toContain('Enter a summary');
  });
  test('counts characters over the limit and cuts nothing off', () => {
    show(<TextField label="S" value="abcdef" maxLength={4} onChange={() => undefined} />);
    expect(screen.getByText('2 characters too many')).toBeTruthy();
  });
});

describe('a date field', () => {
  test('gives the date once it is whole, and says when it is not real', async () => {
    const given = vi.fn();
    function Holder() {
      const [value, setValue] = useState<string | null>(null);
      return <DateField label="Until" value={value} onChange={(next) => { given(next); setValue(next); }} />;
    }
    show(<Holder />);
    await userEvent.type(screen.getByLabelText('Day'), '12');
    await userEvent.type(screen.getByLabelText('Month'), '6');
    expect(given).not.toHaveBeenCalled();
    await userEvent.type(screen.getByLabelText('Year'), '2026');
    expect(given).toHaveBeenLastCalledWith('2026-06-12');
    await userEvent.clear(screen.getByLabelText('Month'));
    await userEvent.type(screen.getByLabelText('Month'), '13');
    expect(given).toHaveBeenLastCalledWith(null);
    expect(screen.getByText('This is not a real date.')).toBeTruthy();
  });
});

describe('the error summary', () => {
  test('takes the focus and leads to the field', async () => {
    show(<><ErrorSummary faults={[{ field: 'a', message: 'Enter a name' }]} /><TextField id="a" label="Name" value="" onChange={() => undefined} /></>);
    expect(document.activeElement).toBe(screen.getByRole('alert'));
    await userEvent.click(screen.getByRole('link', { name: 'Enter a name' }));
    expect(document.activeElement).toBe(screen.getByRole('textbox'));
  });
});

describe('marks', () => {
  test('of a proof are green only when this browser checked it', () => {
    show(<><ProofMark proof={{ state: 'verified', index: 88213 }} /><ProofMark proof={{ state: 'unchecked' }} /></>);
    expect(screen.getByText('Entry 88,213, verified').className).toContain('verified');
    expect(screen.getByText('Not checked yet').className).not.toContain('verified');
  });
  test('of readers name them', () => {
    show(<WhoCanRead readers={{ voice: 'other', who: ['Central Authority, Brazil'] }} hubSees={['countries', 'dates']} />);
    expect(screen.getByText(/Only Central Authority, Brazil can read this. The hub sees: countries and dates./)).toBeTruthy();
  });
});

describe('a timeline', () => {
  test('folds automatic events that follow one another', () => {
    const event = (id: string, automatic: boolean) => ({ id, at: '2026-03-14T01:12:00Z', what: id, automatic });
    expect(runsOf([event('a', false), event('b', true), event('c', true), event('d', true), event('e', false), event('f', false)]).map((run) => run.length)).toEqual([1, 3, 1, 1]);
  });
});

describe('tabs', () => {
  function Two() {
    const [tab, setTab] = useState<'one' | 'two'>('one');
    return <Tabs label="Parts" tabs={[{ id: 'one', label: 'First' }, { id: 'two', label: 'Second', count: 3 }]} selected={tab} onChange={setTab}><p>{tab} is shown</p></Tabs>;
  }
  test('are one stop of the keyboard; the arrows show the next one', async () => {
    show(<Two />);
    await userEvent.tab();
    expect(document.activeElement?.textContent).toBe('First');
    await userEvent.keyboard('{ArrowRight}');
    expect(document.activeElement?.textContent).toBe('Second 3');
    expect(screen.getByRole('tabpanel', { name: 'Second 3' }).textContent).toBe('two is shown');
    await userEvent.tab();
    expect(document.activeElement).toBe(document.body);
  });
  test('name a panel that is there, and no other', () => {
    show(<Two />);
    const named = screen.getAllByRole('tab').map((tab) => tab.getAttribute('aria-controls')).filter((id) => id !== null);
    expect(named.map((id) => document.getElementById(id)?.textContent)).toEqual(['one is shown']);
  });
  test('go round at their ends, and the other way about in Arabic', () => {
    expect([tabAfter('ArrowRight', 1, 2, false), tabAfter('ArrowLeft', 0, 2, false), tabAfter('ArrowLeft', 0, 3, true)]).toEqual([0, 1, 1]);
    expect([tabAfter('Home', 1, 3, false), tabAfter('End', 0, 3, false), tabAfter('a', 0, 3, false)]).toEqual([0, 2, null]);
  });
});
