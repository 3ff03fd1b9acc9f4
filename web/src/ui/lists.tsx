import { Fragment, useState, type ReactNode } from 'react';
import { useT } from '@/i18n/react';
import { Link } from './button';
import { ProofMark, Tag, type ProofState, type Tone } from './tag';
import { Time } from './text';

export type TaskState = 'done' | 'doing' | 'todo' | 'cannot' | 'error';
export type Task = { id: string; label: string; hint?: string; state: TaskState; href?: string };
const TASK_TONES: Record<TaskState, Tone> = { done: 'plain', doing: 'new', todo: 'new', cannot: 'plain', error: 'warn' };

/** The home of a draft: parts with verbs, in any order. A part without `href` cannot be opened yet. */
export function TaskList({ label, tasks }: { label: string; tasks: readonly Task[] }) {
  const t = useT();
  return (
    <ul className="tasks" aria-label={label}>
      {tasks.map((task) => (
        <li key={task.id}>
          <span>
            {task.href ? <Link href={task.href}>{task.label}</Link> : <span className="mute">{task.label}</span>}
            {task.hint && <span className="hint">{task.hint}</span>}
          </span>
          <Tag tone={TASK_TONES[task.state]}>{t(`task.${task.state}`)}</Tag>
        </li>
      ))}
    </ul>
  );
}

export type Answer = { id: string; question: string; answer: ReactNode | null; changeHref?: string };

/** Every answer with its way back; what was not answered says so. */
export function CheckAnswers({ answers }: { answers: readonly Answer[] }) {
  const t = useT();
  return (
    <dl className="sum">
      {answers.map(({ id, question, answer, changeHref }) => (
        <div key={id}>
          <dt>{question}</dt>
          <dd>{answer ?? <span className="mute">{t('ui.notProvided')}</span>}</dd>
          {changeHref && (
            <dd>
              <Link href={changeHref} label={t('ui.change.what', { what: question })}>
                {t('ui.change')}
              </Link>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

/** Pairs of a name and its value, for reading. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode] | null)[] }) {
  return (
    <dl className="facts">
      {facts.map((fact) => fact && (
        <Fragment key={fact[0]}>
          <dt>{fact[0]}</dt>
          <dd>{fact[1]}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

export type TimelineEvent = { id: string; at: string; what: ReactNode; who?: ReactNode; proof?: ProofState; proofHref?: string; automatic?: boolean; detail?: ReactNode };

/** Newest last. A run of three or more automatic events is folded into one line. */
export function Timeline({ events }: { events: readonly TimelineEvent[] }) {
  return <ol className="tl">{runsOf(events).map((run) => (run.length > 2 ? <FoldedRun key={run[0]?.id} run={run} /> : run.map((event) => <EventLine key={event.id} event={event} />)))}</ol>;
}

/** Automatic events side by side belong together; every other event stands alone. */
export function runsOf(events: readonly TimelineEvent[]): TimelineEvent[][] {
  const runs: TimelineEvent[][] = [];
  for (const event of events) {
    const last = runs.at(-1);
    if (event.automatic && last?.[0]?.automatic) last.push(event);
    else runs.push([event]);
  }
  return runs;
}

function FoldedRun({ run }: { run: TimelineEvent[] }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <>
      <li className="auto">
        <button className="link" type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('timeline.automatic', { n: run.length })}
        </button>
      </li>
      {open && run.map((event) => <EventLine key={event.id} event={event} />)}
    </>
  );
}

function EventLine({ event }: { event: TimelineEvent }) {
  return (
    <li className={event.automatic ? 'auto' : undefined}>
      <div className="meta small">
        <Time at={event.at} />
        {event.proof && <ProofMark proof={event.proof} {...(event.proofHref ? { href: event.proofHref } : {})} />}
      </div>
      <div>{event.what}</div>
      {event.who && <small>{event.who}</small>}
      {event.detail}
    </li>
  );
}
