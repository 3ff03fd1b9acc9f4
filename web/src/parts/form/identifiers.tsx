import { ClipboardPaste } from 'lucide-react';
import { useState } from 'react';
import { isList, pasteIdentifiers, type Found, type InnerField, type Json } from '@/forms';
import { useT } from '@/i18n/react';
import { Button, CheckboxGroup, Dialog, Id } from '@/ui';
import { useAnswer, useForm } from './context';
import { RepeatedGroup, type ListProps } from './lists';

/**
 * Where the parts of an identifier go in this form: `kind` is the field whose list of codes knows e-mail addresses (a form
 * of addresses only has none), `value` the required text beside it.
 */
export function placesOf(fields: readonly InnerField[], codesOf: (vocab: string) => readonly string[]): { kind: InnerField | undefined; codes: readonly string[]; value: InnerField | undefined; port: InnerField | undefined; at: InnerField | undefined } {
  const kind = fields.find((one) => one.schema.type === 'string' && one.schema.vocab !== undefined && codesOf(one.schema.vocab).includes('email'));
  const codes = kind?.schema.type === 'string' ? codesOf(kind.schema.vocab ?? '') : [];
  return {
    kind, codes,
    value: fields.find((one) => one.required && one.schema.type === 'string' && one.schema.vocab === undefined && one.schema.format === undefined),
    port: fields.find((one) => one.field === 'port' && one.schema.type === 'integer'),
    at: fields.find((one) => one.schema.type === 'string' && one.schema.format === 'date-time'),
  };
}

/** An entry of this list for what was found, or null where the list does not take such a thing. */
export function entryOf(found: Found, places: ReturnType<typeof placesOf>): Json | null {
  if (!places.value) return null;
  if (!places.kind && found.kind !== 'ip') return null;
  const code = places.codes.includes(found.kind) ? found.kind : 'other';
  return {
    ...(places.kind ? { [places.kind.field]: code } : {}),
    [places.value.field]: found.value,
    ...(places.port && found.port !== undefined ? { [places.port.field]: found.port } : {}),
    ...(places.at && found.at !== undefined ? { [places.at.field]: found.at } : {}),
  };
}

/** A list of identifiers, one by one or out of a pasted text; every one is shown before it stands in the form. */
export function IdentifierList(props: ListProps) {
  const t = useT();
  const { rules, words } = useForm();
  const { value, set } = useAnswer(props.path);
  const [pasting, setPasting] = useState(false);
  const [text, setText] = useState('');
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const places = placesOf(props.item.fields, (vocab) => rules.vocab(vocab)?.codes.map((code) => code.code) ?? []);
  const found = pasteIdentifiers(text).flatMap((one, index) => {
    const entry = entryOf(one, places);
    return entry === null ? [] : [{ key: String(index), one, entry }];
  });
  const taken = found.filter(({ key }) => !left.has(key));
  const close = () => {
    setPasting(false);
    setText('');
    setLeft(new Set());
  };
  const add = () => {
    set([...(isList(value) ? value : []), ...taken.map(({ entry }) => entry)]);
    close();
  };
  const kindOf = (one: Found) => (places.kind?.schema.type === 'string' && places.kind.schema.vocab ? words.code(places.kind.schema.vocab, places.codes.includes(one.kind) ? one.kind : 'other') : t('forms.paste.address'));
  return (
    <RepeatedGroup
      {...props}
      before={
        <>
          <div className="actions">
            <Button icon={ClipboardPaste} onPress={() => setPasting(true)}>{t('forms.paste.open')}</Button>
          </div>
          <Dialog
            title={t('forms.paste.title')} isOpen={pasting} onClose={close} wide
            actions={<><Button kind="primary" onPress={add} blocked={taken.length === 0 ? t('forms.paste.none') : undefined}>{t('forms.paste.add', { n: taken.length })}</Button><Button onPress={close}>{t('ui.cancel')}</Button></>}
          >
            <label className="field wide">
              <span className="hint">{t('forms.paste.hint')}</span>
              <textarea className="input" rows={8} dir="auto" value={text} onChange={(event) => setText(event.target.value)} />
            </label>
            {found.length > 0 && (
              <CheckboxGroup
                label={t('forms.paste.found', { n: found.length })} wide
                options={found.map(({ key, one }) => ({ id: key, label: kindOf(one), hint: [one.value + (one.port === undefined ? '' : `:${one.port}`), one.at ?? ''].filter(Boolean).map((part) => `\u2066${part}\u2069`).join(' · ') }))}
                value={taken.map(({ key }) => key)}
                onChange={(ids) => setLeft(new Set(found.map(({ key }) => key).filter((key) => !ids.includes(key))))}
              />
            )}
          </Dialog>
        </>
      }
    />
  );
}

/** A single identifier for reading. */
export function Identifier({ value }: { value: string }) {
  return <Id>{value}</Id>;
}
