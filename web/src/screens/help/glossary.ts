/** Words of the desk that a newcomer may ask about; each has `term.X` and `term.X.text` in the catalogue. */
export const TERMS = ['act', 'authority', 'central', 'contactPoint', 'ncb', 'acknowledge', 'clock', 'sealed', 'proof', 'ledger', 'receipt', 'witness', 'ring', 'device', 'rulebook', 'handOver', 'supplement', 'basis', 'translation', 'draft'] as const;
