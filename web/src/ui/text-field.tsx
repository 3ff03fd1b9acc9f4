import { Search, X } from 'lucide-react';
import { useId, type Ref } from 'react';
import { Group, Input, Label, SearchField as AriaSearchField, TextArea, TextField as AriaTextField } from 'react-aria-components';
import { useT } from '@/i18n/react';
import { IconButton } from './button';
import { FieldHead, fieldProps, type FieldProps } from './field';

export type TextFieldProps = FieldProps & {
  value: string;
  onChange: (value: string) => void;
  onBlur?: (() => void) | undefined;
  /** More than one line; grows with its text from `rows`. */
  long?: boolean | undefined;
  rows?: number | undefined;
  /** Counts characters down, and over, without cutting anything off. */
  maxLength?: number | undefined;
  /** The language of the text, where known. */
  lang?: string | undefined;
  /** Identifiers (references, numbers, addresses) run left to right in a fixed width. */
  identifier?: boolean | undefined;
  type?: 'text' | 'email' | 'tel' | 'url' | 'number' | undefined;
  autoComplete?: string | undefined;
  autoFocus?: boolean | undefined;
  inputRef?: Ref<HTMLInputElement> | undefined;
  name?: string | undefined;
};

export function TextField(props: TextFieldProps) {
  const { value, onChange, onBlur, long, rows = 4, maxLength, lang, identifier, type = 'text', autoComplete, autoFocus, inputRef, name } = props;
  const direction = identifier ? ('ltr' as const) : ('auto' as const);
  const inputClass = identifier ? 'input id' : 'input';
  return (
    <AriaTextField
      {...fieldProps(props)}
      value={value}
      onChange={onChange}
      type={type}
      {...(onBlur ? { onBlur } : {})}
      {...(autoComplete ? { autoComplete } : {})}
      {...(autoFocus ? { autoFocus } : {})}
      {...(name ? { name } : {})}
    >
      <FieldHead {...props} />
      {long ? (
        <TextArea className={inputClass} dir={direction} rows={rows} {...(lang ? { lang } : {})} />
      ) : (
        <Input className={inputClass} dir={direction} {...(lang ? { lang } : {})} {...(inputRef ? { ref: inputRef } : {})} />
      )}
      {maxLength !== undefined && <CharactersLeft length={Array.from(value).length} max={maxLength} />}
    </AriaTextField>
  );
}

function CharactersLeft({ length, max }: { length: number; max: number }) {
  const t = useT();
  if (length < max * 0.75) return null;
  const over = length > max;
  return (
    <span className={over ? 'fault' : 'hint'} role="status">
      {over ? t('ui.charactersOver', { n: length - max }) : t('ui.charactersLeft', { n: max - length })}
    </span>
  );
}

export type SearchFieldProps = { label: string; value: string; onChange: (value: string) => void; onSubmit?: (value: string) => void; inputRef?: Ref<HTMLInputElement>; keys?: string; hideLabel?: boolean };

export function SearchField({ label, value, onChange, onSubmit, inputRef, keys, hideLabel }: SearchFieldProps) {
  const t = useT();
  const id = useId();
  return (
    <AriaSearchField className="field wide" id={id} value={value} onChange={onChange} {...(onSubmit ? { onSubmit } : {})}>
      <Label className={hideLabel ? 'vh' : 'label'}>{label}</Label>
      <Group className="group search">
        <Search className="icon mute" size={18} aria-hidden />
        <Input className="input" dir="auto" autoComplete="off" spellCheck="false" {...(inputRef ? { ref: inputRef } : {})} />
        {value === '' ? keys && <kbd className="mute" aria-hidden>{keys}</kbd> : <IconButton icon={X} label={t('ui.clearSearch')} />}
      </Group>
    </AriaSearchField>
  );
}
