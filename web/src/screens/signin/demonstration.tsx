import { useMutation, useQuery } from '@tanstack/react-query';
import { useDesk } from '@/api/context';
import type { DemonstrationPerson } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { Remote, useProblemText, useWords } from '@/parts/desk';
import { Button, Notice } from '@/ui';

/** By country, in the order of the reader's language. */
export function byCountry(people: readonly DemonstrationPerson[], name: (cc: string) => string, compare: (a: string, b: string) => number): [string, DemonstrationPerson[]][] {
  const groups = new Map<string, DemonstrationPerson[]>();
  for (const person of people) groups.set(person.country, [...(groups.get(person.country) ?? []), person]);
  return [...groups].sort(([a], [b]) => compare(name(a), name(b)));
}

/** "Open as…": in a demonstration anybody may be anybody, and the page says so. */
export function Demonstration() {
  const { t, country, format } = useI18n();
  const desk = useDesk();
  const problem = useProblemText();
  const people = useQuery({ queryKey: ['people'], queryFn: () => desk.demonstrationPeople() });
  const open = useMutation({ mutationFn: (person: DemonstrationPerson) => desk.openAs(person.subject, person.number) });
  return (
    <section aria-labelledby="open-as">
      <h2 id="open-as">{t('signin.demonstration.title')}</h2>
      <p>{t('signin.demonstration.text')}</p>
      {open.error && <Notice tone="bad" live><p>{problem(open.error).text}</p></Notice>}
      <Remote query={people} rows={4}>
        {(list) => (
          <>
            {byCountry(list, country, format.compare).map(([cc, group]) => (
              <div key={cc}>
                <h3>{country(cc)}</h3>
                <ul className="people cards">
                  {group.map((person) => (
                    <Card key={`${person.subject} ${person.number ?? 1}`} person={person} busy={open.isPending && open.variables === person} onPress={() => open.mutate(person)} />
                  ))}
                </ul>
              </div>
            ))}
          </>
        )}
      </Remote>
    </section>
  );
}

function Card({ person, busy, onPress }: { person: DemonstrationPerson; busy: boolean; onPress: () => void }) {
  const { t, lang, format } = useI18n();
  const words = useWords();
  const roles = format.list(person.roles.map((role) => words.role(role)));
  // Administrators have no name in the ledger: the first, the second.
  const name = person.name || `${roles} ${format.number(person.number ?? 1)}`;
  const title = person.title[lang] ?? person.title['en'] ?? words.authorityKind(person.kind);
  return (
    <li className="panel person">
      <div>
        <strong><bdi>{name}</bdi></strong>
        <div>{title}</div>
        {person.name && <small>{roles}</small>}
      </div>
      <Button small busy={busy} onPress={onPress} label={t('signin.openAs', { name: `${name}, ${title}` })}>{t('signin.open')}</Button>
    </li>
  );
}
