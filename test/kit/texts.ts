import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { decodeText } from '../../grammar/encoding.ts';
import { field, isRecord } from './conformance/kind.ts';

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Every file of the recorded language cases. */
export function recordedTexts(): NamedText[] {
  const cases: unknown = JSON.parse(readFileSync(new URL('../vectors/language.json', import.meta.url), 'utf8'));
  return (Array.isArray(cases) ? cases : []).flatMap((one) => {
    const name = String(field(one, 'name'));
    const files = field(one, 'files');
    const binary = field(one, 'files_b64');
    return [
      ...Object.entries(isRecord(files) ? files : {}).map(([path, text]) => ({
        name: `${name} ${path}`,
        text: String(text),
      })),
      ...Object.entries(isRecord(binary) ? binary : {}).map(([path, base64]) => ({
        name: `${name} ${path}`,
        text: decodeText(Buffer.from(String(base64), 'base64')),
      })),
    ];
  });
}

/** Real configurations, where the checkout has them beside it; they are not part of the project. */
export function corpusTexts(): NamedText[] {
  const folder = new URL('../../../shared/corpus/', import.meta.url);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.conf'))
    .map((path) => ({ name: path, text: decodeText(readFileSync(new URL(path, folder))) }));
}

/** Pieces that the language gives a meaning, in any order: most of the texts are wrong in some way. */
const pieces = [
  'a',
  'smtp',
  'tcp://0.0.0.0:25',
  'yes',
  '\\',
  'x\\',
  '{',
  '}',
  '"{"',
  '"}"',
  '{}',
  'x{',
  'y}',
  '};',
  '$(m)',
  '$(n)',
  '=',
  '$(m)=',
  '(s)',
  'import',
  'x$(m)y',
  '$(m)/$(n)',
  '{env:X}',
  '"',
  '"q r"',
  '"q\nr"',
  '""',
  '\\"',
  '#',
  '# c',
  'w#h',
  '1d',
  '@',
  ' ',
  ' ',
  ' ',
  '  ',
  '\t',
  '\n',
  '\n',
  '\n',
  '\n    ',
  '\r\n',
  '\r',
  '\u00a0',
  '\ufeff',
  '\u2028',
  'ñ',
  '\u{1f600}',
  '\udc80',
  ';',
  'é',
];

/** A text made of pieces of the language. */
export const languageSoup = (maxLength = 60): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces), { maxLength }).map((parts) => parts.join(''));

/** Lines of directives and blocks with now and then a brace or a line break too many or too few. */
export const almostConfiguration: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      fc.nat({ max: 3 }),
      fc.constantFrom('a', 'check', '$(m) = v', '(s)', 'import s', '}', '} }', 'b c', 'x $(m)', '"', '# note', ''),
      fc.constantFrom('', '', '', ' {', ' {', ' { c }', ' }', '{', ' # c', ' \\'),
    ),
    { maxLength: 25 },
  )
  .map((lines) => lines.map(([depth, head, tail]) => `${'    '.repeat(depth)}${head}${tail}`).join('\n'));
