import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '@/api/context';
import type { Prepared } from '@/api/desk';
import { DeskError } from '@/api/error';
import { fieldsOfForm, tidyAnswers } from '@/forms';
import { useI18n } from '@/i18n/react';
import { useGo } from '@/parts/case';
import { Remote, useConnection, useProblemText, useWords } from '@/parts/desk';
import { filesOf, intentionOf, referenceOf, useForgetDraft } from '@/parts/draft';
import { faultsOf, FormView, ViewPart } from '@/parts/form';
import { Button, ButtonLink, Facts, Id, Notice, Page, Time, UserText, WhoCanRead } from '@/ui';
import { DraftOver, WithDraft, type DraftFrame } from '../draft/frame';

/** Everything that will be signed, who can read it, what the hub sees, what is recorded. The key is asked when the button is pressed, not before. */
export function CheckScreen() {
  return <WithDraft>{(frame) => <Check frame={frame} />}</WithDraft>;
}

function Check({ frame }: { frame: DraftFrame }) {
  const { t } = useI18n();
  const desk = useDesk();
  const { open, form } = frame;
  const answers = tidyAnswers(form, open.draft.content.answers);
  const intention = intentionOf(open.draft, answers);
  const prepared = useQuery({ queryKey: ['prepared', frame.id, intention], queryFn: () => desk.prepare(intention), staleTime: Infinity, gcTime: 0, retry: false });
  return (
    <Page title={t('draft.task.check')} over={<DraftOver frame={frame} />} back={{ href: `/drafts/${frame.id}`, label: t('draft.backToTasks') }} hasError={(prepared.data?.defects.length ?? 0) > 0}>
      <Answers frame={frame} />
      <Remote query={prepared}>{(one) => <Sign frame={frame} prepared={one} onAgain={() => void prepared.refetch()} />}</Remote>
    </Page>
  );
}

function Answers({ frame }: { frame: DraftFrame }) {
  const { t, format } = useI18n();
  const { id, rules, words, form, open, given } = frame;
  const { content } = open.draft;
  const files = filesOf(open.draft);
  const translation = content.translations[0];
  return (
    <>
      {content.intention.summary !== '' && (
        <ViewPart title={t('draft.task.summary')} changeHref={`/drafts/${id}/summary`}><p><UserText lang={content.intention.language}>{content.intention.summary}</UserText></p></ViewPart>
      )}
      <FormView
        rules={rules} words={words} form={form} answers={content.answers} basis={content.intention.basis} profile={given.profile} lang={content.intention.language} unanswered
        changeHref={(section) => `/drafts/${id}/part/${section}`} translation={translation && { lang: translation.language, answers: translation.answers }}
      />
      {files.length > 0 && (
        <ViewPart title={t('draft.task.files')} changeHref={`/drafts/${id}/files`}>
          <ul className="plain">{files.map((file) => <li key={file.fid}><bdi>{file.name}</bdi>, {format.bytes(file.size)}</li>)}</ul>
        </ViewPart>
      )}
    </>
  );
}

