import type { Ring } from './classes';

/** How the bell reaches a person. */
export type Voice = { tone(loud: boolean): void; notify(ring: Ring): void; withdraw(ring: Ring): void };

const REPEAT = 30_000;
const SILENCE = 5 * 60_000;

/**
 * Rings while something of class A is there: at once, then every 30 seconds, until it is acknowledged or its clock stops.
 * Silence lasts five minutes and silences the sound only. Class B sounds once for each clock. What the person has open
 * and in front of them does not ring.
 */
export class Bell {
  #rings: readonly Ring[] = [];
  #told = new Set<string>();
  #lastTone = -Infinity;
  #silentUntil = -Infinity;
  #armed = false;
  #open: string | null = null;
  quietB = false;

  constructor(private readonly voice: Voice, private readonly now: () => number) {}

  arm(on: boolean): void {
    this.#armed = on;
    if (!on) this.#silentUntil = -Infinity;
    this.#lastTone = -Infinity;
    this.#told.clear();
    this.tick();
  }

  /** The case that the person has open in a focused window; null for none. */
  looksAt(caseId: string | null): void {
    this.#open = caseId;
  }

  hear(rings: readonly Ring[]): void {
    const still = new Set(rings.map(nameOf));
    for (const ring of this.#rings) if (!still.has(nameOf(ring)) && this.#told.delete(nameOf(ring)) && ring.class === 'A') this.voice.withdraw(ring);
    this.#rings = rings;
    this.tick();
  }

  silence(): void {
    this.#silentUntil = this.now() + SILENCE;
  }

  get silentUntil(): number | null {
    return this.#silentUntil > this.now() ? this.#silentUntil : null;
  }

  /** To be called every second or so. */
  tick(): void {
    if (!this.#armed) return;
    const now = this.now();
    const loud = this.#rings.filter((ring) => ring.class === 'A' && ring.case !== this.#open);
    let fresh = false;
    for (const ring of loud) {
      if (this.#told.has(nameOf(ring))) continue;
      this.#told.add(nameOf(ring));
      this.voice.notify(ring);
      fresh = true;
    }
    if (loud.length > 0 && (fresh || now >= this.#silentUntil) && (fresh || now - this.#lastTone >= REPEAT)) {
      this.#lastTone = now;
      this.voice.tone(true);
      return;
    }
    const soft = this.#rings.filter((ring) => ring.class === 'B' && !this.#told.has(nameOf(ring)));
    for (const ring of soft) this.#told.add(nameOf(ring));
    if (soft.length > 0 && !this.quietB && now >= this.#silentUntil) this.voice.tone(false);
  }
}

/** What was told as B is told again when it becomes A. */
function nameOf(ring: Ring): string {
  return `${ring.class}/${ring.id}`;
}
