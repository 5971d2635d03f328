/** What the first digit of a code says. */
export const subjects: readonly (readonly [digit: string, subject: string])[] = [
  ['1', 'Text: the language itself'],
  ['2', 'Names of directives, modules and blocks'],
  ['3', 'Values'],
  ['4', 'Structure and routing'],
  ['5', 'Delivery'],
  ['6', 'Security'],
  ['7', 'TLS and the host'],
  ['8', 'Signing and DNS'],
  ['9', 'Versions and dialects'],
];
