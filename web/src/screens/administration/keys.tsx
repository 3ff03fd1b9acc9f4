import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '@/api/context';
import type { VerifiedDirectory } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { useConnection, useProblemText, type Seat } from '@/parts/desk';
import { Button, Checkbox, Dialog, Empty, Facts, Id, Notice, ProofMark, Time } from '@/ui';

/** The authority's keys for reading: which generation, who holds it, and a new one when somebody has left. */
export function Keys({ directory, seat, admin }: { directory: VerifiedDirectory; seat: Seat; admin: boolean }) {
  const { t } = useI18n();
  const { online } = useConnection();
  const [asked, setAsked] = useState(false);
  const own = directory.authorities.find((one) => one.authority === seat.authority);
  const devices = directory.officers.filter((one) => one.authority === seat.authority && one.status === 'active').flatMap((one) => one.devices).filter((one) => one.status === 'active');
  return (
    <div className="reading">
      <h2>{t('admin.keys.title')}</h2>
      <p>{t('admin.keys.text')}</p>
      {own?.ring ? (
        <Facts
          facts={[
            [t('admin.keys.generation'), String(own.ring.generation)],
            [t('duty.since'), <Time key="s" at={own.ring.since} />],
            [t('admin.keys.key'), <Id key="k" long what={t('admin.keys.key')}>{own.ring.kid}</Id>],
            [t('admin.keys.holders'), t('admin.keys.holders.count', { n: devices.filter((one) => one.ringMember).length, all: devices.length })],
          ]}
        />
      ) : (
        <Empty title={t('admin.due.noRing')} />
      )}
      {own?.ringStale && <Notice tone="warn"><p>{t('admin.due.ringStale')}</p></Notice>}
      {admin && <div className="actions"><Button kind={own?.ringStale || !own?.ring ? 'primary' : 'plain'} onPress={() => setAsked(true)} blocked={online ? undefined : t('admin.offline')}>{t('admin.keys.new')}</Button></div>}
      {asked && <NewRing authority={seat.authority} reader={seat.officer !== seat.authority} onClose={() => setAsked(false)} />}
    </div>
  );
}

/** `reader`: this identity holds a device that opens the ring, so that its history can go along. */
function NewRing({ authority, reader, onClose }: { authority: string; reader: boolean; onClose: () => void }) {
  const { t } = useI18n();
  const desk = useDesk();
  const client = useQueryClient();
  const problem = useProblemText();
  const [history, setHistory] = useState(reader);
  const make = useMutation({ mutationFn: () => desk.newRing(authority, history), onSuccess: () => client.invalidateQueries({ queryKey: ['directory'] }) });
  if (make.data)
    return (
      <Dialog title={t('admin.keys.made')} isOpen onClose={onClose} actions={<Button kind="primary" onPress={onClose}>{t('ui.close')}</Button>}>
        <p><ProofMark proof={make.data.verdict.good ? { state: 'verified', index: make.data.index } : { state: 'failed' }} /></p>
      </Dialog>
    );
  return (
    <Dialog alert title={t('admin.keys.new.title')} isOpen onClose={onClose} actions={<><Button kind="primary" busy={make.isPending} onPress={() => make.mutate()}>{t('admin.keys.new')}</Button><Button onPress={onClose}>{t('ui.cancel')}</Button></>}>
      <p>{t('admin.keys.new.text')}</p>
      {!reader && <p>{t('admin.keys.historyElsewhere')}</p>}
      {reader && <Checkbox value={history} onChange={setHistory} hint={t('admin.keys.history.hint')}>{t('admin.keys.history')}</Checkbox>}
      {make.error && <Notice tone="bad" live><p>{problem(make.error).text}</p></Notice>}
      <p className="mute">{t('admin.recorded')}</p>
    </Dialog>
  );
}
