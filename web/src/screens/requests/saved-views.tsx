import { useState } from 'react';
import { useI18n } from '@/i18n/react';
import { changeSettings, useSettings, useWords } from '@/parts/desk';
import { Button, Dialog, TextField, useSay } from '@/ui';
import { readFilter, sameFilter, type Filter } from './filter';

/** The person's own views, kept in this browser: one press each. */
export function SavedViews({ filter, onChoose }: { filter: Filter; onChoose: (filter: Filter) => void }) {
  const { t, country } = useI18n();
  const words = useWords();
  const { views } = useSettings();
  const { toast } = useSay();
  const [naming, setNaming] = useState<string | null>(null);
  const current = views.find((view) => sameFilter(readFilter(view.query), filter));
  const suggestion = [filter.kind && words.kind(filter.kind), filter.country && country(filter.country)].filter(Boolean).join(', ') || t(`requests.view.${filter.view}`);
  const save = () => {
    const name = (naming ?? '').trim();
    if (name === '') return;
    changeSettings({ views: [...views, { id: crypto.randomUUID(), name: name.slice(0, 60), query: { ...filter } }] });
    setNaming(null);
  };
  const remove = () => {
    if (!current) return;
    changeSettings({ views: views.filter((view) => view.id !== current.id) });
    toast(t('requests.views.removed', { name: current.name }), () => changeSettings({ views }));
  };
  return (
    <div className="actions" role="group" aria-label={t('command.list.views')}>
      {views.map((view) => (
        <Button key={view.id} small kind={view === current ? 'primary' : 'plain'} onPress={() => onChoose(readFilter(view.query))}>
          <bdi>{view.name}</bdi>
        </Button>
      ))}
      {current ? <Button small kind="quiet" onPress={remove}>{t('requests.views.remove')}</Button> : <Button small kind="quiet" onPress={() => setNaming(suggestion)}>{t('requests.views.save')}</Button>}
      <Dialog title={t('requests.views.save')} isOpen={naming !== null} onClose={() => setNaming(null)} actions={<><Button kind="primary" onPress={save}>{t('requests.views.keep')}</Button><Button onPress={() => setNaming(null)}>{t('ui.cancel')}</Button></>}>
        <TextField label={t('requests.views.name')} hint={t('requests.views.hint')} value={naming ?? ''} onChange={setNaming} autoFocus />
      </Dialog>
    </div>
  );
}
