import { useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useDesk } from '@/api/context';
import type { OpenedCase, VerifiedDirectory } from '@/api/desk';
import { useI18n, useT } from '@/i18n/react';
import { openingAct, otherSide, useCase, useCaseAbilities, useGo } from '@/parts/case';
import { Remote, useDirectory, useProblemText, useRules, useSeat, useSession } from '@/parts/desk';
import { beginDraft, newDraftId } from '@/parts/draft';
import type { Rulebook } from '@/forms';
import { useRuleWords } from '@/parts/form';
import { ErrorHere, Loading, NotAllowed, Page } from '@/ui';
import { knownTo } from './known';

/** An act on a case: finds the draft that was begun for it, or begins one, and goes there. */
export function ActScreen() {
  const { reference = '', actType = '' } = useParams({ strict: false }) as { reference?: string; actType?: string };
  const title = useT()('case.title');
  const seat = useSeat();
  const rules = useRules();
  const directory = useDirectory();
  const opened = useCase(seat?.authority ?? null, reference);
  return (
    <Remote query={rules} title={title}>
      {(book) => (
        <Remote query={directory} title={title}>
          {(known) => <Remote query={opened} title={title}>{(one) => <May rules={book} opened={one} actType={actType}><Begin rules={book} directory={known} opened={one} authority={seat?.authority ?? ''} actType={actType} /></May>}</Remote>}
        </Remote>
      )}
    </Remote>
  );
}

/** No draft is begun for what the hub would refuse: it says so before the first question. Without a line it may be begun. */
function May({ rules, opened, actType, children }: { rules: Rulebook; opened: OpenedCase; actType: string; children: ReactNode }) {
  const { t } = useI18n();
  const words = useRuleWords(rules);
  const abilities = useCaseAbilities(opened.file.case);
  if (abilities.isError) return children;
  if (!abilities.data) return <Page title={t('state.loading')}><Loading /></Page>;
  const ability = abilities.data.find((one) => one.act === actType);
  if (ability?.allowed) return children;
  return (
    <Page title={ability ? words.act(actType) : t('case.title')} back={{ href: `/requests/${opened.file.reference}`, label: t('draft.backToCase') }}>
      <NotAllowed>{words.rule(ability?.rule ?? 'api.not_found')}</NotAllowed>
    </Page>
  );
}

/** A thread that opens in a case stands on the ground of the case where its kind knows that ground, else on its own first one. */
function basisOf(rules: Rulebook, actType: string, ofCase: string): string {
  const own = rules.kindOf(actType)?.basis ?? [];
  return own.includes(ofCase) ? ofCase : (own[0] ?? ofCase);
}

function Begin({ rules, directory, opened, authority, actType }: { rules: Rulebook; directory: VerifiedDirectory; opened: OpenedCase; authority: string; actType: string }) {
  const { t, lang } = useI18n();
  const desk = useDesk();
  const go = useGo();
  const session = useSession();
  const problem = useProblemText();
  const [failed, setFailed] = useState<unknown>(null);
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    const { file } = opened;
    const find = async (): Promise<string> => {
      const drafts = await desk.listDrafts();
      for (const summary of drafts) {
        const draft = await desk.loadDraft(summary.id);
        if (draft?.content.intention.case === file.case && draft.content.intention.type === actType) return draft.id;
      }
      const id = newDraftId();
      const other = otherSide(file, authority);
      const thread = file.threads.find((one) => one.kind === rules.kindOf(actType)?.kind);
      const language = typeof openingAct(opened)?.document?.answers['language'] === 'string' && openingAct(opened)?.mine ? String(openingAct(opened)?.document?.answers['language']) : lang;
      await desk.saveDraft(beginDraft(rules, id, {
        type: actType, authority, to: [other], case: file.case, reference: file.reference, basis: thread?.basis ?? basisOf(rules, actType, file.basis), language,
        known: knownTo(session, directory, authority, other, language, file.reference, openingAct(opened)?.document?.answers ?? {}),
      }));
      return id;
    };
    find().then((id) => go(`/drafts/${id}`, 'replace'), setFailed);
  }, [rules, directory, opened, authority, actType, desk, go, session, lang]);
  return (
    <Page title={rules.word(lang, `act.${actType}`) ?? t('state.loading')}>
      {failed === null ? <Loading /> : <ErrorHere text={problem(failed).text} />}
    </Page>
  );
}
