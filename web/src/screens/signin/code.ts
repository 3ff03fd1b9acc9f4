const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 20;

/** What a person typed as the characters of Crockford's alphabet: case, spaces and hyphens do not matter, I and L are 1, O is 0. */
function cleaned(typed: string): string {
  return typed.toUpperCase().replace(/[\s\-‑–]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
}

/** The code of an invitation, or null where it cannot be one. */
export function readCode(typed: string): string | null {
  const code = cleaned(typed);
  return code.length === LENGTH && Array.from(code).every((char) => ALPHABET.includes(char)) ? code : null;
}

/** In groups of four, as it was dictated. */
export function groupedCode(typed: string): string {
  return (cleaned(typed).slice(0, LENGTH).match(/.{1,4}/g) ?? []).join('-');
}
