// What a person may begin or do next, arranged for a page. Whether it is allowed, the hub says (abilities); what it is
// called, on which ground it stands and to whom it may go, the rulebook says. Nothing here decides.

import type { Assurance, Form, Transition } from './model';
import { parseDate } from './period';
import type { Rulebook } from './rulebook';

/** As the hub's abilities say it. */
export interface Ability {
  readonly act: string;
  readonly allowed: boolean;
  readonly form: string;
  readonly assurance: Assurance;
  readonly rule?: string;
  readonly source?: string;
}

export interface Offer {
  act: string;
  kind: string;
  form: Form | null;
  assurance: Assurance;
  allowed: boolean;
  /** Why not, where it is not. */
  rule: string | null;
  source: string | null;
}

/** What may be begun, by kind, in the order of the rulebook; what is not allowed stays, with its reason. */
export function openings(rules: Rulebook, abilities: readonly Ability[]): { kind: string; offers: Offer[] }[] {
  return rules.kinds
    .map((kind) => ({ kind: kind.kind, offers: offersOf(rules, abilities, kind.transitions.filter((transition) => transition.from === null)) }))
    .filter((group) => group.offers.length > 0);
}

/** What may be done in a case: acts on its threads, and further threads that may be opened in it. */
export function nextActs(rules: Rulebook, abilities: readonly Ability[], kinds: readonly string[]): { acts: Offer[]; openings: Offer[]; refused: Offer[] } {
  const all = rules.kinds.map((kind) => offersOf(rules, abilities, kind.transitions)).flat();
  const inCase = (offer: Offer): boolean => kinds.includes(offer.kind) && rules.transition(offer.act)?.from !== null;
  return {
    acts: all.filter((offer) => offer.allowed && inCase(offer)),
    openings: all.filter((offer) => offer.allowed && !inCase(offer)),
    refused: all.filter((offer) => !offer.allowed && inCase(offer)),
  };
}

function offersOf(rules: Rulebook, abilities: readonly Ability[], transitions: readonly Transition[]): Offer[] {
  return transitions.flatMap((transition): Offer[] => {
    const ability = abilities.find((one) => one.act === transition.t);
    if (!ability) return [];
    return [{
      act: transition.t, kind: rules.kindOf(transition.t)?.kind ?? '', form: rules.formOf(transition.t), assurance: ability.assurance,
      allowed: ability.allowed, rule: ability.rule ?? null, source: ability.source ?? null,
    }];
  });
}

export interface BasisOffer {
  basis: string;
  /** Countries that are not bound by it on that day; empty where it may be used. */
  notBound: string[];
  /** An instrument that is not in force: used only where both say in their profile that they apply it. */
  notInForce: boolean;
}

/** The legal grounds that a kind of request may name between two countries on a day. */
export function basesFor(rules: Rulebook, kind: string, countries: readonly string[], now: number): BasisOffer[] {
  return (rules.kind(kind)?.basis ?? []).map((basis) => {
    const instrument = rules.instrument(basis.slice(0, basis.indexOf('.')));
    const bound = (country: string): boolean =>
      (instrument?.parties ?? []).some((party) => party.country === country && (parseDate(party.from) ?? Infinity) <= now);
    return {
      basis,
      notBound: instrument?.enforce_parties === true ? countries.filter((country) => !bound(country)) : [],
      notInForce: instrument?.symbol !== undefined && instrument.in_force === null,
    };
  });
}

/** Kinds of authority that may receive an opening act of this kind, and those that may be informed beside it. */
export function receiversOf(rules: Rulebook, actType: string): { main: string[]; inform: string[] } {
  const transition = rules.transition(actType);
  const kind = rules.kindOf(actType);
  if (!transition || !kind) return { main: [], inform: [] };
  return { main: transition.by === 'requested' ? kind.parties.requesting : kind.parties.requested, inform: transition.inform ?? [] };
}
