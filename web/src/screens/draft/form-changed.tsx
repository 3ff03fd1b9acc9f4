import { useEffect } from 'react';
import type { Form, Json, Rulebook, RuleWords } from '@/forms';
import { useT } from '@/i18n/react';
import { useDirectory, useRules } from '@/parts/desk';
import { dropLeftover, formChange, leftoversOf, moveAnswers, type DraftStore, type OpenDraft } from '@/parts/draft';
import { useRuleWords } from '@/parts/form';
import { Button, Notice, UserText } from '@/ui';

type Props = { store: DraftStore; open: OpenDraft; rules: Rulebook; form: Form; words: RuleWords };

/** The rules changed while the draft was open: what became of its answers, and the one press that takes them along. */
export function FormChanged(props: Props) {
  const digest = useDirectory().data?.rulebook ?? null;
  const inForce = useRules(digest === '' ? null : digest).data;
  const { content } = props.open.draft;
  return (
    <>
      {inForce && inForce.digest !== content.formDigest && <Changed {...props} inForce={inForce} />}
      <Leftovers {...props} />
    </>
  );
}

function Changed({ store, open, form, words, inForce }: Props & { inForce: Rulebook }) {
  const t = useT();
  const { content } = open.draft;
  const now = inForce.formOf(content.intention.type);
  const newWords = useRuleWords(inForce);
  const change = now === null ? null : formChange(form, now, content.answers);
  const same = change !== null && [change.gone, change.moved, change.otherwise, change.added].every((list) => list.length === 0);
  const move = () => now !== null && store.note((before) => moveAnswers(before, form, now, inForce.digest, (field) => words.field(form.form, field)));
  useEffect(() => {
    if (same) move(); // the form asks the same: there is nothing to say
  });
  if (same) return null;
  if (now === null || change === null) return <Notice tone="warn"><p>{t('formChange.noForm')}</p></Notice>;
  const old = (field: string) => words.field(form.form, field);
  const fresh = (field: string) => newWords.field(now.form, field);
  return (
    <Notice tone="warn">
      <p><strong>{t('formChange.title')}</strong> {t('formChange.text')}</p>
      <Changes title={t('formChange.gone')} items={change.gone.map(old)} />
      <Changes title={t('formChange.moved')} items={change.moved.map((one) => t('formChange.moved.to', { what: fresh(one.field), part: newWords.section(now.form, one.to) }))} />
      <Changes title={t('formChange.otherwise')} items={change.otherwise.map(fresh)} />
      <Changes title={t('formChange.added')} items={change.added.map(fresh)} />
      <div className="actions"><Button kind="primary" onPress={move}>{t('formChange.move')}</Button></div>
    </Notice>
  );
}

function Changes({ title, items }: { title: string; items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <>
      <p>{title}</p>
      <ul>{items.map((item) => <li key={item}>{item}</li>)}</ul>
    </>
  );
}

/** Answers that are asked no longer, to be copied to where they belong, or dropped by a person. */
function Leftovers({ store, open }: Props) {
  const t = useT();
  const left = leftoversOf(open.draft.content);
  if (left.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="leftovers">
      <h2 id="leftovers">{t('formChange.leftovers')}</h2>
      <p>{t('formChange.leftovers.text')}</p>
      {left.map((one) => (
        <div key={one.field}>
          <h3>{one.label}</h3>
          <UserText block>{textOf(one.value)}</UserText>
          <div className="actions"><Button small kind="quiet" label={t('formChange.drop.what', { what: one.label })} onPress={() => store.note((content) => dropLeftover(content, one.field))}>{t('formChange.drop')}</Button></div>
        </div>
      ))}
    </section>
  );
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 1));
