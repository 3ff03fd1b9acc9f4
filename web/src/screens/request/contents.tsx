import { useSyncExternalStore, type MouseEvent } from 'react';
import type { OpenedAct } from '@/api/desk';
import type { Rulebook } from '@/forms';
import { useT } from '@/i18n/react';
import { hasFailed } from '@/parts/case';
import { shownSections, useRuleWords } from '@/parts/form';
import { Time } from '@/ui';
import { anchorOf } from './act-body';
import './contents.css';

/** As wide as it takes to put the list beside the text; see contents.css. */
const isWide = (): boolean => window.innerWidth >= 1200;
function followWidth(changed: () => void): () => void {
  window.addEventListener('resize', changed);
  return () => window.removeEventListener('resize', changed);
}

/** A page with fewer places than this is read without a list of them. */
const FEWEST = 4;

/** Every act of a long page and its sections: beside it where the screen is wide, before it as a fold where it is not. A section leads there, and opens what is closed. */
export function Contents({ acts, rules }: { acts: readonly OpenedAct[]; rules: Rulebook }) {
  const t = useT();
  const wide = useSyncExternalStore(followWidth, isWide);
  const parts = acts.map((act) => ({ act, sections: sectionsOf(act, rules) }));
  if (parts.reduce((sum, { sections }) => sum + 1 + sections.length, 0) < FEWEST) return null;
  return (
    <nav className="contents" aria-label={t('case.contents')}>
      {wide ? (
        <>
          <p className="small mute">{t('case.contents')}</p>
          <Places parts={parts} rules={rules} />
        </>
      ) : (
        <details className="panel">
          <summary>{t('case.contents')}</summary>
          <Places parts={parts} rules={rules} />
        </details>
      )}
    </nav>
  );
}

function Places({ parts, rules }: { parts: readonly { act: OpenedAct; sections: readonly string[] }[]; rules: Rulebook }) {
  const words = useRuleWords(rules);
  return (
    <ol>
      {parts.map(({ act, sections }) => (
        <li key={act.id}>
          <a href={`#${anchorOf(act)}`} onClick={goTo}>{words.act(act.type)}</a> <span className="small mute nowrap"><Time at={act.time} /></span>
          {sections.length > 0 && (
            <ol>
              {sections.map((section) => (
                <li key={section}><a href={`#${anchorOf(act)}-${section}`} onClick={goTo}>{words.section(act.document?.form ?? '', section)}</a></li>
              ))}
            </ol>
          )}
        </li>
      ))}
    </ol>
  );
}

/** None where the content stands behind a choice, or could not be opened. */
function sectionsOf(act: OpenedAct, rules: Rulebook): string[] {
  const { document } = act;
  const form = document ? rules.form(document.form) : null;
  if (!document || !form || hasFailed(act.verdict)) return [];
  return shownSections({ rules, form, answers: document.answers, basis: document.basis }).sections.map(({ section }) => section);
}

function goTo(event: MouseEvent<HTMLAnchorElement>): void {
  event.preventDefault();
  const place = document.getElementById(decodeURIComponent(event.currentTarget.hash.slice(1)));
  if (!place) return;
  event.currentTarget.closest('details')?.removeAttribute('open');
  place.closest('details')?.setAttribute('open', '');
  place.scrollIntoView({ block: 'start' });
  const heading = place.querySelector<HTMLElement>(place.matches('details') ? 'summary' : 'h2, h3');
  if (heading?.tagName !== 'SUMMARY') heading?.setAttribute('tabindex', '-1');
  heading?.focus({ preventScroll: true });
}
