const texts = import.meta.glob<string>('../../../rulebook/{*.json,forms/*.json,instruments/*.json,kinds/*.json,profiles/*.json,vocab/*.json,words/**/*.json}', { query: '?raw', import: 'default', eager: true });

/** Every file of the rulebook by its path in it. */
export const files: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(texts).map(([path, text]) => [path.slice(path.indexOf('/rulebook/') + '/rulebook/'.length), text]));
