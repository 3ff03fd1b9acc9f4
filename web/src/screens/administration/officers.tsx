import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '@/api/context';
import type { DirectoryDevice, DirectoryOfficer, VerifiedDirectory } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { useConnection, useWords, type Seat } from '@/parts/desk';
import { Button, Empty, Id, Table, Tag, Time } from '@/ui';
import { AppointDialog } from './appoint';
import { CertifyDialog } from './certify';
import { GrantDialog, InviteDialog, RevokeDialog, type Target } from './dialogs';

type Asked = { what: 'appoint' } | { what: 'change'; officer: DirectoryOfficer } | { what: 'invite'; officer: string } | { what: 'revoke'; target: Target } | { what: 'grant'; device: string } | { what: 'certify'; device: string } | null;

/** Officers of the authority with their devices. The newest mandate first; who has left stays listed, for their acts remain. */
export function Officers({ directory, seat, admin }: { directory: VerifiedDirectory; seat: Seat; admin: boolean }) {
  const { t } = useI18n();
  const { online } = useConnection();
  const desk = useDesk();
  const issued = useQuery({ queryKey: ['certificates', seat.authority], queryFn: () => desk.certificates(seat.authority), enabled: admin, retry: false });
  // The authority's key is given by a colleague who keeps it.
  const may: May = { administer: admin, grant: seat.roles.includes('ring-admin'), issued: admin ? (issued.data ?? {}) : null };
  const [asked, setAsked] = useState<Asked>(null);
  const close = () => setAsked(null);
  const officers = directory.officers.filter((one) => one.authority === seat.authority).sort((a, b) => Number(a.status !== 'active') - Number(b.status !== 'active') || b.until.localeCompare(a.until));
  return (
    <>
      {admin && <div className="actions"><Button kind="primary" onPress={() => setAsked({ what: 'appoint' })} blocked={online ? undefined : t('admin.offline')}>{t('admin.appoint')}</Button></div>}
      {officers.length === 0 && <Empty title={t('admin.officers.none')} />}
      {officers.map((officer) => <Officer key={officer.officer} officer={officer} may={may} me={officer.officer === seat.officer} hasRing={directory.authorities.some((one) => one.authority === seat.authority && one.ring)} onAsk={setAsked} />)}
      {asked?.what === 'appoint' && <AppointDialog authority={seat.authority} onClose={close} onAppointed={(officer) => setAsked({ what: 'invite', officer })} />}
      {asked?.what === 'change' && <AppointDialog authority={seat.authority} officer={asked.officer} onClose={close} onAppointed={close} />}
      {asked?.what === 'invite' && <InviteDialog authority={seat.authority} officer={asked.officer} onClose={close} />}
      {asked?.what === 'revoke' && <RevokeDialog authority={seat.authority} target={asked.target} onClose={close} />}
      {asked?.what === 'certify' && <CertifyDialog authority={seat.authority} device={asked.device} onClose={close} />}
      {asked?.what === 'grant' && <GrantDialog authority={seat.authority} device={asked.device} onClose={close} />}
    </>
  );
}

type May = { readonly administer: boolean; readonly grant: boolean; readonly issued: { readonly [device: string]: string } | null };

function Officer({ officer, may, me, hasRing, onAsk }: { officer: DirectoryOfficer; may: May; me: boolean; hasRing: boolean; onAsk: (asked: Asked) => void }) {
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
        {may.administer && active && (
          <div className="actions">
            <Button small onPress={() => onAsk({ what: 'invite', officer: officer.officer })}>{t('admin.invite')}</Button>
            <Button small kind="quiet" label={t('admin.change.label', { officer: officer.officer })} onPress={() => onAsk({ what: 'change', officer })}>{t('admin.change')}</Button>
            <Button small kind="quiet" onPress={() => onAsk({ what: 'revoke', target: { subject: officer.officer } })}>{t('admin.revoke.officer')}</Button>
          </div>
        )}
      </div>
      {officer.devices.length === 0 ? <p className="mute">{t('admin.devices.none')}</p> : <Devices officer={officer} may={may} hasRing={hasRing} onAsk={onAsk} />}
    </section>
  );
}

function Devices({ officer, may, hasRing, onAsk }: { officer: DirectoryOfficer; may: May; hasRing: boolean; onAsk: (asked: Asked) => void }) {
  const { t } = useI18n();
  const state = (device: DirectoryDevice) => (device.status === 'revoked' ? <span className="mute">{t('admin.device.revoked')}</span> : hasRing && !device.ringMember ? <Tag tone="warn" icon>{t('admin.device.noRing')}</Tag> : <Tag tone="ok" icon>{t('admin.device.works')}</Tag>);
  const documents = (device: DirectoryDevice) => {
    const since = may.issued?.[device.kid];
    return since ? <Time at={since} /> : <span className="mute">{device.document ? t('admin.device.documents.not') : t('ui.notProvided')}</span>;
  };
  const grants = (device: DirectoryDevice) => may.grant && hasRing && !device.ringMember;
  const anything = officer.devices.some((device) => device.status === 'active' && (may.administer || grants(device)));
  const actions = (device: DirectoryDevice) =>
    device.status === 'active' ? (
      <span className="meta">
        {grants(device) && <Button small onPress={() => onAsk({ what: 'grant', device: device.kid })}>{t('admin.grant')}</Button>}
        {may.administer && device.document && <Button small label={t('admin.certify.label', { device: device.kid.slice(0, 8) })} onPress={() => onAsk({ what: 'certify', device: device.kid })}>{t('admin.certify')}</Button>}
        {may.administer && <Button small kind="quiet" label={t('admin.revoke.device.label', { device: device.kid.slice(0, 8) })} onPress={() => onAsk({ what: 'revoke', target: { kid: device.kid } })}>{t('admin.revoke.device')}</Button>}
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
        ...(may.issued === null ? [] : [{ id: 'documents', header: t('admin.device.documents'), cell: documents }]),
        ...(anything ? [{ id: 'do', header: t('admin.do'), cell: actions }] : []),
      ]}
    />
  );
}
