/** First strong isolate … pop directional isolate: keeps a foreign piece from turning the sentence around it. */
export function isolate(text: string): string {
  return `\u2068${text}\u2069`;
}

/** A reference inside a sentence: left to right, never broken at its hyphens. */
export function inSentence(reference: string): string {
  return `\u2066${reference.replaceAll('-', '\u2011')}\u2069`;
}
