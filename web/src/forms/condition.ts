// The closed vocabulary of conditions, as forms use it: total, no loops, no arithmetic but time. What only a hub can know
// (who signs, to whom it is sealed, other threads) is never asked in a form, so it is not here.

import { isAnswered, isList, isObject, member, type Json, type JsonObject } from './json';
import type { Condition } from './model';
import { addPeriod, parseDate, parseDateTime, parsePeriod } from './period';
import { RulebookError, type Rulebook } from './rulebook';

/** All that a form's condition may look at. */
export interface Scope {
  rules: Rulebook;
  answers: JsonObject;
  basis: string;
  /** What the requested country has notified, or null. */
  profile: JsonObject | null;
  /** Milliseconds since 1970. */
  now: number;
}

type Value = { json: Json } | { time: number } | undefined;

function valueOf(operand: string, scope: Scope): Value {
  const json = (value: Json | undefined): Value => (value === undefined || value === null ? undefined : { json: value });
  if (operand.startsWith('field.')) return json(member(scope.answers, operand.slice('field.'.length)));
  if (operand.startsWith('profile.')) return scope.profile ? json(member(scope.profile, operand.slice('profile.'.length))) : undefined;
  if (operand === 'basis') return scope.basis === '' ? undefined : { json: scope.basis };
  if (operand === 'now') return { time: scope.now };
  throw new RulebookError('rulebook.condition', `\`${operand}\` cannot be asked in a form`);
}

/** Conditions compare texts, integers and booleans only. */
function same(value: Json, literal: Json): boolean {
  return value === literal && (typeof value !== 'object' || value === null);
}

function timeOf(value: Value): number | null {
  if (value === undefined) return null;
  if ('time' in value) return value.time;
  if (typeof value.json !== 'string') return null;
  return value.json.length === 10 ? parseDate(value.json) : parseDateTime(value.json);
}

/** Items of a list; an integer itself; 1 for any other value that is there; 0 for nothing. */
function countOf(value: Value): number {
  if (value === undefined) return 0;
  if ('time' in value) return 1;
  if (isList(value.json)) return value.json.length;
  if (Number.isInteger(value.json)) return value.json as number;
  return isAnswered(value.json) ? 1 : 0;
}

/** Whether `basis` is `wide` or below it: "budapest" covers "budapest.29". */
export function covers(wide: string, basis: string): boolean {
  return basis === wide || basis.startsWith(`${wide}.`);
}

export function holds(condition: Condition, scope: Scope): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, scope));
  if ('any' in condition) return condition.any.some((part) => holds(part, scope));
  if ('not' in condition) return !holds(condition.not, scope);
  if ('equals' in condition) {
    const value = valueOf(condition.equals[0], scope);
    return value !== undefined && 'json' in value && same(value.json, condition.equals[1]);
  }
  if ('in' in condition) {
    const value = valueOf(condition.in[0], scope);
    if (value === undefined || !('json' in value)) return false;
    const oneOf = (item: Json): boolean => condition.in[1].some((literal) => same(item, literal));
    return isList(value.json) ? value.json.length > 0 && value.json.every(oneOf) : oneOf(value.json);
  }
  if ('contains' in condition) {
    const value = valueOf(condition.contains[0], scope);
    return value !== undefined && 'json' in value && isList(value.json) && value.json.some((item) => same(item, condition.contains[1]));
  }
  if ('basis_is' in condition) return scope.basis !== '' && condition.basis_is.some((wide) => covers(wide, scope.basis));
  if ('within' in condition) {
    const time = timeOf(valueOf(condition.within[0], scope));
    const period = parsePeriod(condition.within[1]);
    return time !== null && period !== null && time <= addPeriod(scope.now, period);
  }
  if ('before' in condition) {
    const [a, b] = condition.before.map((operand) => timeOf(valueOf(operand, scope)));
    return a !== null && a !== undefined && b !== null && b !== undefined && a < b;
  }
  if ('ground_in' in condition) return groundsListed(condition.ground_in, scope);
  if ('count_at_least' in condition) {
    const [operand, least] = condition.count_at_least;
    if (typeof least === 'number') return countOf(valueOf(operand, scope)) >= least;
    const limit = valueOf(least, scope);
    return limit !== undefined && countOf(valueOf(operand, scope)) >= countOf(limit);
  }
  throw new RulebookError('rulebook.condition', `\`${Object.keys(condition).join()}\` cannot be asked in a form`);
}

function groundsListed(list: string[] | string, scope: Scope): boolean {
  const grounds = member(scope.answers, 'grounds');
  if (grounds === undefined || grounds === null) return false;
  const known = typeof list === 'string' ? (scope.rules.vocab(list)?.codes.map((code) => code.code) ?? []) : list;
  const listed = (code: Json): boolean => typeof code === 'string' && known.includes(code);
  return isList(grounds) ? grounds.length > 0 && grounds.every(listed) : listed(grounds);
}

/** The fields that a condition reads. */
export function fieldsOf(condition: Condition): string[] {
  const names: string[] = [];
  const visit = (part: unknown): void => {
    if (typeof part === 'string') {
      if (part.startsWith('field.')) names.push(part.slice('field.'.length));
    } else if (isList(part)) part.forEach(visit);
    else if (isObject(part)) Object.values(part).forEach(visit);
  };
  const operands = (part: Condition): void => {
    if ('all' in part) part.all.forEach(operands);
    else if ('any' in part) part.any.forEach(operands);
    else if ('not' in part) operands(part.not);
    else if ('ground_in' in part) names.push('grounds');
    else if ('equals' in part) visit(part.equals[0]);
    else if ('in' in part) visit(part.in[0]);
    else if ('contains' in part) visit(part.contains[0]);
    else if ('within' in part) visit(part.within[0]);
    else if ('before' in part) visit(part.before);
    else if ('count_at_least' in part) visit(part.count_at_least);
  };
  operands(condition);
  return names;
}
