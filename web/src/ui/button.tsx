import type { LucideIcon } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { Button as AriaButton, Link as AriaLink } from 'react-aria-components';

export type ButtonKind = 'plain' | 'primary' | 'quiet' | 'on-alarm' | 'ghost-on-alarm';

export type ButtonProps = {
  /** A verb and its object: "Sign and send". */
  children: ReactNode;
  onPress?: (() => void) | undefined;
  /** One primary a view. */
  kind?: ButtonKind | undefined;
  type?: 'button' | 'submit' | undefined;
  icon?: LucideIcon | undefined;
  /** The key that does the same, shown as `kbd`. The command registry listens for it, not the button. */
  keys?: string | undefined;
  /** Why it cannot be pressed now. The button stays visible and in the tab order, and the reason stands below it. */
  blocked?: string | undefined;
  /** At work: cannot be pressed twice. */
  busy?: boolean | undefined;
  small?: boolean | undefined;
  /** The accessible name where the text alone does not tell buttons apart; begins with the text. */
  label?: string | undefined;
  autoFocus?: boolean | undefined;
  className?: string | undefined;
};

export function Button({ children, onPress, kind = 'plain', type = 'button', icon: Icon, keys, blocked, busy, small, label, autoFocus, className }: ButtonProps) {
  const reasonId = useId();
  const inert = blocked !== undefined || busy === true;
  const classes = ['btn', kind === 'plain' ? '' : kind, small ? 'small' : '', className ?? ''].filter(Boolean).join(' ');
  const button = (
    <button
      className={classes}
      type={inert ? 'button' : type}
      onClick={() => !inert && onPress?.()}
      aria-disabled={inert || undefined}
      aria-busy={busy || undefined}
      aria-describedby={blocked === undefined ? undefined : reasonId}
      aria-label={label}
      autoFocus={autoFocus}
    >
      {Icon && <Icon className="icon" size={18} aria-hidden />}
      {children}
      {keys && <kbd aria-hidden>{keys}</kbd>}
    </button>
  );
  if (blocked === undefined) return button;
  return (
    <div>
      {button}
      <p className="reason" id={reasonId}>
        {blocked}
      </p>
    </div>
  );
}

/** A button of one sign; only for closing and copying, where everybody knows the sign. */
export function IconButton({ icon: Icon, label, onPress, slot, small }: { icon: LucideIcon; label: string; onPress?: () => void; slot?: string; small?: boolean }) {
  return (
    <AriaButton className={`btn quiet icon-only${small ? ' small' : ''}`} aria-label={label} {...(onPress ? { onPress } : {})} {...(slot ? { slot } : {})}>
      <Icon className="icon" size={18} aria-hidden />
    </AriaButton>
  );
}

export type LinkProps = { href: string; children: ReactNode; className?: string; label?: string; isCurrent?: boolean; target?: '_blank' };

/** A link within the desk or out of it; the router of the desk takes the ones that are its own. */
export function Link({ href, children, className, label, isCurrent, target }: LinkProps) {
  return (
    <AriaLink
      href={href}
      {...(className ? { className } : {})}
      {...(label ? { 'aria-label': label } : {})}
      {...(isCurrent ? { 'aria-current': 'page' as const } : {})}
      {...(target ? { target, rel: 'noreferrer' } : {})}
    >
      {children}
    </AriaLink>
  );
}

/** A link that looks like a button: it goes somewhere, where a button does something. */
export function ButtonLink({ href, children, kind = 'plain', keys, icon: Icon }: { href: string; children: ReactNode; kind?: ButtonKind; keys?: string; icon?: LucideIcon }) {
  return (
    <AriaLink href={href} className={`btn${kind === 'plain' ? '' : ` ${kind}`}`}>
      {Icon && <Icon className="icon" size={18} aria-hidden />}
      {children}
      {keys && <kbd aria-hidden>{keys}</kbd>}
    </AriaLink>
  );
}
