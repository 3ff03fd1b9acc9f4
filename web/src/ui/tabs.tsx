import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import { useI18n } from '@/i18n/react';

export type TabDef<Id extends string> = { id: Id; label: string; count?: number | undefined };

/** Views of one thing. `children` is the content of the chosen one. */
export function Tabs<Id extends string>({ label, tabs, selected, onChange, children }: { label: string; tabs: readonly TabDef<Id>[]; selected: Id; onChange: (id: Id) => void; children: ReactNode }) {
  const { format } = useI18n();
  return (
    <AriaTabs className="tabs" selectedKey={selected} onSelectionChange={(key) => onChange(key as Id)}>
      <TabList aria-label={label}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className="tab">
            {tab.label}
            {tab.count !== undefined && tab.count > 0 && <span className="count">{format.number(tab.count)}</span>}
          </Tab>
        ))}
      </TabList>
      <TabPanel key={selected} id={selected}>{children}</TabPanel>
    </AriaTabs>
  );
}
