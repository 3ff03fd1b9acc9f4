/** Beginning something: what is needed, to whom, on which ground; and acts on a case that has begun. */
import '@/parts/form/form.css';
export { ActScreen } from './act';
export { BeginScreen } from './begin';
export { NewScreen } from './choose';
