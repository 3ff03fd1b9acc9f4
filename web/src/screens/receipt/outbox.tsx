import { useEffect, useState } from 'react';
import { useDesk } from '@/api/context';
import type { OutboxItem } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { useConnection, useProblemText, useWords } from '@/parts/desk';
import { Button, Dialog, Empty, Loading, Notice, Page, Table, Tag, Time } from '@/ui';

/** Signed and not yet sent. Older than a quarter of an hour, a person must say again that it goes. */
export function OutboxScreen() {
  const { t } = useI18n();
  const desk = useDesk();
  const problem = useProblemText();
  const words = useWords();
  const { online } = useConnection();
  // Null until it is known: "nothing waits" is not said before.
  const [items, setItems] = useState<readonly OutboxItem[] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [dropping, setDropping] = useState<OutboxItem | null>(null);
  useEffect(() => {
    desk.outbox().then(setItems, setFailed);
    return desk.onOutbox(setItems);
  }, [desk]);
  const run = (work: Promise<void>) => {
    setFailed(null);
    work.catch(setFailed);
  };
  const blocked = online ? undefined : t('outbox.offline');
  return (
    <Page title={t('outbox.title')} lead={t('outbox.lead')} actions={(items ?? []).length > 0 && <Button kind="primary" blocked={blocked} onPress={() => run(desk.sendWaiting())}>{t('outbox.sendAll')}</Button>}>
      {failed !== null && <Notice tone="bad" live>{problem(failed).text}</Notice>}
      {items === null && failed === null && <Loading rows={2} />}
      {items?.length === 0 && <Empty title={t('outbox.empty')} />}
      {items !== null && items.length > 0 && (
        <Table<OutboxItem>
          label={t('outbox.title')} rows={items} rowKey={(item) => item.id}
          columns={[
            { id: 'what', header: t('receipt.what'), cell: (item) => words.act(item.type) },
            { id: 'to', header: t('sign.to'), cell: (item) => item.to.map((one) => words.authority(one)).join(', ') },
            { id: 'when', header: t('outbox.signed'), cell: (item) => <Time at={item.signedAt} /> },
            { id: 'state', header: t('outbox.state'), cell: (item) => <><Tag tone={item.state === 'refused' ? 'late' : item.state === 'confirm' ? 'warn' : 'new'}>{t(`outbox.state.${item.state}`)}</Tag> {item.rule !== null && words.word(`rule.${item.rule}`)}</> },
            {
              id: 'do', header: t('outbox.do'),
              cell: (item) => (
                <div className="actions">
                  {item.state === 'confirm' && <Button small onPress={() => run(desk.sendWaiting([item.id]))} {...(blocked === undefined ? {} : { blocked })}>{t('outbox.confirm')}</Button>}
                  {item.state !== 'sending' && <Button small kind="quiet" onPress={() => setDropping(item)}>{t('outbox.drop')}</Button>}
                </div>
              ),
            },
          ]}
        />
      )}
      <Dialog
        title={t('outbox.drop.question')} isOpen={dropping !== null} onClose={() => setDropping(null)} alert
        actions={<><Button onPress={() => { if (dropping) run(desk.dropWaiting(dropping.id)); setDropping(null); }}>{t('outbox.drop')}</Button><Button onPress={() => setDropping(null)}>{t('outbox.drop.keep')}</Button></>}
      >
        <p>{t('outbox.drop.text')}</p>
      </Dialog>
    </Page>
  );
}
