import './trusted-types';
import '@/ui/styles/index.css';
import { createRoot } from 'react-dom/client';
import { createDesk } from '@/api/connect';
import { loadLanguage } from '@/i18n/catalogue';
import { wordsOf } from '@/i18n/locale';
import { keepOnThisDevice } from '@/offline/register';
import { settings } from '@/parts/desk';
import { Root } from './root';

const place = document.getElementById('root');
if (!place) throw new Error('index.html has no #root');
const { lang } = settings();
createRoot(place).render(<Root desk={createDesk(wordsOf(lang))} first={{ lang, pack: await loadLanguage(lang) }} />);
// Once the first screen stands: it must not wait for what the next visit needs.
setTimeout(() => void keepOnThisDevice().catch(() => undefined), 3000);
