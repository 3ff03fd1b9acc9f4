import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { lazy, Suspense, useEffect } from 'react';
import { useDesk } from '@/api/context';
import type { Identity } from '@/api/desk';
import { useT } from '@/i18n/react';
import { useConnection, useProblemText, useSeat, useSession, useStatus, useWords } from '@/parts/desk';
import { Button, ButtonLink, Loading, Notice, Page, Tag, Time } from '@/ui';
import { loadLaterWords } from '@/i18n/catalogue';
import { Demonstration } from './demonstration';

const Revoked = lazy(async () => {
  const [module] = await Promise.all([import('./revoked'), loadLaterWords()]);
  return { default: module.Revoked };
});

/** Only a path of this desk; never an address that somebody wrote into the link. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) && next !== '/sign-in' ? next : '/';
}

export function SignInScreen() {
  const t = useT();
  const desk = useDesk();
  const session = useSession();
  const navigate = useNavigate();
  const problem = useProblemText();
  const { online } = useConnection();
  const status = useStatus();
  const next = safeNext((useSearch({ strict: false }) as { next?: unknown }).next);
  const identities = useQuery({ queryKey: ['identities', session.state], queryFn: () => desk.identities() });
  const signIn = useMutation({ mutationFn: (kid: string) => desk.signIn(kid) });
  const open = session.state === 'open';
  const seat = useSeat();
  const home = next === '/' && seat?.roles.every((role) => role === 'administrator') ? '/administration' : next;
  useEffect(() => {
    if (open) void navigate({ to: home, replace: true });
  }, [open, navigate, home]);

  const locked = session.state === 'locked' ? session.identity.kid : null;
  const mine = [...(identities.data ?? [])].sort((a, b) => Number(b.kid === locked) - Number(a.kid === locked) || (b.lastUsed ?? '').localeCompare(a.lastUsed ?? ''));
  return (
    <Page title={t(locked ? 'signin.locked.title' : 'signin.title')} lead={locked ? t('signin.locked.lead') : undefined}>
      {session.state === 'revoked' && <Suspense fallback={<Loading />}><Revoked session={session} /></Suspense>}
      {!online && <Notice tone="warn"><p>{t('signin.offline')}</p></Notice>}
      {signIn.error && session.state !== 'revoked' && <Notice tone="bad" live><p>{problem(signIn.error).text}</p></Notice>}
      {mine.length > 0 && (
        <ul className="people" aria-label={t('signin.identities')}>
          {mine.map((identity, index) => (
            <Person key={identity.kid} identity={identity} first={index === 0} busy={signIn.isPending && signIn.variables === identity.kid} onPress={() => signIn.mutate(identity.kid)} />
          ))}
        </ul>
      )}
      {identities.data?.length === 0 && !status.data?.demonstration && <Notice><p>{t('signin.none')}</p></Notice>}
      {status.data?.demonstration && <Demonstration />}
      <h2>{t('signin.new.title')}</h2>
      <p>{t('signin.new.text')}</p>
      <div className="actions"><ButtonLink href="/enrol" icon={KeyRound}>{t('signin.new.action')}</ButtonLink></div>
      <p className="mute">{t('signin.help')}</p>
    </Page>
  );
}

function Person({ identity, first, busy, onPress }: { identity: Identity; first: boolean; busy: boolean; onPress: () => void }) {
  const t = useT();
  const words = useWords();
  const enrolling = identity.state === 'enrolling';
  const revoked = identity.state === 'revoked';
  return (
    <li className="panel person">
      <div>
        <strong><bdi>{identity.name || words.role('administrator')}</bdi></strong>
        <div className="mute">{identity.authority ? words.authority(identity.authority) : identity.officer}</div>
        <small>{t(`signin.custody.${identity.custody}`)} {identity.lastUsed && <>· <Time at={identity.lastUsed} /></>}</small>
      </div>
      {enrolling && <Tag tone="warn" icon>{t('signin.enrolling')}</Tag>}
      {revoked && <Tag tone="warn" icon>{t('signin.revoked')}</Tag>}
      <Button kind={first && !enrolling && !revoked ? 'primary' : 'plain'} busy={busy} onPress={onPress} label={t('signin.as', { name: identity.name || words.role('administrator') })}>{t(revoked ? 'signin.revoked.why' : 'signin.action')}</Button>
    </li>
  );
}
