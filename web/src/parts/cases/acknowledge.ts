import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useDesk } from '@/api/context';
import type { Answers, Case, Sent } from '@/api/desk';
import type { Form } from '@/forms';
import { useRules, useSeat, useSession, type Words } from '@/parts/desk';
import { useI18n } from '@/i18n/react';
import { acknowledgement, otherSide } from './stand';

export type Known = { reference: string; officer: string; handling: string; telephone: string; now: Date };

/** What the desk knows anyway, for the fields that every acknowledgement asks for: under which reference, since when, by whom, where to call. */
export function prefilled(form: Form, known: Known): Answers {
  const values: Record<string, string> = {
    reference: known.reference,
    own_reference: known.reference,
    received_on: `${known.now.toISOString().slice(0, 19)}Z`,
    handling_authority: known.handling,
    handled_by: known.handling,
    duty_officer: known.officer,
    call_back: known.telephone,
    contact_phone: known.telephone,
  };
  const answers: Record<string, string> = {};
  for (const section of form.sections) {
    for (const field of section.fields) {
      const value = values[field.field];
      if (field.required === true && field.schema.type === 'string' && value) answers[field.field] = value;
    }
  }
  return answers;
}

export type AcknowledgeResult = { state: 'sent'; sent: Sent } | { state: 'form'; type: string } | { state: 'nothing' };

/**
 * Acknowledges a case with one key: fills in what is known, signs and sends. Where the form asks for more than is known, or
 * the act needs more than the session's signature, it says that the form must be opened.
 */
export function useAcknowledge(): { acknowledge: (one: Case, words: Words) => Promise<AcknowledgeResult>; busy: ReadonlySet<string> } {
  const desk = useDesk();
  const seat = useSeat();
  const session = useSession();
  const rules = useRules().data;
  const client = useQueryClient();
  const { lang, t } = useI18n();
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const acknowledge = useCallback(
    async (one: Case, words: Words): Promise<AcknowledgeResult> => {
      const type = acknowledgement(one);
      if (type === null || !seat || !rules || session.state !== 'open') return { state: 'nothing' };
      const form = rules.formOf(type);
      const profile = rules.profile(seat.authority.split(':')[1] ?? '');
      const contact = profile?.['central_authority_contact'];
      const known: Known = {
        reference: one.reference, officer: session.identity.name, handling: words.authority(seat.authority).replace(/[\u2066-\u2069]/g, ''),
        telephone: typeof contact === 'string' ? (contact.split(',')[0] ?? '') : '', now: new Date(),
      };
      setBusy((before) => new Set(before).add(one.case));
      try {
        const prepared = await desk.prepare({
          type, authority: seat.authority, to: [otherSide(one, seat.authority)], case: one.case, basis: one.basis, answers: form ? prefilled(form, known) : {},
          language: lang, summary: t('inbox.acknowledged.summary'), translations: [], files: [], rulebook: one.rulebook,
        });
        if (prepared.defects.length > 0 || prepared.assurance !== 'session') {
          await desk.dropPrepared(prepared.id);
          return { state: 'form', type };
        }
        const sent = await desk.send(prepared.id);
        await client.invalidateQueries({ queryKey: ['cases'] });
        return { state: 'sent', sent };
      } finally {
        setBusy((before) => new Set([...before].filter((id) => id !== one.case)));
      }
    },
    [desk, seat, session, rules, client, lang, t],
  );
  return { acknowledge, busy };
}
