import { createContext, useContext, type ReactNode } from 'react';
import type { Attachment } from '@/api/desk';
import { atPath, type Defect, type Json, type JsonObject, type Rulebook, type RuleWords } from '@/forms';

/** A country or authority that may be chosen, in the reader's words. */
export interface Choice {
  id: string;
  label: string;
  hint?: string;
}

/** What the fields of one form share. All that a field shows comes from here: no kind of request has code of its own. */
export interface FormValue {
  rules: Rulebook;
  words: RuleWords;
  form: string;
  answers: JsonObject;
  /** Undefined takes the answer away. */
  set(path: string, value: Json | undefined): void;
  /** What is wrong, shown once the person has said Continue. */
  defects: readonly Defect[];
  /** The language in which the person writes. */
  contentLang: string;
  authorities: readonly Choice[];
  countries: readonly Choice[];
  bases: readonly Choice[];
  /** Encrypts and uploads; null where files cannot be attached here. */
  attach: ((file: File) => Promise<Attachment>) | null;
}

const FormContext = createContext<FormValue | null>(null);

export function FormProvider({ value, children }: { value: FormValue; children: ReactNode }) {
  return <FormContext value={value}>{children}</FormContext>;
}

export function useForm(): FormValue {
  const value = useContext(FormContext);
  if (!value) throw new Error('useForm: there is no FormProvider above');
  return value;
}

/** The answer at a path, what is wrong with it in words, and the id that error summaries lead to. */
export function useAnswer(path: string): { value: Json | undefined; set: (value: Json | undefined) => void; error: string | undefined; id: string } {
  const { answers, set, defects, words } = useForm();
  const defect = defects.find((one) => one.path === path);
  return { value: atPath(answers, path), set: (value) => set(path, value), error: defect && words.defect(defect), id: idOf(path) };
}

/** The id of the field at a path. */
export function idOf(path: string): string {
  return `field-${path.replaceAll('.', '-')}`;
}
