import { useLocation, useNavigate } from '@tanstack/react-router';
import { Globe, Lock, LogOut, UserRound, Volume2, VolumeX } from 'lucide-react';
import { useDesk } from '@/api/context';
import { isLang, LANGUAGE_NAMES, LANGUAGES } from '@/i18n/locale';
import { useI18n } from '@/i18n/react';
import { useAlarm } from '@/parts/alarm';
import { changeSettings, readsCases, useSession, useSettings, useWords, type Seat } from '@/parts/desk';
import { Button, keyOf, MenuButton, useNow } from '@/ui';

/** What the night officer looks up at: am I on duty, does the alarm work, what time is it here and in UTC, who am I. */
export function DutyStrip({ seat }: { seat: Seat }) {
  const { t } = useI18n();
  return (
    <header className="strip" aria-label={t('strip.label')}>
      {readsCases(seat) ? <Duty seat={seat} /> : <span />}
      <div className="who">
        <Times />
        <LanguageMenu />
        <PersonMenu seat={seat} />
      </div>
    </header>
  );
}

function Duty({ seat }: { seat: Seat }) {
  const { t, format } = useI18n();
  const words = useWords();
  const alarm = useAlarm();
  const navigate = useNavigate();
  const there = useLocation().pathname === '/duty';
  if (!alarm.armed || !alarm.since) {
    const nobody = alarm.duty?.listening === false && seat.roles.includes('duty-officer');
    return (
      <div className="who">
        <span className={nobody ? 'bad' : undefined}>
          <VolumeX className="icon" size={16} aria-hidden /> {nobody ? t('strip.nobody', { authority: words.authority(seat.authority) }) : t('strip.offDuty')}
        </span>
        {!there && <Button small onPress={() => void navigate({ to: '/duty' })}>{t('strip.startDuty')}</Button>}
      </div>
    );
  }
  const time = format.time(alarm.since);
  const blocked = alarm.sound !== 'on';
  const ringing = alarm.rings.some((ring) => ring.class === 'A');
  return (
    <div className="who">
      <span className={blocked ? 'bad' : undefined}>
        {blocked ? <VolumeX className="icon" size={16} aria-hidden /> : <Volume2 className="icon" size={16} aria-hidden />}{' '}
        {alarm.silentUntil !== null ? t('strip.silent', { time: format.time(new Date(alarm.silentUntil)) }) : t(blocked ? 'strip.onDuty.blocked' : 'strip.onDuty', { time })}
      </span>
      {blocked ? <Button small onPress={() => void alarm.test()}>{t('strip.unblock')}</Button> : <Button small kind="quiet" onPress={() => void alarm.test()}>{t('strip.testAlarm')}</Button>}
      {ringing && alarm.silentUntil === null && (
        <Button small keys={keyOf('alarm.silence')} onPress={alarm.silence}>
          {t('strip.silence')}
        </Button>
      )}
      {!there && <Button small kind="quiet" onPress={() => void navigate({ to: '/duty' })}>{t('strip.endDuty')}</Button>}
    </div>
  );
}

function Times() {
  const { t, format } = useI18n();
  const now = new Date(useNow());
  return <span className="num nowrap wide">{t('strip.times', { local: format.time(now), utc: format.time(now, 'UTC') })}</span>;
}

export function LanguageMenu() {
  const { t, lang } = useI18n();
  return (
    <MenuButton
      quiet
      icon={Globe}
      label={LANGUAGE_NAMES[lang]}
      describe={t('strip.language')}
      entries={LANGUAGES.map((id) => ({ id, label: LANGUAGE_NAMES[id], lang: id }))}
      onAction={(id) => isLang(id) && changeSettings({ lang: id })}
    />
  );
}

function PersonMenu({ seat }: { seat: Seat }) {
  const { t } = useI18n();
  const desk = useDesk();
  const words = useWords();
  const session = useSession();
  const { authority } = useSettings();
  const name = (session.state === 'open' && session.identity.name) || words.role(seat.roles[0] ?? 'administrator');
  const others = seat.me.authorities.filter((one) => one.authority !== seat.authority);
  const act = (id: string) => {
    if (id === 'lock') void desk.lock();
    else if (id === 'sign-out') void desk.signOut();
    else if (id !== authority) changeSettings({ authority: id });
  };
  return (
    <MenuButton
      quiet
      icon={UserRound}
      label={name}
      describe={words.authority(seat.authority)}
      entries={[
        ...others.map((one) => ({ id: one.authority, label: `${t('strip.actFor')} ${words.authority(one.authority)}` })),
        { id: 'lock', label: t('strip.lock'), icon: Lock },
        { id: 'sign-out', label: t('strip.signOut'), icon: LogOut },
      ]}
      onAction={act}
    />
  );
}

/** For whoever has not signed in yet. */
export function VisitorStrip() {
  return (
    <header className="strip">
      <strong className="wordmark">
        <bdi>Entraide</bdi>
      </strong>
      <LanguageMenu />
    </header>
  );
}
