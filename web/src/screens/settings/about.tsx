import { useMutation } from '@tanstack/react-query';
import { useDesk } from '@/api/context';
import { useI18n } from '@/i18n/react';
import { Remote, useProblemText, useRules, useSession, useStatus } from '@/parts/desk';
import { Button, Facts, Id, Notice } from '@/ui';

/** Which hub, which rules, which desk; and a check of the ledger on demand. */
export function About() {
  const { t, format } = useI18n();
  const desk = useDesk();
  const status = useStatus();
  const rules = useRules().data;
  const problem = useProblemText();
  const signedIn = useSession().state === 'open';
  const check = useMutation({ mutationFn: () => desk.checkLedger() });
  return (
    <section aria-labelledby="about">
      <h2 id="about">{t('settings.about')}</h2>
      <Remote query={status} rows={2}>
        {(hub) => {
          const bundle = (hub as { desk?: string | null }).desk;
          return (
            <Facts
              facts={[
                [t('settings.about.hub'), `${hub.name}, ${hub.version}`],
                [t('settings.about.rules'), rules ? <span key="r">{rules.version} <Id>{rules.digest.slice(0, 12)}</Id></span> : null],
                [t('settings.about.ledger'), t('settings.about.entries', { n: hub.tree_size })],
                hub.genesis ? [t('settings.about.genesis'), <Id key="g" long what={t('settings.about.genesis')}>{hub.genesis}</Id>] : null,
                bundle ? [t('settings.about.desk'), <Id key="d" long what={t('settings.about.desk')}>{bundle}</Id>] : null,
              ]}
            />
          );
        }}
      </Remote>
      {signedIn && <div className="actions"><Button busy={check.isPending} onPress={() => check.mutate()}>{t('settings.check')}</Button></div>}
      {check.data && <Notice tone={check.data.verdict.good ? 'ok' : 'bad'} live><p>{t(check.data.verdict.good ? 'settings.check.good' : 'settings.check.bad', { n: check.data.size, time: format.time(new Date(check.data.checkedAt)) })}</p></Notice>}
      {check.error && <Notice tone="bad" live><p>{problem(check.error).text}</p></Notice>}
    </section>
  );
}
