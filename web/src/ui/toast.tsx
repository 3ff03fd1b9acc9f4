import { X } from 'lucide-react';
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useT } from '@/i18n/react';
import { Button, IconButton } from './button';

type Toast = { id: number; text: string; undo?: () => void };
type Say = {
  /** Shows what was done and, where it can be, how to undo it. Never the only record of anything. */
  toast: (text: string, undo?: () => void) => void;
  /** Says it to a screen reader only. */
  announce: (text: string) => void;
};

const SayContext = createContext<Say>({ toast: () => undefined, announce: () => undefined });

export function useSay(): Say {
  return useContext(SayContext);
}

let last = 0;

export function SayProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const [spoken, setSpoken] = useState('');
  const remove = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const say = useMemo<Say>(
    () => ({
      toast: (text, undo) => {
        last += 1;
        setToasts((all) => [...all.slice(-2), undo ? { id: last, text, undo } : { id: last, text }]);
      },
      announce: (text) => setSpoken((before) => (before === text ? `${text}\u00a0` : text)),
    }),
    [],
  );
  return (
    <SayContext value={say}>
      {children}
      <div className="vh" role="status" aria-live="polite">
        {spoken}
      </div>
      <div className="toasts" role="status">
        {toasts.map((toast) => (
          <ToastLine key={toast.id} toast={toast} onClose={() => remove(toast.id)} />
        ))}
      </div>
    </SayContext>
  );
}

const STAYS = 10_000;

function ToastLine({ toast, onClose }: { toast: Toast; onClose: () => void }) {
  const t = useT();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(onClose, STAYS);
    return () => clearTimeout(timer);
  }, [held, onClose]);
  return (
    <div className="toast" onFocus={() => setHeld(true)} onBlur={() => setHeld(false)} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
      <span>{toast.text}</span>
      {toast.undo && (
        <Button
          small
          onPress={() => {
            toast.undo?.();
            onClose();
          }}
        >
          {t('ui.undo')}
        </Button>
      )}
      <IconButton icon={X} label={t('ui.close')} onPress={onClose} small />
    </div>
  );
}
