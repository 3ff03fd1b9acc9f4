// JSON values as the rulebook and the answers hold them: no floats, no dates, nothing that two readers could take two ways.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** The member of that name; own members only, so that a field called `constructor` is just a field. */
export function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Whether the value counts as an answer: not null, not blank, not empty. Blank means spaces, tabs and line ends only. */
export function isAnswered(value: Json | undefined): value is Exclude<Json, null> {
  if (value === undefined || value === null) return false;
  if (typeof value === 'string') return /[^ \t\r\n]/.test(value);
  if (isList(value)) return value.length > 0;
  if (isObject(value)) return Object.keys(value).length > 0;
  return true;
}

/** Follows names and list indices through a dotted path ("persons.0.name"). */
export function atPath(value: Json | undefined, path: string): Json | undefined {
  let here = value;
  for (const step of path === '' ? [] : path.split('.')) {
    if (isList(here)) here = here[Number(step)];
    else if (isObject(here)) here = member(here, step);
    else return undefined;
  }
  return here;
}

/** A copy of `value` with `next` at the path; lists and objects on the way are made where they are missing. */
export function setPath(value: Json | undefined, path: string, next: Json | undefined): Json {
  const dot = path.indexOf('.');
  const step = dot < 0 ? path : path.slice(0, dot);
  const rest = dot < 0 ? '' : path.slice(dot + 1);
  const under = (old: Json | undefined): Json | undefined => (dot < 0 ? next : setPath(old, rest, next));
  if (isList(value) || (!isObject(value) && /^\d+$/.test(step))) {
    const list = isList(value) ? [...value] : [];
    list[Number(step)] = under(list[Number(step)]) ?? null;
    return list;
  }
  const object: Record<string, Json> = isObject(value) ? { ...value } : {};
  const made = under(member(object, step));
  if (made === undefined) delete object[step];
  else object[step] = made;
  return object;
}
