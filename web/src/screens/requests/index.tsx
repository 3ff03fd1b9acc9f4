import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Case } from '@/api/desk';
import { useI18n } from '@/i18n/react';
import { CaseTable, useCases, usePresence, useSummaries } from '@/parts/cases';
import { Remote, useDirectory, useRules, useSeat, useWords, type Seat } from '@/parts/desk';
import { Button, ButtonLink, Combobox, Empty, keyOf, Page, Select, useCommand } from '@/ui';
import { caseQuery, readFilter, type Filter } from './filter';
import { SavedViews } from './saved-views';

/** Every request of my authority, by filters that can be named and kept. */
export function RequestsScreen() {
  const seat = useSeat();
  return seat && <Requests seat={seat} />;
}

function Requests({ seat }: { seat: Seat }) {
  const { t } = useI18n();
  const words = useWords();
  const navigate = useNavigate();
  const filter = readFilter(useSearch({ strict: false }));
  const change = (part: Partial<Filter>) => void navigate({ to: '/requests', search: { ...filter, ...part } as never, replace: true });
  const { authority } = seat;
  const key = JSON.stringify(filter);
  const { cases, query } = useCases(useMemo(() => caseQuery(authority, JSON.parse(key) as Filter), [authority, key]));
  const summary = useSummaries(authority, cases);
  const presence = usePresence(authority, seat.officer);
  const [selected, setSelected] = useState<string | null>(null);
  const views = useRef<HTMLDivElement>(null);
  useCommand('list.views', () => views.current?.querySelector<HTMLElement>('button')?.focus());
  useCommand('search', () => document.querySelector<HTMLElement>('#filter-country input')?.focus());
  const open = useCallback((one: Case) => void navigate({ to: `/requests/${one.reference}` }), [navigate]);
  const title = t('nav.requests');
  const clear = () => void navigate({ to: '/requests', search: {} as never });
  const narrowed = filter.kind !== undefined || filter.country !== undefined || filter.state !== undefined;
  return (
    <Page title={title} actions={<ButtonLink href="/new" kind="primary" keys={keyOf('new')!}>{t('command.new')}</ButtonLink>}>
      <div ref={views}><SavedViews filter={filter} onChoose={(chosen) => void navigate({ to: '/requests', search: chosen as never })} /></div>
      <Filters filter={filter} onChange={change} />
      {narrowed && <div className="actions"><Button small onPress={clear}>{t('requests.clear')}</Button></div>}
      <Remote query={query}>
        {() =>
          cases.length > 0 ? (
            <CaseTable label={title} cases={cases} authority={authority} words={words} summary={summary} presence={presence} selected={selected} onSelect={setSelected} onOpen={open}
              onNearEnd={() => void (query.hasNextPage && !query.isFetchingNextPage && query.fetchNextPage())} />
          ) : (
            <Empty title={t(narrowed ? 'requests.none.narrowed' : 'requests.none')} action={narrowed ? <Button onPress={clear}>{t('requests.clear')}</Button> : <ButtonLink href="/new">{t('command.new')}</ButtonLink>} />
          )
        }
      </Remote>
    </Page>
  );
}

function Filters({ filter, onChange }: { filter: Filter; onChange: (part: Partial<Filter>) => void }) {
  const { t, country, format } = useI18n();
  const words = useWords();
  const rules = useRules().data;
  const countries = useDirectory().data?.countries ?? [];
  const kind = rules?.kinds.find((one) => one.kind === filter.kind);
  const any = { id: '', label: t('requests.any') };
  const none = (id: string) => (id === '' ? undefined : id) as never;
  return (
    <div className="bar">
      <Select label={t('requests.show')} value={filter.view} onChange={(view) => onChange({ view: view as Filter['view'] })} options={(['open', 'sent', 'inbox', 'closed', 'all'] as const).map((id) => ({ id, label: t(`requests.view.${id}`) }))} />
      <Select label={t('cases.kind')} value={filter.kind ?? ''} onChange={(id) => onChange({ kind: none(id), state: none('') })} options={[any, ...(rules?.kinds ?? []).map((one) => ({ id: one.kind, label: words.kind(one.kind) }))]} />
      {kind && <Select label={t('cases.state')} value={filter.state ?? ''} onChange={(id) => onChange({ state: none(id) })} options={[any, ...kind.states.map((one) => ({ id: one.state, label: words.state(kind.kind, one.state) }))]} />}
      <Combobox id="filter-country" key={filter.country ?? ''} label={t('requests.country')} value={filter.country ?? ''} onChange={(id) => onChange({ country: none(id) })}
        options={[any, ...countries.map(({ cc }) => ({ id: cc, label: country(cc) })).sort((a, b) => format.compare(a.label, b.label))]} />
    </div>
  );
}
