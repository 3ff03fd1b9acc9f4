/** The rulebook for reading: kinds as tables of states, forms with their articles, treaties, the rules of use. */
import '@/parts/form/form.css';
export { FormScreen } from './form';
export { InstrumentScreen } from './instrument';
export { KindScreen } from './kind';
export { RulebookScreen } from './overview';