function Sign({ frame, prepared, onAgain }: { frame: DraftFrame; prepared: Prepared; onAgain: () => void }) {
  const { t, format } = useI18n();
  const desk = useDesk();
  const go = useGo();
  const queries = useQueryClient();
  const forget = useForgetDraft();
  const problem = useProblemText();
  const names = useWords();
  const { online } = useConnection();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const { id, words, form, open } = frame;
  const reference = referenceOf(open.draft);
  if (prepared.defects.length > 0) {
    const faults = faultsOf(prepared.defects as Parameters<typeof faultsOf>[0], form.form, words);
    return (
      <Notice tone="bad">
        <p><strong>{t('sign.defects', { n: faults.length })}</strong></p>
        <ul className="plain">{faults.map((fault) => <li key={fault.field}>{fault.message}</li>)}</ul>
        <ButtonLink href={`/drafts/${id}`}>{t('draft.backToTasks')}</ButtonLink>
      </Notice>
    );
  }
  const send = async () => {
    setBusy(true);
    setFailed(null);
    try {
      const sent = await desk.send(prepared.id);
      queries.setQueryData(['sent', sent.id], sent);
      await forget(id);
      await queries.invalidateQueries({ queryKey: ['case'] });
      go(`/receipt/${sent.id}`, 'replace');
    } catch (error) {
      if (error instanceof DeskError && error.rule === 'desk.offline') {
        await forget(id);
        go('/outbox', 'replace');
        return;
      }
      setFailed(error);
      setBusy(false);
    }
  };
  const refused = prepared.rehearsal !== null && !prepared.rehearsal.allowed ? prepared.rehearsal : null;
  const shown = (name: string, value: unknown): string => {
    const schema = fieldsOfForm(form).find((field) => field.field === name)?.schema;
    if (typeof value === 'boolean') return t(value ? 'forms.yes' : 'forms.no');
    if (typeof value !== 'string') return String(value);
    if (words.rules.knowsBasis(value)) return `${words.cite(value).instrument} \u2066${words.cite(value).article}\u2069`;
    if (schema?.type === 'string' && schema.vocab !== undefined) return words.code(schema.vocab, value);
    return schema?.type === 'string' && schema.format === 'date' ? format.day(value) : value;
  };
  const hubSees = Object.entries(prepared.hubSees).map(([name, value]) => `${fieldName(words, form.form, name)} (${shown(name, value)})`);
  return (
    <section className="panel" aria-labelledby="sign-title">
      <h2 id="sign-title">{t('sign.title')}</h2>
      <WhoCanRead readers={{ voice: 'other', who: prepared.readers.map((one) => names.authority(one)) }} hubSees={[t('sign.hub.countries'), names.kind(open.draft.kind), ...hubSees]} />
      <Facts
        facts={[
          [t('sign.to'), format.list(prepared.intention.to.map((one) => names.authority(one)))],
          reference === null ? null : [t('sign.case'), <Id>{reference}</Id>],
          [t('sign.by'), <Id>{prepared.signer}</Id>],
          [t('sign.for'), names.authority(prepared.intention.authority)],
          [t('sign.assurance'), words.assurance(prepared.assurance)],
          [t('sign.recorded'), t('sign.recorded.text')],
          prepared.sealedBytes === 0 ? null : [t('sign.size'), format.bytes(prepared.sealedBytes)],
        ]}
      />
      {prepared.removed.length > 0 && <Notice tone="warn">{t('sign.removed', { fields: format.list(prepared.removed.map((one) => words.field(form.form, one))) })}</Notice>}
      {prepared.newKeys.map((key) => (
        <Notice key={key.kid} tone="warn">
          <p>{t('sign.newKey', { who: names.authority(key.authority), generation: key.generation })} <Time at={key.since} /></p>
          <p><Id long>{key.kid}</Id></p>
        </Notice>
      ))}
      {refused && <Notice tone="bad"><p><strong>{t('sign.refused')}</strong></p><p>{refused.rule !== null && words.has(`rule.${refused.rule}`) ? words.rule(refused.rule) : (refused.title ?? refused.rule)}</p></Notice>}
      {!online && <Notice tone="info">{t('sign.offline')}</Notice>}
      {failed !== null && <Notice tone="bad" live><p>{problem(failed).text}</p></Notice>}
      <p>{t('sign.finality', { who: format.list(prepared.intention.to.map((one) => names.countryOf(one))) })}</p>
      <div className="actions">
        <Button kind="primary" busy={busy} onPress={() => void send()} blocked={refused ? t('sign.refused') : undefined}>{prepared.assurance === 'session' ? t('sign.send.session') : t('sign.send')}</Button>
        <ButtonLink href={`/drafts/${id}`}>{t('sign.later')}</ButtonLink>
        {refused && <Button kind="quiet" onPress={onAgain}>{t('ui.tryAgain')}</Button>}
      </div>
    </section>
  );
}

function fieldName(words: DraftFrame['words'], form: string, name: string): string {
  const key = `field.${form}.${name}`;
  return words.has(key) ? words.word(key) : name;
}
