import { useParams } from '@tanstack/react-router';
import { articleOf, type Instrument, type Rulebook } from '@/forms';
import { useI18n } from '@/i18n/react';
import { Remote, useRules } from '@/parts/desk';
import { useRuleWords } from '@/parts/form';
import { Facts, Id, Notice, Page, Table } from '@/ui';

/** A treaty: since when, between whom, which of its articles the rulebook relies on, and for what. */
export function InstrumentScreen() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const { t } = useI18n();
  const rules = useRules();
  return <Remote query={rules} title={t('book.title')}>{(book) => {
    const found = book.instrument(id);
    return found ? <InstrumentPage rules={book} instrument={found} /> : <Page title={t('book.title')}><Notice>{t('state.notFound.text')}</Notice></Page>;
  }}</Remote>;
}

function InstrumentPage({ rules, instrument }: { rules: Rulebook; instrument: Instrument }) {
  const { t, format, country } = useI18n();
  const words = useRuleWords(rules);
  const id = instrument.instrument;
  const kinds = rules.kinds.filter((kind) => (kind.basis ?? []).some((basis) => basis.startsWith(`${id}.`)));
  return (
    <Page title={words.word(`instrument.${id}`)} back={{ href: '/rulebook', label: t('book.title') }}>
      <Facts
        facts={[
          instrument.symbol === undefined ? null : [t('book.symbol'), <Id>{instrument.symbol}</Id>],
          instrument.adopted === undefined ? null : [t('book.adopted'), format.day(instrument.adopted)],
          instrument.in_force === undefined ? null : [t('book.inForce'), instrument.in_force === null ? t('book.notInForce') : format.day(instrument.in_force)],
          kinds.length === 0 ? null : [t('book.basisOf'), format.list(kinds.map((kind) => words.kind(kind.kind)))],
          [t('book.parties'), instrument.enforce_parties ? t('book.partiesEnforced') : t('book.partiesNotEnforced')],
        ]}
      />
      {(instrument.parties ?? []).length > 0 && (
        <Table
          label={t('book.parties')} rows={[...(instrument.parties ?? [])].sort((a, b) => format.compare(country(a.country), country(b.country)))} rowKey={(party) => party.country}
          columns={[{ id: 'country', header: t('book.country'), cell: (party) => country(party.country) }, { id: 'from', header: t('book.since'), cell: (party) => format.day(party.from) }]}
        />
      )}
      {(instrument.articles ?? []).length > 0 && (
        <>
          <h2>{t('book.articles')}</h2>
          <p className="articles">{(instrument.articles ?? []).map((article) => <Id key={article}>{articleOf(article) || article}</Id>)}</p>
        </>
      )}
    </Page>
  );
}
