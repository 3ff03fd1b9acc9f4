import type { CaseFile } from '@/api/desk';
import type { RuleWords } from '@/forms';
import { useT } from '@/i18n/react';
import { turnOf } from '@/parts/case';
import { useWords } from '@/parts/desk';
import { Cite } from '@/parts/form';
import { Clock, Tag } from '@/ui';

/** Whose turn it is, where each thread stands, and every clock that runs, the next one first. */
export function Turn({ file, authority, other, words }: { file: CaseFile; authority: string; other: string; words: RuleWords }) {
  const t = useT();
  const names = useWords();
  const turn = turnOf(file, authority);
  const running = file.clocks.filter((clock) => clock.state === 'running');
  const clock = turn.clock === null ? '' : words.clock(turn.clock);
  return (
    <section aria-label={t('case.turn')} className="panel">
      <p className="turn">
        {turn.whose === 'mine' && t('case.turn.mine', { what: clock })}
        {turn.whose === 'theirs' && t('case.turn.theirs', { who: names.authority(other), what: clock })}
        {turn.whose === 'nobody' && t('case.turn.nobody')}
      </p>
      <p className="meta">
        {file.threads.map((thread) => (
          <span key={thread.kind} className="meta">
            <span>{words.kind(thread.kind)}</span>
            <Tag tone={thread.final ? 'plain' : 'new'}>{words.state(thread.kind, thread.state)}</Tag>
            <Cite source={thread.basis} words={words} />
          </span>
        ))}
      </p>
      {running.length > 0 && (
        <ul className="clocks">
          {running.map((one) => (
            <li key={one.id}>
              <span>
                {words.clock(one.id)} <span className="mute">{one.owner === authority ? t('case.clock.ours') : t('case.clock.theirs', { who: names.authority(one.owner) })}</span>{' '}
                <Cite source={words.rules.clock(one.id)?.source} words={words} />
              </span>
              <Clock dueAt={one.due_at} startedAt={one.started_at} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
