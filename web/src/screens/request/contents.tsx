import type { MouseEvent } from 'react';
import type { OpenedAct } from '@/api/desk';
import type { Rulebook } from '@/forms';
import { useT } from '@/i18n/react';
import { hasFailed } from '@/parts/case';
import { shownSections, useRuleWords } from '@/parts/form';
import { Time } from '@/ui';
import { anchorOf } from './act-body';
import './contents.css';

/** Beside a long page, where the screen is wide: every act and its sections. A section leads there, and opens what is closed. */
export function Contents({ acts, rules }: { acts: readonly OpenedAct[]; rules: Rulebook }) {
  const t = useT();
  const words = useRuleWords(rules);
  return (
    <nav className="contents" aria-label={t('case.contents')}>
      <p className="small mute">{t('case.contents')}</p>
      <ol>
        {acts.map((act) => (
          <li key={act.id}>
            <a href={`#${anchorOf(act)}`} onClick={goTo}>{words.act(act.type)}</a> <span className="small mute nowrap"><Time at={act.time} /></span>
            <ol>
              {sectionsOf(act, rules).map((section) => (
                <li key={section}><a href={`#${anchorOf(act)}-${section}`} onClick={goTo}>{words.section(act.document?.form ?? '', section)}</a></li>
              ))}
            </ol>
          </li>
        ))}
      </ol>
    </nav>
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
  place.closest('details')?.setAttribute('open', '');
  place.scrollIntoView({ block: 'start' });
  const heading = place.querySelector<HTMLElement>(place.matches('details') ? 'summary' : 'h2, h3');
  if (heading?.tagName !== 'SUMMARY') heading?.setAttribute('tabindex', '-1');
  heading?.focus({ preventScroll: true });
}
