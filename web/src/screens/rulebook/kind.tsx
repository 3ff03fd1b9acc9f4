import { useParams } from '@tanstack/react-router';
import type { ClockRule, Kind, Rulebook, Transition } from '@/forms';
import { useI18n } from '@/i18n/react';
import { Remote, useRules } from '@/parts/desk';
import { Cite, useRuleWords } from '@/parts/form';
import { Facts, Link, Notice, Page, Table } from '@/ui';
import { conditionWords } from './condition';

/** A kind of request as a jurist reads it: who with whom, the states, what leads from one to the next, and by when. */
export function KindScreen() {
  const { kind = '' } = useParams({ strict: false }) as { kind?: string };
  const { t } = useI18n();
  const rules = useRules();
  return <Remote query={rules} title={t('book.title')}>{(book) => {
    const found = book.kind(kind);
    return found ? <KindPage rules={book} kind={found} /> : <Page title={t('book.title')}><Notice>{t('state.notFound.text')}</Notice></Page>;
  }}</Remote>;
}

function KindPage({ rules, kind }: { rules: Rulebook; kind: Kind }) {
  const i18n = useI18n();
  const { t, format } = i18n;
  const words = useRuleWords(rules);
  const say = conditionWords(i18n, words, null, rules.forms.filter((form) => form.form.startsWith(`${kind.kind}.`)));
  const state = (name: string) => words.state(kind.kind, name);
  const from = (one: Transition) => (one.from === null ? t('book.opens') : one.from === 'any' ? t('book.anyState') : one.from.map(state).join(', '));
  // Long for some acts, none for others: a column of their own would squeeze all that stands beside it.
  const refusals = ({ require = [] }: Transition) => require.length > 0 && (
    <details className="small">
      <summary>{t('book.require')} ({format.number(require.length)})</summary>
      <ul className="plain refusals">{require.map((rule) => <li key={rule.rule}>{words.rule(rule.rule)} <span className="mute">{say(rule.that)}</span> <Cite source={rule.source} words={words} /></li>)}</ul>
    </details>
  );
  const periods = (clock: ClockRule) => {
    const { period } = clock;
    if (typeof period === 'string') return format.period(period);
    if ('until' in period) return t('book.until', { field: labelName(rules, kind, period.until, words) });
    const vocab = period.by.slice(period.by.indexOf('.') + 1);
    return <>{Object.entries(period.periods).map(([code, length]) => <div key={code}>{words.has(`vocab.${vocab}.${code}`) ? words.code(vocab, code) : code}: {format.period(length)}</div>)}<div>{t('book.else')}: {format.period(period.else)}</div></>;
  };
  return (
    <Page title={words.kind(kind.kind)} back={{ href: '/rulebook', label: t('book.title') }}>
      <Facts
        facts={[
          [t('book.source'), <><Cite source={kind.source} words={words} />{kind.confidence === 'memory' && <span className="mute"> ({t('book.fromMemory')})</span>}</>],
          [t('book.basis'), <ul className="plain">{(kind.basis ?? []).map((basis) => <li key={basis}><Cite source={basis} words={words} /></li>)}</ul>],
          [words.word('party.requesting'), format.list(kind.parties.requesting.map((one) => words.authorityKind(one)))],
          [words.word('party.requested'), format.list(kind.parties.requested.map((one) => words.authorityKind(one)))],
          [t('book.hubSees'), format.list((kind.label ?? []).map((name) => labelName(rules, kind, name, words)))],
          kind.retention === undefined ? null : [t('book.retention'), <>{format.period(kind.retention.keep)} <Cite source={kind.retention.source} words={words} /></>],
        ]}
      />
      <h2>{t('book.states')}</h2>
      <ul className="columns">{kind.states.map((one) => <li key={one.state}>{state(one.state)}{one.final && <span className="mute"> ({t('book.final')})</span>}</li>)}</ul>
      <h2>{t('book.transitions')}</h2>
      <Table<Transition>
        label={t('book.transitions')} rows={kind.transitions} rowKey={(one) => one.t}
        columns={[
          { id: 'act', header: t('book.act'), cell: (one) => <>{words.act(one.t)}<div><Cite source={one.source} words={words} /></div>{refusals(one)}</> },
          { id: 'by', header: t('book.by'), cell: (one) => words.word(`party.${one.by}`) },
          { id: 'from', header: t('book.from'), cell: from },
          { id: 'to', header: t('book.to'), cell: (one) => (one.to === 'same' ? t('book.same') : state(one.to)) },
          { id: 'how', header: t('book.assurance'), cell: (one) => one.by !== 'clock' && words.assurance(one.assurance ?? 'session') },
          { id: 'form', header: t('book.form'), cell: (one) => one.form && <Link href={`/rulebook/form/${one.form}`}>{words.form(one.form)}</Link> },
        ]}
      />
      <h2>{t('book.clocks')}</h2>
      <Table<ClockRule>
        label={t('book.clocks')} rows={kind.clocks ?? []} rowKey={(one) => one.clock}
        columns={[
          { id: 'clock', header: t('book.clock'), cell: (one) => <>{words.clock(one.clock)}<div><Cite source={one.source} words={words} /></div></> },
          { id: 'owner', header: t('book.owner'), cell: (one) => words.word(`party.${one.owner}`) },
          { id: 'period', header: t('book.period'), cell: periods },
          { id: 'starts', header: t('book.starts'), cell: (one) => acts(kind, words, (transition) => (transition.starts ?? []).some((start) => (typeof start === 'string' ? start : start.clock) === one.clock)) },
          { id: 'stops', header: t('book.stops'), cell: (one) => acts(kind, words, (transition) => (transition.stops ?? []).includes(one.clock)) },
          { id: 'lapse', header: t('book.lapse'), cell: (one) => (one.lapse === undefined ? t('book.alarmOnly') : words.act(one.lapse)) },
        ]}
      />
    </Page>
  );
}

function acts(kind: Kind, words: ReturnType<typeof useRuleWords>, that: (transition: Transition) => boolean): string {
  return kind.transitions.filter(that).map((one) => words.act(one.t)).join(' · ');
}

/** A routing field of the label, named as the first form of the kind that has it names it. */
function labelName(rules: Rulebook, kind: Kind, name: string, words: ReturnType<typeof useRuleWords>): string {
  const form = rules.forms.find((one) => one.form.startsWith(`${kind.kind}.`) && one.sections.some((section) => section.fields.some((field) => field.field === name)));
  return form ? words.field(form.form, name) : name;
}
