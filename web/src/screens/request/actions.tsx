import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CaseFile } from '@/api/desk';
import { nextActs, type Offer, type Rulebook, type RuleWords } from '@/forms';
import { useT } from '@/i18n/react';
import { useCaseAbilities, useGo } from '@/parts/case';
import { acknowledgement, useAcknowledge } from '@/parts/cases';
import { Remote, useConnection, useProblemText, useSettings, useWords } from '@/parts/desk';
import { Cite } from '@/parts/form';
import { Button, ButtonLink, keyOf, Link, Notice, useCommand, useSay } from '@/ui';

const kShown = 5;
/** By the names that the kinds of the rulebook give to answering. */
const kAnswer = /\.(answer|reply)$/;

/** What the hub says can be done. The acknowledgement needs one key; everything else opens its form. */
export function Actions({ file, rules, words }: { file: CaseFile; rules: Rulebook; words: RuleWords }) {
  const abilities = useCaseAbilities(file.case);
  return <Remote query={abilities} rows={1}>{(can) => <Offers file={file} words={words} next={nextActs(rules, can, file.threads.map((thread) => thread.kind))} />}</Remote>;
}

function Offers({ file, words, next }: { file: CaseFile; words: RuleWords; next: ReturnType<typeof nextActs> }) {
  const t = useT();
  const go = useGo();
  const { toast } = useSay();
  const names = useWords();
  const problem = useProblemText();
  const queries = useQueryClient();
  const { online } = useConnection();
  const { singleKeys } = useSettings();
  const { acknowledge, busy } = useAcknowledge();
  const [failed, setFailed] = useState<unknown>(null);
  const quick = acknowledgement(file);
  const acts = next.acts.filter((offer) => offer.act !== quick).sort((a, b) => rankOf(a, file, words) - rankOf(b, file, words) || Number(kAnswer.test(b.act)) - Number(kAnswer.test(a.act)));
  const href = (offer: Offer) => `/requests/${file.reference}/act/${offer.act}`;
  const run = async () => {
    setFailed(null);
    try {
      const done = await acknowledge(file, names);
      if (done.state === 'form') go(`/requests/${file.reference}/act/${done.type}`);
      if (done.state !== 'sent') return;
      toast(t('case.acknowledged', { index: done.sent.index }));
      await queries.invalidateQueries({ queryKey: ['case'] });
      await queries.invalidateQueries({ queryKey: ['abilities', 'case'] });
    } catch (error) {
      setFailed(error);
    }
  };
  const offered = quick !== null && next.acts.some((offer) => offer.act === quick);
  const named = (pattern: RegExp) => acts.find((offer) => pattern.test(offer.act));
  const answer = named(kAnswer);
  const ask = named(/\.ask-(supplement|clarification)$/);
  useCommand('acknowledge', offered && online ? () => void run() : null);
  useCommand('request.answer', answer ? () => go(href(answer)) : null);
  useCommand('request.ask', ask ? () => go(href(ask)) : null);
  const main = offered ? null : acts[0];
  const rest = main ? acts.slice(1) : acts;
  return (
    <>
      {failed !== null && <Notice tone="bad" live>{problem(failed).text}</Notice>}
      <div className="actions no-print">
        {offered && quick !== null && (
          <Button kind="primary" busy={busy.has(file.case)} onPress={() => void run()} keys={singleKeys ? keyOf('acknowledge') : undefined} blocked={online ? undefined : t('case.needsHub')}>{words.act(quick)}</Button>
        )}
        {main && <ButtonLink kind="primary" href={href(main)}>{words.act(main.act)}</ButtonLink>}
        {rest.slice(0, kShown).map((offer) => <ButtonLink key={offer.act} href={href(offer)}>{words.act(offer.act)}</ButtonLink>)}
      </div>
      {rest.length > kShown && <More title={t('case.more', { n: rest.length - kShown })} offers={rest.slice(kShown)} words={words} href={href} />}
      {next.openings.length > 0 && <More title={t('case.openings', { n: next.openings.length })} offers={next.openings} words={words} href={href} />}
      {next.refused.length > 0 && <More title={t('case.refused', { n: next.refused.length })} offers={next.refused} words={words} href={null} />}
    </>
  );
}

/** What stops a clock that runs comes first, what ends the matter without an answer comes last. */
export function rankOf(offer: Offer, file: Pick<CaseFile, 'clocks'>, words: RuleWords): number {
  const transition = words.rules.transition(offer.act);
  const running = file.clocks.filter((clock) => clock.state === 'running').map((clock) => clock.id);
  const ends = words.rules.kind(offer.kind)?.states.some((state) => state.final === true && state.state === transition?.to) ?? false;
  if (transition?.stops?.some((clock) => running.includes(clock)) && !ends) return 0;
  return ends ? 2 : 1;
}

function More({ title, offers, words, href }: { title: string; offers: readonly Offer[]; words: RuleWords; href: ((offer: Offer) => string) | null }) {
  return (
    <details className="no-print">
      <summary>{title}</summary>
      {offers.map((offer) => (
        <div key={offer.act} className="kindrow">
          {href ? <span><Link href={href(offer)}>{words.act(offer.act)}</Link></span> : <span>{words.act(offer.act)}</span>}
          {offer.rule !== null && <span className="hint">{words.rule(offer.rule)} <Cite source={offer.source ?? undefined} words={words} /></span>}
        </div>
      ))}
    </details>
  );
}
