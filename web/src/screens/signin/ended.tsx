import { useQuery } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { useDesk } from '@/api/context';
import type { EndedMandate } from '@/api/desk';
import { inSentence } from '@/i18n/bidi';
import { useI18n } from '@/i18n/react';
import { Remote, useDirectory, useRules, useWords } from '@/parts/desk';
import { Button, Facts, Id, Page, ProofMark, Time } from '@/ui';
import { contactOf } from '../directory/contact';
import { Device } from '../settings/device';
import { Kept } from './kept';

/** While the page is in front of somebody. */
const LOOK_AGAIN = 60_000;

/** An officer whom the hub lets in and who acts for nobody: what ended, since when, by which act, who can renew it, and what is left. */
export function EndedScreen() {
  const { t, format } = useI18n();
  const desk = useDesk();
  const mandates = useQuery({ queryKey: ['ended'], queryFn: () => desk.endedMandates() });
  // A renewed mandate changes the session, and this page goes away.
  const look = useQuery({ queryKey: ['ended', 'look'], queryFn: () => desk.me(), refetchInterval: LOOK_AGAIN });
  return (
    <Page title={t('ended.title')} lead={t('ended.lead')} reading actions={<Button kind="primary" busy={look.isFetching} onPress={() => void look.refetch()}>{t('ended.look')}</Button>}>
      <p role="status" className="mute">{look.data && t('ended.looked', { time: format.time(new Date(look.dataUpdatedAt)) })}</p>
      <Remote query={mandates} rows={2}>{(list) => (list.length === 0 ? <p>{t('ended.none')}</p> : <div className="stack">{list.map((one) => <Mandate key={one.authority} one={one} />)}</div>)}</Remote>
      <h2>{t('ended.may')}</h2>
      <p>{t('ended.may.wait')}</p>
      <div className="actions"><Button icon={LogOut} onPress={() => void desk.signOut()}>{t('strip.signOut')}</Button></div>
      <Kept />
      <Device />
    </Page>
  );
}

function Mandate({ one }: { one: EndedMandate }) {
  const { t, format } = useI18n();
  const words = useWords();
  const { act, authority, why } = one;
  const who = act?.by.startsWith('au:') ? t('revoked.by.administrator', { authority: words.authority(act.by) }) : t('revoked.by.root');
  return (
    <section className="panel" aria-labelledby={`ended-${authority}`}>
      <h2 id={`ended-${authority}`}>{words.authority(authority)}</h2>
      <Facts
        facts={[
          [t('ended.what'), format.list(one.roles.map((role) => words.role(role)))],
          [t(why === 'unexplained' ? 'ended.until' : 'ended.since'), <Time key="since" at={one.since} both />],
          [t('ended.why'), t(`ended.why.${why}`)],
          act === null ? null : [t('ended.act'), <span key="act"><ProofMark proof={{ state: 'verified', index: act.index }} /> · {who} <Id>{`${act.key.slice(0, 12)}…`}</Id> · <Time at={act.time} /></span>],
          [t('ended.renew'), <Renewers key="renew" one={one} />],
        ]}
      />
    </section>
  );
}

function Renewers({ one: { authority, why } }: { one: EndedMandate }) {
  const { t } = useI18n();
  const words = useWords();
  const known = useDirectory().data?.authorities.find((other) => other.authority === authority);
  const rules = useRules().data;
  const { telephone, email } = known === undefined ? { telephone: null, email: null } : contactOf(known, rules?.profile(known.country) ?? null);
  if (why === 'authority' || why === 'country') return <>{t('ended.renew.other', { country: inSentence(words.countryOf(authority)) })}</>;
  return <>{t('ended.renew.administrators', { authority: words.authority(authority) })} {telephone && <Id>{telephone}</Id>} {email && <Id long>{email}</Id>}</>;
}
