import { IntlMessageFormat } from 'intl-messageformat';

type Ast = ReturnType<IntlMessageFormat['getAst']>;
type Node = Ast[number];

/** ICU's node types, as intl-messageformat numbers them. */
const LITERAL = 0;
const SELECT = 5;
const PLURAL = 6;
const TAG = 8;

const ACCENTED: Record<string, string> = {
  a: 'á', b: 'ƀ', c: 'ç', d: 'ð', e: 'é', f: 'ƒ', g: 'ĝ', h: 'ĥ', i: 'í', j: 'ĵ', k: 'ķ', l: 'ļ', m: 'ɱ', n: 'ñ', o: 'ó', p: 'þ', q: 'ǫ', r: 'ŕ', s: 'š', t: 'ţ', u: 'ú',
  v: 'ṽ', w: 'ŵ', x: 'ẋ', y: 'ý', z: 'ž', A: 'Á', B: 'Ɓ', C: 'Ç', D: 'Ð', E: 'É', F: 'Ƒ', G: 'Ĝ', H: 'Ĥ', I: 'Í', J: 'Ĵ', K: 'Ķ', L: 'Ļ', M: 'Ḿ', N: 'Ñ', O: 'Ó', P: 'Þ',
  Q: 'Ǫ', R: 'Ŕ', S: 'Š', T: 'Ţ', U: 'Ú', V: 'Ṽ', W: 'Ŵ', X: 'Ẋ', Y: 'Ý', Z: 'Ž',
};

/** Accents every letter and makes the text about forty per cent longer, as the longest translations are. */
export function lengthen(text: string): string {
  let letters = 0;
  const accented = Array.from(text, (char) => {
    const other = ACCENTED[char];
    if (other) letters += 1;
    return other ?? char;
  }).join('');
  const extra = Math.round(letters * 0.4);
  // In pieces: no language has words of thirty letters.
  return extra === 0 ? accented : `${accented}${'·'.repeat(extra).replace(/·{8}(?=·)/g, '$& ')}`;
}

/** Wraps the text so that the bidirectional algorithm shows it from right to left, letters and all. */
export function mirror(text: string): string {
  return text.trim() === '' ? text : `\u202e${text}\u202c`;
}

/** A message with its words changed by `change` and its placeholders left alone. */
export function pseudo(message: string, change: (text: string) => string): Ast {
  const walk = (nodes: Ast): Ast =>
    nodes.map((node): Node => {
      if (node.type === LITERAL) return { ...node, value: change(node.value) };
      if (node.type === SELECT || node.type === PLURAL) {
        const options = Object.fromEntries(Object.entries(node.options).map(([name, option]) => [name, { ...option, value: walk(option.value) }]));
        return { ...node, options } as Node;
      }
      if (node.type === TAG) return { ...node, children: walk(node.children) };
      return node;
    });
  return walk(new IntlMessageFormat(message, 'en').getAst());
}
