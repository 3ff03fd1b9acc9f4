import type { UiLang } from '@/i18n/locale';
import { LANGUAGE_NAMES, LANGUAGES } from '@/i18n/locale';
import { useI18n } from '@/i18n/react';
import { changeSettings, useSession, useSettings, type Theme } from '@/parts/desk';
import { Checkbox, Page, RadioGroup, Select, TextField } from '@/ui';
import { About } from './about';
import { Device } from './device';
import { Documents } from './documents';
import { Passkeys } from './passkeys';

const MINUTES = ['5', '15', '30', '60', '240'];
const VOLUMES = ['0.4', '0.6', '0.8', '1'];

/** What one person chooses for this browser. */
export function SettingsScreen() {
  const { t, lang } = useI18n();
  const { theme, density, digits, singleKeys, lockAfter, volume, quietB, telephone } = useSettings();
  const signedIn = useSession().state === 'open';
  return (
    <Page title={t('nav.settings')} lead={t('settings.lead')} reading>
      <div className="stack">
        <RadioGroup label={t('strip.language')} value={lang} onChange={(id) => changeSettings({ lang: id as UiLang })} options={LANGUAGES.map((id) => ({ id, label: LANGUAGE_NAMES[id] }))} />
        {lang === 'ar' && (
          <RadioGroup label={t('settings.digits')} value={digits} onChange={(id) => changeSettings({ digits: id === 'arab' ? 'arab' : 'latn' })} options={[{ id: 'latn', label: '0123456789' }, { id: 'arab', label: '٠١٢٣٤٥٦٧٨٩' }]} />
        )}
        <RadioGroup label={t('settings.theme')} value={theme} onChange={(id) => changeSettings({ theme: id as Theme })} options={(['system', 'light', 'night'] as const).map((id) => ({ id, label: t(`settings.theme.${id}`) }))} />
        <RadioGroup label={t('settings.density')} value={density} onChange={(id) => changeSettings({ density: id === 'compact' ? 'compact' : 'comfortable' })} options={(['comfortable', 'compact'] as const).map((id) => ({ id, label: t(`settings.density.${id}`) }))} />
        <Checkbox value={singleKeys} onChange={(on) => changeSettings({ singleKeys: on })} hint={t('settings.keys.hint')}>{t('settings.keys')}</Checkbox>
        <h2>{t('settings.alarm')}</h2>
        <Select label={t('settings.volume')} hint={t('settings.volume.hint')} value={VOLUMES.find((one) => Number(one) >= volume) ?? '1'} onChange={(id) => changeSettings({ volume: Number(id) })} options={VOLUMES.map((id) => ({ id, label: t('settings.volume.step', { n: Math.round(Number(id) * 100) }) }))} />
        <Checkbox value={quietB} onChange={(on) => changeSettings({ quietB: on })} hint={t('settings.quiet.hint')}>{t('settings.quiet')}</Checkbox>
        <TextField label={t('duty.back.label')} hint={t('duty.back.hint')} optional identifier type="tel" autoComplete="tel" value={telephone} onChange={(value) => changeSettings({ telephone: value.slice(0, 60) })} />
        <h2>{t('settings.security')}</h2>
        <Select label={t('settings.lock')} hint={t('settings.lock.hint')} value={MINUTES.find((one) => Number(one) >= lockAfter) ?? '240'} onChange={(id) => changeSettings({ lockAfter: Number(id) })} options={MINUTES.map((id) => ({ id, label: t('settings.minutes', { n: Number(id) }) }))} />
      </div>
      {signedIn && <Documents />}
      {signedIn && <Passkeys />}
      <Device />
      <About />
    </Page>
  );
}
