import { useEffect, useRef, useState } from 'react';
import { useDesk } from '@/api/context';
import type { CaseFile } from '@/api/desk';
import { useT } from '@/i18n/react';
import { useWords } from '@/parts/desk';
import { kSaveAfter, loadOwnNote, saveOwnNote } from '@/parts/draft';
import { ButtonLink, TextField, WhoCanRead } from '@/ui';
import { Inside } from './inside';

type Props = { file: CaseFile; authority: string; other: string };

/** Three voices, each in its own place and never in one box: to the other country, inside my authority, only me. */
export function Voices(props: Props) {
  return (
    <>
      <ToTheOther {...props} />
      <Inside {...props} />
      <OnlyMe {...props} />
    </>
  );
}

/** What goes out is an act with a form and a signature; there is no box here to type it into by mistake. */
function ToTheOther({ file, authority, other }: Props) {
  const t = useT();
  const words = useWords();
  const letters = ['message.send', 'message.open'].filter((type) => file.can.includes(type));
  return (
    <section className="voice" aria-labelledby="voice-other">
      <h2 id="voice-other">{t('case.voice.other', { who: words.authority(other) })}</h2>
      <WhoCanRead readers={{ voice: 'other', who: [words.authority(other), words.authority(authority)] }} />
      <p>{t('case.voice.other.text')}</p>
      <div className="actions">{letters.slice(0, 1).map((type) => <ButtonLink key={type} href={`/requests/${file.reference}/act/${type}`}>{t('case.voice.other.write')}</ButtonLink>)}</div>
    </section>
  );
}

/** Kept on this device as it is typed. */
function OnlyMe({ file, authority }: Props) {
  const t = useT();
  const desk = useDesk();
  const [text, setText] = useState<string | null>(null);
  const [state, setState] = useState<'saved' | 'saving' | 'failed'>('saved');
  const waiting = useRef<string | null>(null);
  useEffect(() => {
    loadOwnNote(desk, file.case).then(setText, () => setText(''));
  }, [desk, file.case]);
  useEffect(() => {
    const save = () => {
      const next = waiting.current;
      if (next === null) return;
      waiting.current = null;
      saveOwnNote(desk, authority, file.case, file.kind, next).then(() => setState('saved'), () => {
        waiting.current ??= next;
        setState('failed');
      });
    };
    const timer = setInterval(save, kSaveAfter);
    window.addEventListener('pagehide', save);
    return () => {
      save();
      clearInterval(timer);
      window.removeEventListener('pagehide', save);
    };
  }, [desk, authority, file.case, file.kind]);
  const change = (next: string) => {
    setText(next);
    setState('saving');
    waiting.current = next;
  };
  return (
    <section className="voice only-me" aria-labelledby="voice-me">
      <h2 id="voice-me">{t('case.voice.me')}</h2>
      <WhoCanRead readers={{ voice: 'only-me' }} />
      <TextField long wide rows={3} label={t('case.voice.me.label')} value={text ?? ''} onChange={change} disabled={text === null} />
      <p className="small mute" role="status">{state === 'saved' ? t('case.voice.me.saved') : state === 'saving' ? t('draft.saving') : t('draft.unsaved')}</p>
    </section>
  );
}
