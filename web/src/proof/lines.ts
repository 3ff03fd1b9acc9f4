// Texts of lines that end in newline, as C2SP formats are.

import type { Bytes } from '@/sealing/bytes';
import { tryBase64 } from '@/sealing/base64';

export class LineReader {
  constructor(private text: string) {}
  /** Null at the end, or where the last line does not end in newline. */
  next(): string | null {
    const end = this.text.indexOf('\n');
    if (end < 0) return null;
    const line = this.text.slice(0, end);
    this.text = this.text.slice(end + 1);
    return line;
  }
  get atEnd(): boolean {
    return this.text === '';
  }
  rest(): string {
    return this.text;
  }
}

/** A number of at most 2^53 without leading zeros; null when it is none, or larger than `max`. */
export function decimal(text: string, max = 2 ** 53 - 1): number | null {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return null;
  const value = Number(text);
  return value <= max ? value : null;
}

/** 32 bytes in base64. */
export function hashLine(text: string): Bytes | null {
  const bytes = text.length === 44 ? tryBase64(text) : null;
  return bytes?.length === 32 ? bytes : null;
}
