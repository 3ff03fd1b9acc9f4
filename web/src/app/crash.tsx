import { Component, type ReactNode } from 'react';
import { useT } from '@/i18n/react';
import { Button, Page } from '@/ui';

/** Instead of a screen that broke. Drafts are on the device; nothing is lost by loading again. */
export function CrashHere({ error }: { error: unknown }) {
  const t = useT();
  return (
    <Page title={t('state.error.title')} reading>
      <div role="alert">
        <p>{t('state.error.crash')}</p>
      </div>
      <div className="actions">
        <Button kind="primary" onPress={() => location.reload()}>
          {t('state.error.reload')}
        </Button>
      </div>
      {error instanceof Error && <p className="small id long">{error.message}</p>}
    </Page>
  );
}

export function NotFoundHere() {
  const t = useT();
  return (
    <Page title={t('state.notFound.title')} reading>
      <p>{t('state.notFound.text')}</p>
    </Page>
  );
}

/** The last net, around everything. */
export class CrashBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }
  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <CrashHere error={this.state.error} />;
  }
}
