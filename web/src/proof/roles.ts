/** Roles that two administrators must give together. */
export const needsTwoAdministrators = (role: string): boolean => role === 'magistrate' || role === 'ring-admin';
