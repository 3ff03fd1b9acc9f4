import administration from './administration.json';

export const words = { ...administration };
