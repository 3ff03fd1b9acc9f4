import { CircleCheck, CircleDashed, ShieldCheck, ShieldQuestion, ShieldX, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { useT } from '@/i18n/react';
import { Link } from './button';

/** `plain` is for what is done: no box, so that open work stands out. */
export type Tone = 'plain' | 'new' | 'ok' | 'warn' | 'late';

const ICONS: Partial<Record<Tone, LucideIcon>> = { ok: CircleCheck, warn: TriangleAlert, late: TriangleAlert };

/** One state in one adjective. Colour is never the only sign: the word says it, and where it matters an icon. */
export function Tag({ tone = 'plain', children, icon = false }: { tone?: Tone; children: ReactNode; icon?: boolean }) {
  if (tone === 'plain') return <span>{children}</span>;
  const Icon = icon ? ICONS[tone] : undefined;
  return (
    <span className={`tag ${tone}`}>
      {Icon && <Icon className="icon" size={14} aria-hidden />}
      {children}
    </span>
  );
}

/** What this browser found when it checked an act. Never taken from the server's word. */
export type ProofState = { state: 'verified'; index: number } | { state: 'checking' } | { state: 'unchecked' } | { state: 'failed' };

const PROOF_ICONS: Record<ProofState['state'], LucideIcon> = { verified: ShieldCheck, checking: CircleDashed, unchecked: ShieldQuestion, failed: ShieldX };

export function ProofMark({ proof, href }: { proof: ProofState; href?: string }) {
  const t = useT();
  const Icon = PROOF_ICONS[proof.state];
  const text = proof.state === 'verified' ? t('proof.mark.verified', { index: proof.index }) : t(`proof.mark.${proof.state}`);
  const mark = (
    <span className={`mark ${proof.state}`} title={proof.state === 'verified' ? t('proof.mark.verified.help') : undefined}>
      <Icon className="icon" size={16} aria-hidden />
      {text}
    </span>
  );
  return href ? <Link href={href}>{mark}</Link> : mark;
}
