import { Paperclip } from 'lucide-react';
import { useRef, useState } from 'react';
import { useI18n } from '@/i18n/react';
import { useProblemText } from '@/parts/desk';
import { Button, Notice, TextField } from '@/ui';
import { useAnswer, useForm, type FormValue } from './context';
import type { useHead } from './field';

/** The name of a file of the request. Choosing one encrypts it here and sends the ciphertext ahead; the name may also be written. */
export function FileField({ head, path }: { head: ReturnType<typeof useHead>; path: string }) {
  const { attach } = useForm();
  const { value, set } = useAnswer(path);
  return (
    <div className="field">
      <TextField {...head} value={typeof value === 'string' ? value : ''} onChange={(next) => set(next === '' ? undefined : next)} />
      {attach && <Attach attach={attach} onAttached={(name) => set(name)} />}
    </div>
  );
}

function Attach({ attach, onAttached }: { attach: NonNullable<FormValue['attach']>; onAttached: (name: string) => void }) {
  const { t, format } = useI18n();
  const problem = useProblemText();
  const input = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<{ busy: boolean; said: string; failed: boolean }>({ busy: false, said: '', failed: false });
  const choose = async (file: File) => {
    setState({ busy: true, said: t('forms.file.sealing', { name: file.name }), failed: false });
    try {
      const attached = await attach(file);
      onAttached(attached.name);
      setState({ busy: false, said: t('forms.file.sealed', { name: attached.name, size: format.bytes(attached.size) }), failed: false });
    } catch (error) {
      setState({ busy: false, said: problem(error).text, failed: true });
    }
  };
  return (
    <div>
      <input ref={input} type="file" className="vh" tabIndex={-1} aria-hidden onChange={(event) => event.target.files?.[0] && void choose(event.target.files[0])} />
      <Button small icon={Paperclip} busy={state.busy} onPress={() => input.current?.click()}>{t('forms.file.choose')}</Button>
      {state.said !== '' && <Notice tone={state.failed ? 'bad' : 'info'} live>{state.said}</Notice>}
    </div>
  );
}
