import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useDesk } from '@/api/context';
import type { NewcomerEnrolment } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { useProblemText, useWords } from '@/parts/desk';
import { Button, ErrorSummary, Facts, Id, Notice, Page, TextField, Time } from '@/ui';
import { groupedCode, readCode } from './code';

/** An officer's first minute: the code of the invitation, keys made in this browser, four words over the telephone. */
export function EnrolScreen() {
  const { t } = useI18n();
  const desk = useDesk();
  const words = useWords();
  const problem = useProblemText();
  const [code, setCode] = useState(() => groupedCode(location.hash.slice(1)));
  const [name, setName] = useState('');
  const [faults, setFaults] = useState<{ field: string; message: string }[]>([]);
  useEffect(() => {
    // The code must not stay in the history of a shared machine.
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
  }, []);
  const look = useMutation({ mutationFn: (typed: string) => desk.openInvitation(typed) });
  const enrol = useMutation({ mutationFn: () => desk.enrol(readCode(code) ?? '', name.trim()) });

  if (enrol.data) return <Waiting newcomer={enrol.data} />;
  const check = () => {
    const found = [
      ...(readCode(code) === null ? [{ field: 'code', message: t('enrol.code.wrong') }] : []),
      ...(name.trim() === '' ? [{ field: 'name', message: t('enrol.name.missing') }] : []),
    ];
    setFaults(found);
    const typed = readCode(code);
    if (found.length === 0 && typed !== null) look.mutate(typed);
  };
  const fault = (field: string) => faults.find((one) => one.field === field)?.message;
  const error = look.error ?? enrol.error;
  return (
    <Page title={t('enrol.title')} lead={t('enrol.lead')} reading back={{ href: '/sign-in', label: t('ui.back') }} hasError={faults.length > 0}>
      <ErrorSummary faults={faults} />
      {error && <Notice tone="bad" live><p>{problem(error).text}</p></Notice>}
      {look.data ? (
        <>
          <p>{t('enrol.found')}</p>
          <Facts facts={[[t('enrol.authority'), words.authority(look.data.authority)], [t('enrol.officer'), <Id key="o">{look.data.officer}</Id>], [t('enrol.until'), <Time key="u" at={look.data.expiresAt} />]]} />
          <Notice><p>{t('enrol.found.check')}</p></Notice>
          <p>{t('enrol.keys')}</p>
          <div className="actions">
            <Button kind="primary" busy={enrol.isPending} onPress={() => enrol.mutate()}>{t('enrol.make')}</Button>
            <Button onPress={() => look.reset()}>{t('ui.back')}</Button>
          </div>
        </>
      ) : (
        <form className="stack" noValidate onSubmit={(event) => { event.preventDefault(); check(); }}>
          <TextField id="code" label={t('enrol.code')} hint={t('enrol.code.hint')} error={fault('code')} identifier autoComplete="off" value={code} onChange={(typed) => setCode(groupedCode(typed))} />
          <TextField id="name" label={t('enrol.name')} hint={t('enrol.name.hint')} error={fault('name')} autoComplete="name" value={name} onChange={setName} />
          <Button kind="primary" type="submit" busy={look.isPending}>{t('enrol.continue')}</Button>
        </form>
      )}
    </Page>
  );
}

/** The four words, to be read aloud; then the desk waits for the administrator. */
function Waiting({ newcomer }: { newcomer: NewcomerEnrolment }) {
  const { t } = useI18n();
  const desk = useDesk();
  const navigate = useNavigate();
  const { kid } = newcomer.identity;
  const state = useQuery({ queryKey: ['enrolment', kid], queryFn: () => desk.enrolmentState(kid), refetchInterval: (query) => (query.state.data === 'pending' || !query.state.data ? 4000 : false) });
  const signIn = useMutation({ mutationFn: () => desk.signIn(kid), onSuccess: () => navigate({ to: '/duty' }) });
  if (state.data === 'refused')
    return <Page title={t('enrol.refused.title')} reading><p>{t('enrol.refused.text')}</p></Page>;
  if (state.data === 'admitted')
    return (
      <Page title={t('enrol.admitted.title')} lead={t('enrol.admitted.text')} reading>
        <div className="actions"><Button kind="primary" busy={signIn.isPending} onPress={() => signIn.mutate()}>{t('signin.action')}</Button></div>
      </Page>
    );
  return (
    <Page title={t('enrol.words.title')} lead={t('enrol.words.lead')} reading>
      <ol className="fourwords" lang="en" dir="ltr">{newcomer.words.map((word) => <li key={word}>{word}</li>)}</ol>
      <Notice tone="warn"><p>{t('enrol.words.warn')}</p></Notice>
      <p role="status">{t('enrol.words.waiting')} <Time at={newcomer.expiresAt} /></p>
    </Page>
  );
}
