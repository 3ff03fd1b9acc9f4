import { openings, type Offer } from '@/forms';
import { useT } from '@/i18n/react';
import { useOpenings } from '@/parts/case';
import { Remote, useRules, useSeat } from '@/parts/desk';
import { Cite, useRuleWords } from '@/parts/form';
import { Empty, Link, Page, Table } from '@/ui';
import type { Rulebook } from '@/forms';

/** "What do you need?": before the first question the person knows whether they may send it, and if not, why. */
export function NewScreen() {
  const t = useT();
  const seat = useSeat();
  const rules = useRules();
  const abilities = useOpenings(seat?.authority ?? null);
  return (
    <Page title={t('new.title')} lead={t('new.lead')} reading>
      <Remote query={rules}>{(book) => <Remote query={abilities}>{(can) => <Choices rules={book} groups={openings(book, can)} />}</Remote>}</Remote>
    </Page>
  );
}

function Choices({ rules, groups }: { rules: Rulebook; groups: ReturnType<typeof openings> }) {
  const t = useT();
  const words = useRuleWords(rules);
  const open = groups.filter((group) => group.offers.some((offer) => offer.allowed));
  const closed = groups.flatMap((group) => group.offers.filter((offer) => !offer.allowed));
  return (
    <>
      {open.length === 0 && <Empty title={t('new.nothing.title')}>{t('new.nothing.text')}</Empty>}
      {open.map((group) => (
        <section key={group.kind}>
          <h2>{words.kind(group.kind)}</h2>
          {group.offers.filter((offer) => offer.allowed).map((offer) => (
            <div key={offer.act} className="kindrow">
              <Link href={`/new/${offer.act}`}>{words.act(offer.act)}</Link>
              <span className="hint">{words.assurance(offer.assurance)}</span>
            </div>
          ))}
          <p className="small mute">
            {citedOnce(rules.kind(group.kind)?.basis ?? [], words).map((basis) => <span key={basis} className="basisline"><Cite source={basis} words={words} /></span>)}
          </p>
        </section>
      ))}
      {closed.length > 0 && <Closed offers={closed} words={words} />}
    </>
  );
}

/** Two treaties of one kind are cited alike. */
function citedOnce(bases: readonly string[], words: ReturnType<typeof useRuleWords>): string[] {
  return [...new Map(bases.map((basis) => [Object.values(words.cite(basis)).join(), basis])).values()];
}

function Closed({ offers, words }: { offers: readonly Offer[]; words: ReturnType<typeof useRuleWords> }) {
  const t = useT();
  return (
    <details>
      <summary>{t('new.closed', { n: offers.length })}</summary>
      <Table<Offer>
        label={t('new.closed', { n: offers.length })}
        rows={offers}
        rowKey={(offer) => offer.act}
        columns={[
          { id: 'act', header: t('new.closed.what'), cell: (offer) => words.act(offer.act) },
          { id: 'why', header: t('new.closed.why'), cell: (offer) => <>{offer.rule && words.rule(offer.rule)} {offer.source && <Cite source={offer.source} words={words} />}</> },
        ]}
      />
    </details>
  );
}
