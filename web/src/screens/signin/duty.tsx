import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useI18n } from '@/i18n/react';
import { useAlarm, type AlarmState } from '@/parts/alarm';
import { changeSettings, useConnection, useSeat, useSettings, useWords } from '@/parts/desk';
import { Button, ButtonLink, Facts, Id, Link, Notice, Page, Table, Tag, TextField, Time } from '@/ui';

type Heard = 'not-tested' | 'asking' | 'heard' | 'not-heard';

/** Start of duty: hear the alarm, say where to call back, begin. End of duty: what is still open, and off. */
export function DutyScreen() {
  return useSeat() && <Duty />;
}

function Duty() {
  const alarm = useAlarm();
  return alarm.armed ? <End alarm={alarm} /> : <Start alarm={alarm} />;
}

function Start({ alarm }: { alarm: AlarmState }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const { telephone } = useSettings();
  const { skewSeconds } = useConnection();
  const [heard, setHeard] = useState<Heard>('not-tested');
  const test = () => void alarm.test().then((sound) => setHeard(sound === 'on' ? 'asking' : 'not-heard'));
  const start = () => void alarm.arm().then(() => navigate({ to: '/' }));
  return (
    <Page title={t('duty.start.title')} lead={t('duty.start.lead')} reading back={{ href: '/', label: t('nav.inbox') }}>
      <Others alarm={alarm} />
      <p><Link href="/handover">{t('duty.handover.read')}</Link></p>
      <h2>{t('duty.alarm.title')}</h2>
      <p>{t('duty.alarm.text')}</p>
      <div className="actions"><Button kind={heard === 'heard' ? 'plain' : 'primary'} onPress={test}>{t('command.alarm.test')}</Button></div>
      {heard === 'asking' && (
        <Notice live>
          <p>{t('duty.alarm.asked')}</p>
          <div className="actions">
            <Button small onPress={() => setHeard('heard')}>{t('duty.alarm.yes')}</Button>
            <Button small onPress={() => setHeard('not-heard')}>{t('duty.alarm.no')}</Button>
          </div>
        </Notice>
      )}
      {heard === 'heard' && <Notice tone="ok" live><p>{t('duty.alarm.works')}</p></Notice>}
      {heard === 'not-heard' && <Notice tone="bad" live><p>{t(alarm.sound === 'blocked' ? 'duty.alarm.blocked' : 'duty.alarm.unheard')}</p></Notice>}
      <h2>{t('duty.back.title')}</h2>
      <TextField label={t('duty.back.label')} hint={t('duty.back.hint')} optional identifier type="tel" autoComplete="tel" value={telephone} onChange={(value) => changeSettings({ telephone: value.slice(0, 60) })} />
      <h2>{t('duty.clock.title')}</h2>
      <p>{skewSeconds === null ? t('duty.clock.unknown') : Math.abs(skewSeconds) < 60 ? t('duty.clock.right') : t('band.skew', { n: Math.abs(Math.round(skewSeconds)) })}</p>
      <div className="actions"><Button kind={heard === 'heard' ? 'primary' : 'plain'} onPress={start}>{t('strip.startDuty')}</Button></div>
      <p className="mute">{t('duty.start.note')}</p>
    </Page>
  );
}

function Others({ alarm }: { alarm: AlarmState }) {
  const { t } = useI18n();
  const seat = useSeat();
  const words = useWords();
  if (!seat || !alarm.duty) return null;
  const others = alarm.duty.officers.filter((one) => one.officer !== seat.officer && one.armed);
  if (others.length === 0)
    return <Notice tone={alarm.duty.listening ? 'info' : 'warn'}><p>{alarm.duty.listening ? t('duty.others.none') : t('strip.nobody', { authority: words.authority(seat.authority) })}</p></Notice>;
  return <Table label={t('duty.others')} rows={others} rowKey={(one) => one.officer} columns={[{ id: 'who', header: t('duty.others'), cell: (one) => <Id>{one.officer}</Id> }, { id: 'since', header: t('duty.since'), cell: (one) => <Time at={one.since} /> }]} />;
}

function End({ alarm }: { alarm: AlarmState }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const urgent = alarm.rings.filter((ring) => ring.class !== 'C');
  const end = () => {
    alarm.disarm();
    void navigate({ to: '/' });
  };
  return (
    <Page title={t('duty.end.title')} lead={t('duty.end.lead')} reading back={{ href: '/', label: t('nav.inbox') }}>
      <Others alarm={alarm} />
      <Facts facts={[alarm.since && [t('duty.since'), <Time key="s" at={alarm.since} />], [t('duty.end.open'), t('shell.count', { n: alarm.rings.length })]]} />
      {urgent.length > 0 && (
        <>
          <h2>{t('duty.end.urgent')}</h2>
          <Table
            label={t('duty.end.urgent')}
            rows={urgent}
            rowKey={(ring) => ring.id}
            columns={[
              { id: 'reference', header: t('cases.reference'), cell: (ring) => <Id>{ring.reference}</Id> },
              { id: 'due', header: t('cases.due'), cell: (ring) => <Time at={new Date(ring.dueAt)} /> },
              { id: 'class', header: t('duty.class'), cell: (ring) => <Tag tone={ring.class === 'A' ? 'late' : 'warn'} icon>{t(`duty.class.${ring.class}`)}</Tag> },
            ]}
          />
        </>
      )}
      <div className="actions">
        <Button kind="primary" onPress={end}>{t('strip.endDuty')}</Button>
        <ButtonLink href="/handover">{t('duty.handover')}</ButtonLink>
        <Button onPress={() => void navigate({ to: '/' })}>{t('duty.end.stay')}</Button>
      </div>
    </Page>
  );
}
