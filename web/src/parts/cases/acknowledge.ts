import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useDesk } from '@/api/context';
import type { Case, Sent } from '@/api/desk';
import { ownReference, prefill } from '@/forms';
import { settings, useRules, useSeat, useSession, type Words } from '@/parts/desk';
import { useI18n } from '@/i18n/react';
import { nowByHub } from '@/ui';
import { acknowledgement, otherSide } from './stand';

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
      const known = {
        reference: ownReference(seat.authority, one.reference), officer: session.identity.name, authority: plain(words.authority(seat.authority)), otherAuthority: plain(words.authority(otherSide(one, seat.authority))),
        now: new Date(nowByHub()), offsetMinutes: -new Date().getTimezoneOffset(), language: lang, telephone: settings().telephone,
      };
      setBusy((before) => new Set(before).add(one.case));
      try {
        const prepared = await desk.prepare({
          type, authority: seat.authority, to: [otherSide(one, seat.authority)], case: one.case, basis: one.basis, answers: form ? prefill(form, known) : {},
          language: lang, summary: t('inbox.acknowledged.summary'), translations: [], files: [], rulebook: one.rulebook,
        });
        if (prepared.defects.length > 0 || prepared.assurance !== 'session') {
          await desk.dropPrepared(prepared.id);
          return { state: 'form', type };
        }
        const sent = await desk.send(prepared.id);
        void client.invalidateQueries({ queryKey: ['cases'] }); // the receipt is there: the lists follow
        return { state: 'sent', sent };
      } finally {
        setBusy((before) => new Set([...before].filter((id) => id !== one.case)));
      }
    },
    [desk, seat, session, rules, client, lang, t],
  );
  return { acknowledge, busy };
}

/** Words for a document: without the marks that keep a name in its direction on the screen. */
function plain(text: string): string {
  return text.replace(/[\u2066-\u2069]/g, '');
}
