// What was checked, in the order in which it was, and what became of it.

import { Fault, ruleOf, wordsOf } from '@/sealing/fault';

/** `not_shown` is for what the material at hand cannot show either way. */
export type Finding = 'holds' | 'fails' | 'not_shown';
/** Words: catalogue key `verdict.<check>.<finding>` with `params`. */
export type Check =
  | 'format' | 'receipt' | 'signature' | 'directory' | 'chain' | 'signer-view' | 'seal' | 'object' | 'ring'
  | 'commitment' | 'document' | 'document-form' | 'agreement' | 'manifest' | 'form' | 'witness' | 'first-seen';
export type StepParams = { readonly [name: string]: string | number };
export interface Step {
  readonly check: Check;
  readonly finding: Finding;
  readonly params: StepParams;
  /** The stable rule that said no; null where nothing did. */
  readonly rule: string | null;
  /** English, for experts and logs. */
  readonly detail: string;
}
export interface Verdict {
  readonly steps: readonly Step[];
  /** Something was checked and nothing failed: the one ground for a green mark. */
  readonly good: boolean;
}

export class Verdicts {
  readonly steps: Step[] = [];

  holds(check: Check, detail: string, params: StepParams = {}): void {
    this.steps.push({ check, finding: 'holds', params, rule: null, detail });
  }
  fails(check: Check, rule: string, detail: string, params: StepParams = {}): void {
    this.steps.push({ check, finding: 'fails', params, rule, detail });
  }
  notShown(check: Check, rule: string | null, detail: string, params: StepParams = {}): void {
    this.steps.push({ check, finding: 'not_shown', params, rule, detail });
  }
  /** Does it and notes what came of it. What could not be looked at for want of a connection goes on as it is. */
  async note<T>(check: Check, work: () => T | Promise<T>, detail: string | ((value: T) => string), params: StepParams | ((value: T) => StepParams) = {}): Promise<T | null> {
    try {
      const value = await work();
      this.holds(check, typeof detail === 'string' ? detail : detail(value), typeof params === 'function' ? params(value) : params);
      return value;
    } catch (error) {
      if (error instanceof Fault && (error.kind === 'unavailable' || error.kind === 'unauthenticated' || error.kind === 'internal')) throw error;
      if (!(error instanceof Fault)) throw error;
      this.fails(check, ruleOf(error), wordsOf(error), typeof params === 'function' ? {} : params);
      return null;
    }
  }
  get good(): boolean {
    return this.steps.some((step) => step.finding === 'holds') && this.steps.every((step) => step.finding !== 'fails');
  }
  done(): Verdict {
    return { steps: [...this.steps], good: this.good };
  }
}
