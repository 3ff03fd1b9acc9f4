import { BellOff, Eye, LockKeyhole, PenLine } from 'lucide-react';
import { memo, useEffect, useLayoutEffect, useRef } from 'react';
import type { Case, Summary } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import type { Words } from '@/parts/desk';
import { Clock, Id, Link, Tag, useCommand, useNow, useWindowed, type Tone } from '@/ui';
import type { Present } from './queries';
import { leadingClock, otherSide, standOf, type Stand } from './stand';

export type CaseTableProps = {
  label: string;
  cases: readonly Case[];
  authority: string;
  words: Words;
  summary: (one: Case) => Summary | undefined;
  presence?: ReadonlyMap<string, readonly Present[]>;
  /** Whose reminder rests, and until when. */
  resting?: ReadonlyMap<string, number>;
  selected: string | null;
  onSelect: (caseId: string) => void;
  onOpen: (one: Case) => void;
  /** The person comes near the end of what is loaded. */
  onNearEnd?: () => void;
};

const TONES: Record<'new' | 'overdue', Tone> = { new: 'new', overdue: 'late' };
const ROW = 66;

/** A list of cases: time left, subject, state, reference. J, K and the arrows move, Enter opens; only what is on the screen is drawn. */
export function CaseTable(props: CaseTableProps) {
  const { label, cases, authority, words, summary, presence, resting, selected, onSelect, onOpen, onNearEnd } = props;
  const { t } = useI18n();
  const now = useNow();
  const body = useRef<HTMLTableSectionElement>(null);
  const { first, end, before, after } = useWindowed(body, cases.length, ROW);
  useEffect(() => {
    if (end > cases.length - 50) onNearEnd?.();
  }, [end, cases.length, onNearEnd]);

  const at = cases.findIndex((one) => one.case === selected);
  // Two quick keys are two steps, also where the first is not drawn yet.
  const place = useRef(at);
  useLayoutEffect(() => {
    place.current = at;
  }, [at]);
  const move = (step: number) => {
    const index = Math.min(cases.length - 1, Math.max(0, place.current + step));
    const next = cases[index];
    if (!next) return;
    place.current = index;
    onSelect(next.case);
    bringIntoView(body.current, index);
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>(`[aria-rowindex="${place.current + 2}"]`)?.focus({ preventScroll: true }));
  };
  useCommand('list.next', cases.length > 0 ? () => move(1) : null);
  useCommand('list.previous', cases.length > 0 ? () => move(-1) : null);
  const current = cases[at];
  useCommand('list.open', current ? () => onOpen(current) : null);
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter' && current) onOpen(current);
    else return;
    event.preventDefault();
  };
  return (
    <div className="table-wrap">
      <table className="table cases" role="grid" aria-label={label} aria-rowcount={cases.length + 1} aria-readonly>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className="due">{t('cases.due')}</th>
            <th scope="col">{t('cases.subject')}</th>
            <th scope="col" className="state">{t('cases.state')}</th>
            <th scope="col" className="reference">{t('cases.reference')}</th>
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown}>
          {before > 0 && <Spacer height={before} />}
          {cases.slice(first, end).map((one, index) => (
            <CaseRow
              key={one.case}
              one={one}
              index={first + index}
              authority={authority}
              words={words}
              summary={summary(one)}
              present={presence?.get(one.case)}
              rests={resting?.get(one.case)}
              stand={standOf(one, authority, now)}
              selected={one.case === selected}
              focusable={one.case === selected || (at < 0 && first + index === 0)}
              onSelect={onSelect}
              onOpen={onOpen}
            />
          ))}
          {after > 0 && <Spacer height={after} />}
        </tbody>
      </table>
    </div>
  );
}

function Spacer({ height }: { height: number }) {
  return <tr aria-hidden style={{ blockSize: height }} className="spacer"><td colSpan={4} /></tr>;
}

/** Scrolls the page so far that the row is on the screen, drawn or not yet. */
function bringIntoView(body: HTMLElement | null, index: number): void {
  const height = body?.querySelector<HTMLElement>('[data-row]')?.offsetHeight ?? ROW;
  const top = (body?.getBoundingClientRect().top ?? 0) + index * height;
  const roof = 72;
  if (top < roof) window.scrollBy({ top: top - roof });
  else if (top + height > window.innerHeight) window.scrollBy({ top: top + height - window.innerHeight + 16 });
}

type RowProps = {
  one: Case; index: number; authority: string; words: Words; summary: Summary | undefined; present: readonly Present[] | undefined; rests: number | undefined; stand: Stand; selected: boolean; focusable: boolean;
  onSelect: (caseId: string) => void; onOpen: (one: Case) => void;
};

const CaseRow = memo(function CaseRow({ one, index, authority, words, summary, present, rests, stand, selected, focusable, onSelect, onOpen }: RowProps) {
  const { t, format } = useI18n();
  const clock = leadingClock(one, authority);
  const other = otherSide(one, authority);
  const from = one.requesting === authority ? 'cases.to' : 'cases.from';
  return (
    <tr data-row aria-rowindex={index + 2} aria-selected={selected} tabIndex={focusable ? 0 : -1} onClick={() => onSelect(one.case)} onFocus={() => !selected && onSelect(one.case)} onDoubleClick={() => onOpen(one)}>
      <td className="due"><Clock dueAt={clock?.due_at ?? null} startedAt={clock?.started_at} /></td>
      <td className="what">
        <Link href={`/requests/${one.reference}`} className="subj"><SummaryText summary={summary} kind={words.kind(one.kind)} /></Link>
        <span className="line2">{t(from, { country: words.countryOf(other) })} · {words.kind(one.kind)}<Here present={present} />{rests !== undefined && <span className="here"><BellOff className="icon" size={14} aria-hidden /> {t('cases.rests', { time: format.time(new Date(rests)) })}</span>}</span>
      </td>
      <td className="state">
        {stand === 'overdue' || stand === 'new' ? <Tag tone={TONES[stand]} icon={stand === 'overdue'}>{t(`stand.${stand}`)}</Tag> : <span className="two">{words.state(one.kind, one.state)}</span>}
      </td>
      <td className="reference"><Id>{one.reference}</Id></td>
    </tr>
  );
});

/** The sealed summary as this browser opened it; the kind of request where there is none, and why where it did not open. What does not hold is not shown. */
export function SummaryText({ summary, kind }: { summary: Summary | undefined; kind: string }) {
  const { t } = useI18n();
  if (summary?.state === 'open' && summary.verdict.good) return <span dir="auto" className="clip">{summary.text}</span>;
  if (summary === undefined || summary.state === 'none') return <span className="clip">{kind}</span>;
  const why = summary.state === 'open' ? 'not-valid' : summary.why;
  return (
    <span className="clip">
      {kind} <span className={why === 'not-valid' ? 'sealed bad' : 'sealed'}><LockKeyhole className="icon" size={14} aria-hidden /> {t(`sealed.${why}`)}</span>
    </span>
  );
}

function Here({ present }: { present: readonly Present[] | undefined }) {
  const { t } = useI18n();
  if (!present || present.length === 0) return null;
  const writes = present.some((one) => one.state === 'writing');
  const Icon = writes ? PenLine : Eye;
  return (
    <span className="here">
      <Icon className="icon" size={14} aria-hidden /> {t(writes ? 'cases.writing' : 'cases.reading', { n: present.length })}
    </span>
  );
}
