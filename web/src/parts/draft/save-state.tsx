import { CircleAlert, CloudOff, HardDriveDownload, Users } from 'lucide-react';
import { useI18n } from '@/i18n/react';
import { useConnection } from '@/parts/desk';
import type { OpenDraft } from './store';

/** Where the text is, in words: on this device, for the team, or not yet anywhere but on this page. */
export function SaveStateLine({ open }: { open: OpenDraft }) {
  const { t, format } = useI18n();
  const { online } = useConnection();
  const at = (time: string) => format.time(new Date(time));
  const { save, team } = open;
  return (
    <p className="meta small savestate" role="status">
      {save.state === 'saved' && <span><HardDriveDownload className="icon" size={16} aria-hidden /> {t('draft.saved', { time: at(save.at) })}</span>}
      {save.state === 'saving' && <span>{t('draft.saving')}</span>}
      {save.state === 'unsaved' && <strong className="fault"><CircleAlert className="icon" size={16} aria-hidden /> {t('draft.unsaved')}</strong>}
      {team.state === 'shared' && <span><Users className="icon" size={16} aria-hidden /> {t('draft.team.saved', { time: at(team.at) })}</span>}
      {team.state === 'behind' && <span><Users className="icon" size={16} aria-hidden /> {t('draft.team.behind', { time: at(team.at) })}</span>}
      {!online && <span><CloudOff className="icon" size={16} aria-hidden /> {t('draft.offline')}</span>}
    </p>
  );
}
