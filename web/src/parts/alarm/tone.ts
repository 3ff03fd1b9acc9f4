/** The sound of the desk: two notes that rise, made here, so that no file has to be loaded in the night. */
export class Tone {
  #context: AudioContext | null = null;

  /** Browsers let a page sound only after a person has pressed something; call it from there. False: this browser keeps it silent. */
  async unlock(): Promise<boolean> {
    if (typeof AudioContext === 'undefined') return false;
    this.#context ??= new AudioContext();
    try {
      await this.#context.resume();
    } catch {
      return false;
    }
    return this.#context.state === 'running';
  }

  get ready(): boolean {
    return this.#context?.state === 'running';
  }

  /** `volume` from 0 to 1. Loud: two notes five times, from soft to full, so that nobody is torn from sleep by the first. */
  play(loud: boolean, volume: number): void {
    const context = this.#context;
    if (!context || context.state !== 'running') return;
    const times = loud ? 5 : 1;
    for (let turn = 0; turn < times; turn += 1) {
      const strength = loud ? volume * (0.2 + (0.8 * turn) / (times - 1)) : volume * 0.3;
      this.#note(context, 660, context.currentTime + turn * 0.9, strength);
      this.#note(context, 880, context.currentTime + turn * 0.9 + 0.35, strength);
    }
  }

  #note(context: AudioContext, frequency: number, at: number, strength: number): void {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.type = 'triangle';
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(strength, at + 0.03);
    gain.gain.setValueAtTime(strength, at + 0.24);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.34);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + 0.36);
  }
}
