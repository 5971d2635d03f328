/** How user names and addresses are normalised before they are compared (runtime-core 20). */
export const normalizations = [
  'auto',
  'precis_casefold_email',
  'precis_casefold',
  'precis_email',
  'precis',
  'casefold',
  'noop',
] as const;
