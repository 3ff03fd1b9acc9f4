// The hub's door, as the floors above the network open it. What comes through is not believed yet.

/** What the hub answered to an act, before anything of it has been checked. */
export interface SubmitAnswer {
  readonly id: string;
  readonly index: number;
  readonly time: string;
  readonly receipt: string;
  readonly case: string | null;
  readonly reference: string | null;
}

/** Failures are Faults: unavailable (safe to repeat), or what the hub's problem details say. */
export interface Door {
  /** With a session. */
  json(path: string): Promise<unknown>;
  text(path: string): Promise<string>;
  /** Without one. */
  publicText(path: string): Promise<string>;
  publicBytes(path: string): Promise<Uint8Array>;
  /** Safe to repeat: the same body gives the same receipt. */
  submit(body: string, objects: readonly string[]): Promise<SubmitAnswer>;
  pause(milliseconds: number): Promise<void>;
}
