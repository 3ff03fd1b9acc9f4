import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '@/api/context';
import { useI18n } from '@/i18n/react';
import { Remote, useProblemText, useSession } from '@/parts/desk';
import { Button, Id, Notice, Table, Time } from '@/ui';

/** Passkeys of this device: with one, signing in asks for the person's presence each time. */
export function Passkeys() {
  const { t } = useI18n();
  const desk = useDesk();
  const client = useQueryClient();
  const problem = useProblemText();
  const session = useSession();
  const list = useQuery({ queryKey: ['passkeys'], queryFn: () => desk.passkeys(), retry: false });
  const again = () => client.invalidateQueries({ queryKey: ['passkeys'] });
  const add = useMutation({ mutationFn: () => desk.addPasskey(), onSuccess: again });
  const remove = useMutation({ mutationFn: (id: string) => desk.removePasskey(id), onSuccess: again });
  const error = add.error ?? remove.error;
  const demonstration = session.state === 'open' && session.identity.custody === 'demonstration';
  return (
    <section aria-labelledby="passkeys">
      <h2 id="passkeys">{t('settings.passkeys')}</h2>
      <p>{t('settings.passkeys.text')}</p>
      {error && <Notice tone="bad" live><p>{problem(error).text}</p></Notice>}
      <Remote query={list} rows={1}>
        {(passkeys) =>
          passkeys.length === 0 ? (
            <p className="mute">{t('settings.passkeys.none')}</p>
          ) : (
            <Table label={t('settings.passkeys')} rows={passkeys} rowKey={(one) => one.passkey} columns={[
              { id: 'id', header: t('settings.passkeys'), cell: (one) => <Id>{`${one.passkey.slice(0, 12)}…`}</Id> },
              { id: 'made', header: t('settings.passkeys.made'), cell: (one) => <Time at={one.createdAt} /> },
              { id: 'used', header: t('settings.passkeys.used'), cell: (one) => (one.usedAt ? <Time at={one.usedAt} /> : t('ui.notProvided')) },
              { id: 'remove', header: t('ui.moreActions'), cell: (one) => <Button small onPress={() => remove.mutate(one.passkey)} label={t('ui.remove.what', { what: one.passkey.slice(0, 12) })}>{t('ui.remove')}</Button> },
            ]} />
          )
        }
      </Remote>
      <div className="actions"><Button busy={add.isPending} blocked={demonstration ? t('settings.passkeys.demonstration') : undefined} onPress={() => add.mutate()}>{t('settings.passkeys.add')}</Button></div>
    </section>
  );
}
