import { IntlMessageFormat } from 'intl-messageformat';
import { LANGUAGES, type Lang } from './locale';

type Nodes = ReturnType<IntlMessageFormat['getAst']>;

/** ICU's node types, as intl-messageformat numbers them. */
const LITERAL = 0;
const SELECT = 5;
const PLURAL = 6;
const POUND = 7;
const TAG = 8;

/** What a message takes: each placeholder with its kind, and the plural forms that it brings. */
type Shape = { placeholders: Map<string, number>; plurals: Map<string, Set<string>>; faults: string[] };

function shapeOf(message: string, lang: Lang): Shape {
  const shape: Shape = { placeholders: new Map(), plurals: new Map(), faults: [] };
  const walk = (nodes: Nodes): void => {
    for (const node of nodes) {
      if (node.type === LITERAL || node.type === POUND) continue;
      if (node.type === TAG) {
        walk(node.children);
        continue;
      }
      shape.placeholders.set(node.value, node.type);
      if (node.type === PLURAL) shape.plurals.set(node.value, new Set(Object.keys(node.options)));
      if (node.type === SELECT || node.type === PLURAL) for (const option of Object.values(node.options)) walk(option.value);
    }
  };
  try {
    walk(new IntlMessageFormat(message, lang).getAst());
  } catch (error) {
    shape.faults.push(`not ICU: ${error instanceof Error ? error.message : String(error)}`);
  }
  return shape;
}

/** Every fault of the catalogues against the English one: keys missing or left over, empty words, other placeholders, plural forms that the language needs. */
export function faultsOf(catalogues: Record<Lang, Readonly<Record<string, string>>>): string[] {
  const faults: string[] = [];
  const source = catalogues.en;
  for (const lang of LANGUAGES) {
    const words = catalogues[lang];
    const needed = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
    for (const key of Object.keys(source)) if (!(key in words)) faults.push(`${lang}: ${key}: missing`);
    for (const [key, message] of Object.entries(words)) {
      const english = source[key];
      if (english === undefined) {
        faults.push(`${lang}: ${key}: not in the English catalogue`);
        continue;
      }
      if (message.trim() === '') faults.push(`${lang}: ${key}: empty`);
      const shape = shapeOf(message, lang);
      const wanted = shapeOf(english, 'en').placeholders;
      faults.push(...shape.faults.map((fault) => `${lang}: ${key}: ${fault}`));
      for (const name of wanted.keys()) if (!shape.placeholders.has(name)) faults.push(`${lang}: ${key}: does not use {${name}}`);
      for (const name of shape.placeholders.keys()) if (!wanted.has(name)) faults.push(`${lang}: ${key}: {${name}} is not in the English sentence`);
      for (const [name, forms] of shape.plurals) {
        const missing = needed.filter((form) => !forms.has(form));
        if (missing.length > 0) faults.push(`${lang}: ${key}: {${name}} lacks the plural form ${missing.join(', ')}`);
      }
    }
  }
  return faults;
}
