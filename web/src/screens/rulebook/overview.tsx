import { useState } from 'react';
import type { Rulebook } from '@/forms';
import { useI18n } from '@/i18n/react';
import { Remote, useRules } from '@/parts/desk';
import { useRuleWords } from '@/parts/form';
import { Facts, Id, Link, Page, SearchField, Table, Tabs } from '@/ui';

type Part = 'kinds' | 'forms' | 'instruments' | 'use' | 'words';

/** What may happen, who may do it, by when, on which ground: the same data that the hub obeys. */
export function RulebookScreen() {
  const { t } = useI18n();
  const rules = useRules();
  return (
    <Page title={t('book.title')} lead={t('book.lead')}>
      <Remote query={rules}>{(book) => <Overview rules={book} />}</Remote>
    </Page>
  );
}

function Overview({ rules }: { rules: Rulebook }) {
  const { t, format } = useI18n();
  const words = useRuleWords(rules);
  const [part, setPart] = useState<Part>('kinds');
  return (
    <>
      <Facts facts={[[t('book.version'), rules.version], [t('book.digest'), <Id long what={t('book.digest')}>{rules.digest}</Id>]]} />
      <Tabs
        label={t('book.parts')} selected={part} onChange={setPart}
        tabs={[{ id: 'kinds', label: t('book.kinds') }, { id: 'forms', label: t('book.forms') }, { id: 'instruments', label: t('book.instruments') }, { id: 'use', label: t('book.use') }, { id: 'words', label: t('book.words') }]}
      >
        {part === 'kinds' && (
          <Table
            label={t('book.kinds')} rows={rules.kinds} rowKey={(kind) => kind.kind}
            columns={[
              { id: 'kind', header: t('book.kind'), cell: (kind) => <Link href={`/rulebook/kind/${kind.kind}`}>{words.kind(kind.kind)}</Link> },
              { id: 'basis', header: t('book.basis'), cell: (kind) => (kind.basis ?? []).map((basis) => `${words.cite(basis).instrument} \u2066${words.cite(basis).article}\u2069`).join(' · ') },
              { id: 'acts', header: t('book.acts'), cell: (kind) => format.number(kind.transitions.length), end: true },
              { id: 'clocks', header: t('book.clocks'), cell: (kind) => format.number(kind.clocks?.length ?? 0), end: true },
            ]}
          />
        )}
        {part === 'forms' && <ul className="columns">{rules.forms.map((form) => <li key={form.form}><Link href={`/rulebook/form/${form.form}`}>{words.form(form.form)}</Link></li>)}</ul>}
        {part === 'instruments' && (
          <Table
            label={t('book.instruments')} rows={rules.instruments} rowKey={(one) => one.instrument}
            columns={[
              { id: 'name', header: t('book.instrument'), cell: (one) => <Link href={`/rulebook/instrument/${one.instrument}`}>{words.word(`instrument.${one.instrument}`)}</Link> },
              { id: 'symbol', header: t('book.symbol'), cell: (one) => one.symbol && <Id>{one.symbol}</Id> },
              { id: 'force', header: t('book.inForce'), cell: (one) => (one.in_force ? format.day(one.in_force) : one.in_force === null ? t('book.notInForce') : '–') },
            ]}
          />
        )}
        {part === 'use' && (
          <Table
            label={t('book.use')} rows={rules.useRules} rowKey={(rule) => rule.article}
            columns={[
              { id: 'article', header: t('book.article'), cell: (rule) => <Id>{rule.article}</Id> },
              { id: 'text', header: t('book.text'), cell: (rule) => words.word(`use.${rule.article}`) },
              { id: 'how', header: t('book.enforced'), cell: (rule) => (rule.by === undefined ? (rule.enforced_by ?? []).map((one) => <div key={one} className="small">{words.rule(one)}</div>) : t('book.byAgreement')) },
            ]}
          />
        )}
        {part === 'words' && <Terms rules={rules} />}
      </Tabs>
    </>
  );
}

const kMost = 100;

/** Every word of the rulebook in four languages side by side, for whoever must agree on them. */
function Terms({ rules }: { rules: Rulebook }) {
  const { t } = useI18n();
  const [query, setQuery] = useState('');
  const needle = query.trim().toLocaleLowerCase();
  const keys = rules.wordKeys('en', '').filter((key) => needle === '' || rules.languages.some((lang) => rules.word(lang, key)?.toLocaleLowerCase().includes(needle)));
  return (
    <>
      <SearchField label={t('book.words.search')} value={query} onChange={setQuery} />
      <p className="mute" role="status">{t('book.words.count', { n: keys.length })}</p>
      <div className="table-wrap">
        <table className="table" aria-label={t('book.words')}>
          <thead><tr>{rules.languages.map((lang) => <th key={lang} scope="col"><Id>{lang}</Id></th>)}</tr></thead>
          <tbody>{keys.slice(0, kMost).map((key) => <tr key={key}>{rules.languages.map((lang) => <td key={lang} lang={lang} dir="auto">{rules.word(lang, key)}</td>)}</tr>)}</tbody>
        </table>
      </div>
    </>
  );
}
