import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { isList, isObject, type Field, type InnerField, type Json, type Schema } from '@/forms';
import { useT } from '@/i18n/react';
import { Button, focusField } from '@/ui';
import { idOf, useAnswer, useForm } from './context';
import { InnerFields, useHead, useItemSummary } from './field';

type ObjectSchema = Extract<Schema, { type: 'object' }>;
export type ListProps = { field: Field | InnerField; item: ObjectSchema; path: string; required: boolean };

/** Head of a group of fields: a legend with hint and error, as every field has. */
export function GroupHead({ head, children }: { head: ReturnType<typeof useHead>; children: ReactNode }) {
  const t = useT();
  return (
    <fieldset className="field wide group-field" id={head.id} {...(head.error ? { 'data-invalid': true } : {})}>
      <legend className="label">
        {head.label} {head.optional && <span className="opt">{t('ui.optional')}</span>}
      </legend>
      {head.hint && <p className="hint">{head.hint}</p>}
      {head.error && <p className="fault">{head.error}</p>}
      {children}
    </fieldset>
  );
}

/** One object: its fields under one legend. */
export function GroupFields({ field, fields, path, required }: { field: Field | InnerField; fields: readonly InnerField[]; path: string; required: boolean }) {
  const head = useHead(field, path, required);
  return (
    <GroupHead head={head}>
      <div className="panel stack">
        <InnerFields fields={fields} path={path} />
      </div>
    </GroupHead>
  );
}

/** A list of objects: one card each, folded to a line where it is complete, so that twenty persons stay readable. */
export function RepeatedGroup({ field, item, path, required, before }: ListProps & { before?: ReactNode }) {
  const t = useT();
  const { defects } = useForm();
  const { value, set } = useAnswer(path);
  const head = useHead(field, path, required);
  const summary = useItemSummary(item.fields);
  const items = isList(value) ? value : [];
  const [open, setOpen] = useState<number | null>(items.length === 1 ? 0 : null);
  const added = useRef<number | null>(null);
  useEffect(() => {
    if (added.current === null) return;
    focusField(idOf(`${path}.${added.current}`));
    added.current = null;
  });
  const add = () => {
    added.current = items.length;
    setOpen(items.length);
    set([...items, {}]);
  };
  const remove = (index: number) => {
    const rest = items.filter((_, at) => at !== index);
    set(rest.length === 0 ? undefined : rest);
    setOpen(null);
    document.getElementById(`${head.id}-add`)?.querySelector<HTMLElement>('button')?.focus();
  };
  const faulty = (index: number) => defects.some((one) => one.path.startsWith(`${path}.${index}`));
  return (
    <GroupHead head={head}>
      {before}
      {items.length > 0 && (
        <ol className="entries">
          {items.map((one, index) => (
            <li key={index} className="panel" id={idOf(`${path}.${index}`)}>
              <Entry
                title={summary(one) || t('forms.list.entry', { n: index + 1 })}
                number={index + 1}
                isOpen={open === index || faulty(index)}
                onToggle={() => setOpen(open === index ? null : index)}
                onRemove={() => remove(index)}
              >
                <InnerFields fields={item.fields} path={`${path}.${index}`} />
              </Entry>
            </li>
          ))}
        </ol>
      )}
      <div className="actions" id={`${head.id}-add`}>
        <Button icon={Plus} onPress={add} label={t(items.length === 0 ? 'forms.list.add.to' : 'forms.list.another.to', { list: head.label })}>
          {items.length === 0 ? t('forms.list.add') : t('forms.list.another')}
        </Button>
      </div>
    </GroupHead>
  );
}

function Entry({ title, number, isOpen, onToggle, onRemove, children }: { title: string; number: number; isOpen: boolean; onToggle: () => void; onRemove: () => void; children: ReactNode }) {
  const t = useT();
  return (
    <>
      <div className="entry-head">
        <button type="button" className="link entry-title" aria-expanded={isOpen} onClick={onToggle}>
          <span className="num">{number}.</span> <bdi>{title}</bdi>
        </button>
        <Button kind="quiet" small icon={Trash2} onPress={onRemove} label={t('ui.remove.what', { what: title })}>
          {t('ui.remove')}
        </Button>
      </div>
      {isOpen && <div className="stack">{children}</div>}
    </>
  );
}

/** A list of short texts: one a line. */
export function TextList({ field, path, required }: { field: Field | InnerField; path: string; required: boolean }) {
  const t = useT();
  const { contentLang } = useForm();
  const { value, set } = useAnswer(path);
  const head = useHead(field, path, required);
  const lines = isList(value) ? value.map((one) => (isObject(one) ? '' : String(one ?? ''))) : [];
  const id = `${head.id}-lines`;
  const change = (text: string) => {
    const next: Json[] = text === '' ? [] : text.split('\n');
    set(next.length === 0 ? undefined : next);
  };
  return (
    <GroupHead head={head}>
      <label className="hint" htmlFor={id}>{t('forms.list.line')}</label>
      <textarea className="input" id={id} dir="auto" lang={contentLang} rows={Math.max(4, lines.length + 1)} value={lines.join('\n')} onChange={(event) => change(event.target.value)} />
    </GroupHead>
  );
}
