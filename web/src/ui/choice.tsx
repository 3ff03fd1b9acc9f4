import { Check, ChevronDown, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Button as AriaButton, Checkbox as AriaCheckbox, CheckboxGroup as AriaCheckboxGroup, ComboBox, Group, Input, ListBox, ListBoxItem, Popover, Radio, RadioGroup as AriaRadioGroup, Select as AriaSelect,
  SelectValue,
} from 'react-aria-components';
import { useT } from '@/i18n/react';
import { FieldHead, fieldProps, type FieldProps } from './field';

/** One thing to choose. `id` is the code that is recorded, `label` the reader's words for it. */
export type Option = { id: string; label: string; hint?: string | undefined; disabled?: boolean | undefined };

type One = FieldProps & { options: readonly Option[]; value: string | null; onChange: (id: string) => void };
type Many = FieldProps & { options: readonly Option[]; value: readonly string[]; onChange: (ids: string[]) => void };

export function RadioGroup(props: One) {
  return (
    <AriaRadioGroup {...fieldProps(props)} value={props.value} onChange={props.onChange}>
      <FieldHead {...props} />
      <Choices options={props.options}>
        {(option) => (
          <Radio key={option.id} value={option.id} className="choice radio" isDisabled={option.disabled ?? false}>
            <span className="mark" aria-hidden />
            <OptionText option={option} />
          </Radio>
        )}
      </Choices>
    </AriaRadioGroup>
  );
}

export function CheckboxGroup(props: Many) {
  return (
    <AriaCheckboxGroup {...fieldProps(props)} value={[...props.value]} onChange={props.onChange}>
      <FieldHead {...props} />
      <Choices options={props.options}>
        {(option) => (
          <AriaCheckbox key={option.id} value={option.id} className="choice check" isDisabled={option.disabled ?? false}>
            <Mark />
            <OptionText option={option} />
          </AriaCheckbox>
        )}
      </Choices>
    </AriaCheckboxGroup>
  );
}

function Choices({ options, children }: { options: readonly Option[]; children: (option: Option) => ReactNode }) {
  return <div className="choices">{options.map(children)}</div>;
}

/** The box of a checkbox; `some`: neither on nor off. */
function Mark({ some }: { some?: boolean | undefined }) {
  const Sign = some ? Minus : Check;
  return (
    <span className="mark" aria-hidden>
      <Sign size={18} strokeWidth={3} />
    </span>
  );
}

function OptionText({ option }: { option: Option }) {
  return (
    <span>
      {option.label}
      {option.hint && <span className="sub">{option.hint}</span>}
    </span>
  );
}

export type CheckboxProps = { id?: string | undefined; children: ReactNode; hint?: string | undefined; value: boolean; onChange: (on: boolean) => void; some?: boolean | undefined; error?: string | undefined; disabled?: boolean | undefined };

/** One box alone: a sentence that is true or not. `some` shows neither. */
export function Checkbox({ id, children, hint, value, onChange, some, error, disabled }: CheckboxProps) {
  return (
    <div className="field" {...(id ? { id } : {})} {...(error ? { 'data-invalid': true } : {})}>
      {error && <span className="fault">{error}</span>}
      <AriaCheckbox className="choice check" isSelected={value} onChange={onChange} isIndeterminate={some ?? false} isInvalid={error !== undefined} isDisabled={disabled ?? false}>
        <Mark some={some} />
        <span>
          {children}
          {hint && <span className="sub">{hint}</span>}
        </span>
      </AriaCheckbox>
    </div>
  );
}

/** One of a list; nothing chosen is never told. */
function chosen({ value, onChange }: One) {
  return { value, onChange: (key: string | number | null) => key !== null && onChange(String(key)) };
}

/** A short list (up to about eight) that would be too long as radio buttons. */
export function Select(props: One & { placeholder?: string }) {
  const t = useT();
  return (
    <AriaSelect {...fieldProps(props)} {...chosen(props)} placeholder={props.placeholder ?? t('ui.choose')}>
      <FieldHead {...props} />
      <AriaButton className="btn select">
        <SelectValue />
        <ChevronDown className="icon" size={18} aria-hidden />
      </AriaButton>
      <Popover className="pop">
        <ListBox items={props.options}>{OptionItem}</ListBox>
      </Popover>
    </AriaSelect>
  );
}

function OptionItem(option: Option) {
  return (
    <ListBoxItem id={option.id} textValue={option.label} className="item" isDisabled={option.disabled ?? false}>
      <OptionText option={option} />
    </ListBoxItem>
  );
}

/** A long list, by writing a part of a name. */
export function Combobox(props: One) {
  const t = useT();
  return (
    <ComboBox {...fieldProps(props)} {...chosen(props)} defaultItems={props.options} menuTrigger="focus" allowsEmptyCollection>
      <FieldHead {...props} />
      <Group className="group">
        <Input className="input" dir="auto" autoComplete="off" />
        <AriaButton className="btn quiet icon-only">
          <ChevronDown className="icon" size={18} aria-hidden />
        </AriaButton>
      </Group>
      <Popover className="pop">
        <ListBox<Option> renderEmptyState={() => <div className="item mute">{t('ui.noMatch', { words: '…' })}</div>}>{OptionItem}</ListBox>
      </Popover>
    </ComboBox>
  );
}
