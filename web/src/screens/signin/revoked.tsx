import type { Revocation, SessionState } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { useWords } from '@/parts/desk';
import { ButtonLink, Facts, Id, Notice, ProofMark, Time } from '@/ui';
import { Device } from '../settings/device';
import { Kept } from './kept';

/** The hub lets this device in no more: by whom and when, what stays here, and how to work again. */
export function Revoked({ session }: { session: Extract<SessionState, { state: 'revoked' }> }) {
  const { t, has } = useI18n();
  const words = useWords();
  const { identity, revocation } = session;
  const why = `admin.revoke.why.${revocation.why}`;
  const by = (of: Revocation) => (of.by === identity.officer ? t('revoked.by.self') : of.by?.startsWith('au:') ? t('revoked.by.administrator', { authority: words.authority(of.by) }) : t('revoked.by.root'));
  return (
    <section aria-labelledby="revoked">
      <Notice tone="bad" live>
        <h2 id="revoked">{t(revocation.what === 'officer' ? 'revoked.officer.title' : 'revoked.device.title')}</h2>
        <p>{t('revoked.text')}</p>
      </Notice>
      <Facts
        facts={[
          [t('admin.officer'), <Id key="o">{identity.officer}</Id>],
          [t('admin.device'), <Id key="d">{`${identity.kid.slice(0, 12)}…`}</Id>],
          ...(revocation.by === null || revocation.at === null
            ? []
            : ([[t('revoked.by'), by(revocation)], [t('revoked.when'), <Time key="w" at={revocation.at} />], [t('admin.revoke.why'), has(why) ? t(why) : (revocation.why ?? '')]] as [string, React.ReactNode][])),
        ]}
      />
      {revocation.checked && revocation.index !== null ? <p><ProofMark proof={{ state: 'verified', index: revocation.index }} /></p> : <p className="mute">{t('revoked.unchecked')}</p>}
      <Kept />
      <h3>{t('revoked.again')}</h3>
      <ol>
        {(['call', 'code', 'words', 'key'] as const).map((step) => <li key={step}>{t(`revoked.again.${step}`)}</li>)}
      </ol>
      <div className="actions"><ButtonLink href="/enrol" kind="primary">{t('signin.new.action')}</ButtonLink></div>
      <Device />
    </section>
  );
}
