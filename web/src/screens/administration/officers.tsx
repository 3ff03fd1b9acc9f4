import { useState } from 'react';
import type { DirectoryDevice, DirectoryOfficer, VerifiedDirectory } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { useConnection, useWords, type Seat } from '@/parts/desk';
import { Button, Empty, Id, Table, Tag, Time } from '@/ui';
import { AppointDialog } from './appoint';
import { GrantDialog, InviteDialog, RevokeDialog, type Target } from './dialogs';

type Asked = { what: 'appoint' } | { what: 'invite'; officer: string } | { what: 'revoke'; target: Target } | { what: 'grant'; device: string } | null;

/** Officers of the authority with their devices. The newest mandate first; who has left stays listed, for their acts remain. */
export function Officers({ directory, seat, admin }: { directory: VerifiedDirectory; seat: Seat; admin: boolean }) {
  const { t } = useI18n();
  const { online } = useConnection();
  const [asked, setAsked] = useState<Asked>(null);
  const close = () => setAsked(null);
  const officers = directory.officers.filter((one) => one.authority === seat.authority).sort((a, b) => Number(a.status !== 'active') - Number(b.status !== 'active') || b.until.localeCompare(a.until));
  return (
    <>
      {admin && <div className="actions"><Button kind="primary" onPress={() => setAsked({ what: 'appoint' })} blocked={online ? undefined : t('admin.offline')}>{t('admin.appoint')}</Button></div>}
      {officers.length === 0 && <Empty title={t('admin.officers.none')} />}
      {officers.map((officer) => <Officer key={officer.officer} officer={officer} admin={admin} me={officer.officer === seat.officer} hasRing={directory.authorities.some((one) => one.authority === seat.authority && one.ring)} onAsk={setAsked} />)}
      {asked?.what === 'appoint' && <AppointDialog authority={seat.authority} onClose={close} onAppointed={(officer) => setAsked({ what: 'invite', officer })} />}
      {asked?.what === 'invite' && <InviteDialog authority={seat.authority} officer={asked.officer} onClose={close} />}
      {asked?.what === 'revoke' && <RevokeDialog authority={seat.authority} target={asked.target} onClose={close} />}
      {asked?.what === 'grant' && <GrantDialog authority={seat.authority} device={asked.device} onClose={close} />}
    </>
  );
}

function Officer({ officer, admin, me, hasRing, onAsk }: { officer: DirectoryOfficer; admin: boolean; me: boolean; hasRing: boolean; onAsk: (asked: Asked) => void }) {
  const { t, format } = useI18n();
  const words = useWords();
  const active = officer.status === 'active';
  const lab = t('admin.officer');
  return (
    <section className="panel officer" aria-label={`${lab} ${officer.officer}`}>
      <div className="pagehead">
        <div>
          <h2><Id>{officer.officer}</Id> {me && <Tag tone="new">{t('admin.you')}</Tag>}</h2>
          <p>{format.list(officer.roles.map((role) => words.role(role)))}</p>
          <p className="small">{active ? t('admin.until') : t('admin.left')} <Time at={officer.until} /></p>
        </div>
        {admin && active && (
          <div className="actions">
            <Button small onPress={() => onAsk({ what: 'invite', officer: officer.officer })}>{t('admin.invite')}</Button>
            <Button small kind="quiet" onPress={() => onAsk({ what: 'revoke', target: { subject: officer.officer } })}>{t('admin.revoke.officer')}</Button>
          </div>
        )}
      </div>
      {officer.devices.length === 0 ? <p className="mute">{t('admin.devices.none')}</p> : <Devices officer={officer} admin={admin} hasRing={hasRing} onAsk={onAsk} />}
    </section>
  );
}

function Devices({ officer, admin, hasRing, onAsk }: { officer: DirectoryOfficer; admin: boolean; hasRing: boolean; onAsk: (asked: Asked) => void }) {
  const { t } = useI18n();
  const state = (device: DirectoryDevice) => (device.status === 'revoked' ? <span className="mute">{t('admin.device.revoked')}</span> : hasRing && !device.ringMember ? <Tag tone="warn" icon>{t('admin.device.noRing')}</Tag> : <Tag tone="ok" icon>{t('admin.device.works')}</Tag>);
  const actions = (device: DirectoryDevice) =>
    admin && device.status === 'active' ? (
      <span className="meta">
        {hasRing && !device.ringMember && <Button small onPress={() => onAsk({ what: 'grant', device: device.kid })}>{t('admin.grant')}</Button>}
        <Button small kind="quiet" label={t('admin.revoke.device.label', { device: device.kid.slice(0, 8) })} onPress={() => onAsk({ what: 'revoke', target: { kid: device.kid } })}>{t('admin.revoke.device')}</Button>
      </span>
    ) : null;
  return (
    <Table
      label={t('admin.devices')}
      rows={officer.devices}
      rowKey={(device) => device.kid}
      columns={[
        { id: 'kid', header: t('admin.device'), cell: (device) => <Id>{`${device.kid.slice(0, 12)}…`}</Id> },
        { id: 'aal', header: t('admin.device.protection'), cell: (device) => t(`admin.aal.${device.aal}`) },
        { id: 'since', header: t('duty.since'), cell: (device) => <Time at={device.since} /> },
        { id: 'state', header: t('cases.state'), cell: state },
        ...(admin ? [{ id: 'do', header: t('ui.moreActions'), cell: actions }] : []),
      ]}
    />
  );
}
