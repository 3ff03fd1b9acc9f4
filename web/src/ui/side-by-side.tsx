import type { ReactNode } from 'react';
import { useT } from '@/i18n/react';

export type Maker = { kind: 'machine' } | { kind: 'person'; name: string } | { kind: 'person-checked'; name: string } | { kind: 'machine-checked'; name: string };

export type Pane = { lang: string; language: string; children: ReactNode };

/** The original first in reading order, its translation beside it with its maker and whether a person checked it. Each has its own language and direction. */
export function SideBySide({ original, translation }: { original: Pane; translation?: Pane & { maker: Maker; action?: ReactNode } }) {
  const t = useT();
  return (
    <div className="pair">
      <article>
        <header>
          <h3>{t('side.original', { language: original.language })}</h3>
        </header>
        <div lang={original.lang} dir="auto">
          {original.children}
        </div>
      </article>
      {translation && (
        <article>
          <header>
            <h3>{t('side.translation', { language: translation.language })}</h3>
            <span>{makerText(t, translation.maker)}</span> {translation.action}
          </header>
          <div lang={translation.lang} dir="auto">
            {translation.children}
          </div>
        </article>
      )}
    </div>
  );
}

function makerText(t: ReturnType<typeof useT>, maker: Maker): string {
  if (maker.kind === 'machine') return t('side.by.machine');
  if (maker.kind === 'machine-checked') return t('side.by.machineChecked', { name: maker.name });
  return t(maker.kind === 'person' ? 'side.by.person' : 'side.by.personChecked', { name: maker.name });
}
