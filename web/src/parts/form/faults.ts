import type { Defect, RuleWords } from '@/forms';
import type { FieldFault } from '@/ui';
import { idOf } from './context';

/** Defects for the summary of a page: the label, then the same words that stand at the field. */
export function faultsOf(defects: readonly Defect[], form: string, words: RuleWords): FieldFault[] {
  return defects.map((defect) => ({ field: idOf(defect.path), message: `${labelOf(defect.path, form, words)}: ${words.defect(defect)}` }));
}

/** "Persons concerned 2, Name" for "persons.1.name". */
export function labelOf(path: string, form: string, words: RuleWords): string {
  const steps = path.split('.');
  const [first = '', ...rest] = steps;
  const number = rest.find((step) => /^\d+$/.test(step));
  const inner = rest.filter((step) => !/^\d+$/.test(step));
  const head = words.field(form, first) + (number === undefined ? '' : ` ${Number(number) + 1}`);
  return inner.length === 0 ? head : `${head}, ${words.field(form, path)}`;
}
