// @vitest-environment node
// The vectors of rulebook/examples/forms: the C++ engine passes the same files (`entraide rulebook test`).

import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from './json';
import { partAnswers } from './part';
import { parseDateTime } from './period';
import { answersNamed, filesBelow, readJson, realRules } from './rulebook_for_test';
import { validate } from './validate';

interface Vector {
  name: string;
  form: string;
  basis?: string;
  now?: string;
  country?: string;
  answers: JsonObject | string;
  change?: JsonObject;
  defects: { path: string; code: string; params?: JsonObject }[];
  parted?: { routing: JsonObject; sealed: string[]; removed: string[] };
}

function answersOf(vector: Vector): JsonObject {
  const answers: Record<string, Json> = { ...(typeof vector.answers === 'string' ? answersNamed(vector.answers) : vector.answers) };
  for (const [name, value] of Object.entries(vector.change ?? {})) {
    delete answers[name];
    if (value !== null) answers[name] = value as Json;
  }
  return answers;
}

const rules = await realRules();
const files = filesBelow('examples/forms').map((name) => ({ name, vectors: readJson(name)['vectors'] as unknown as Vector[] }));

for (const file of files) {
  describe(file.name, () => {
    test.each(file.vectors.map((vector) => [`${vector.form}: ${vector.name}`, vector] as const))('%s', (_, vector) => {
      const form = rules.form(vector.form);
      if (!form) throw new Error(`no form ${vector.form}`);
      const given = {
        basis: vector.basis ?? '',
        profile: vector.country === undefined ? null : rules.profile(vector.country),
        now: parseDateTime(vector.now ?? '2031-03-02T09:00:00Z') ?? 0,
      };
      const found = validate(rules, form, answersOf(vector), given);
      const wanted = vector.defects.map((defect, index) => ({ ...defect, params: defect.params ?? found[index]?.params ?? {} }));
      expect(found).toEqual(wanted);
      if (!vector.parted) return;
      const parted = partAnswers(rules, form, answersOf(vector), given);
      expect(parted.routing).toEqual(vector.parted.routing);
      expect(Object.keys(parted.sealed).sort()).toEqual([...vector.parted.sealed].sort());
      expect(parted.removed).toEqual(vector.parted.removed);
    });
  });
}

test('every form has a vector that passes and one with defects', () => {
  const vectors = files.flatMap((file) => file.vectors);
  for (const form of rules.forms) {
    const own = vectors.filter((vector) => vector.form === form.form);
    expect(own.some((vector) => vector.defects.length === 0), `${form.form}: none passes`).toBe(true);
    const canFail = form.sections.some((section) => section.fields.length > 0);
    expect(!canFail || own.some((vector) => vector.defects.length > 0), `${form.form}: none fails`).toBe(true);
  }
});
