import { describe, expect, it } from 'vitest';
import { analyse } from '../../compiler/index.ts';
import { createMemoryHost } from '../../compiler/source/memory-host.ts';
import { decodeText, encodeText } from '../../grammar/encoding.ts';

const lines = [
  '# mail server',
  'hostname mx.example.org',
  'tls off',
  'smtp tcp://127.0.0.1:2525 {',
  'deliver_to dummy',
  '}',
];
const text = `${lines.join('\n')}\n`;

const analyseBytes = (bytes: Uint8Array) =>
  analyse('main.conf', createMemoryHost({ files: new Map([['main.conf', decodeText(bytes)]]) }));
const utf16 = (of: string, mark: readonly number[], isBig: boolean): Uint8Array => {
  const units = Array.from({ length: of.length }, (_, at) => of.charCodeAt(at));
  const pairs = units.flatMap((unit) => (isBig ? [unit >> 8, unit & 0xff] : [unit & 0xff, unit >> 8]));
  return Uint8Array.from([...mark, ...pairs]);
};
const told = (bytes: Uint8Array) =>
  analyseBytes(bytes).diagnostics.map(({ code, message }) => `${code.code} ${message}`);

describe('a file that is no text of UTF-8 lines has that one finding', () => {
  it.each([
    ['UTF-16 (little-endian)', 'UTF-16', utf16(text, [0xff, 0xfe], false)],
    ['UTF-16 (big-endian)', 'UTF-16', utf16(text, [0xfe, 0xff], true)],
    ['UTF-16 (little-endian)', 'UTF-16LE', utf16(text, [], false)],
    ['UTF-16 (big-endian)', 'UTF-16BE', utf16(text, [], true)],
  ])('%s, for iconv %s', (name, iconv, bytes) => {
    const { diagnostics, loadErrors, reference } = analyseBytes(bytes);
    expect(diagnostics.map(({ message }) => message)).toEqual([`this file is ${name}, and maddy reads UTF-8`]);
    expect(diagnostics[0]?.details).toContain(`Convert it: iconv -f ${iconv} -t UTF-8 OLD > NEW`);
    expect(loadErrors).toEqual(diagnostics);
    expect(reference()).toMatchObject({ accepted: false, error: expect.stringContaining('main.conf') });
  });

  it('binary', () => {
    const bytes = Uint8Array.from({ length: 3000 }, (_, at) => (at * at * 7 + (at >> 3)) % 256);
    expect(told(bytes)).toEqual(['M1119 this file is binary, not a text']);
  });

  it('old Mac line ends, which are put right safely', () => {
    const bytes = encodeText(`${lines.join('\r')}\r`);
    const { diagnostics, reference } = analyseBytes(bytes);
    expect(diagnostics.map(({ code }) => code.code)).toEqual(['M1120']);
    expect(reference()).toEqual({ accepted: false, error: 'at least one endpoint should be configured' });
    const [fix] = diagnostics[0]?.fixes ?? [];
    const units = [...decodeText(bytes)];
    for (const { range, text: written } of fix?.edits ?? []) units[range.start] = written;
    expect(fix?.safe).toBe(true);
    expect(units.join('')).toBe(text);
  });

  it('also when another file imports it', () => {
    const files = new Map([
      ['main.conf', `import part.conf\nunknown_thing\n${text}`],
      ['part.conf', decodeText(utf16('hostname a.example\nunknown_thing 2\n', [0xff, 0xfe], false))],
    ]);
    const { diagnostics } = analyse('main.conf', createMemoryHost({ files }));
    expect(diagnostics.map(({ code, place }) => [code.code, place?.file.path])).toEqual([['M1118', 'part.conf']]);
  });
});

it.each([
  ['a stray NUL', `# a\0b\n${text}`],
  ['a NUL that pads the end', `${text}\0\0\0`],
  ['CR that ends a line with LF', text.replaceAll('\n', '\r\n')],
  ['some bytes of Latin-1', `# ${'\udce9'.repeat(60)}\n${text}`],
])('%s does not hide what else is found', (_, given) => {
  const codes = told(encodeText(`${given}unknown_thing\n`)).map((each) => each.slice(0, 5));
  expect(codes).toContain('M2101');
  expect(codes.filter((code) => ['M1118', 'M1119', 'M1120'].includes(code))).toEqual([]);
});

describe('an import circle', () => {
  const errorsOf = (files: Record<string, string>) =>
    analyse('main.conf', createMemoryHost({ files: new Map(Object.entries(files)) }))
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ code, place }) => `${code.code} ${place?.file.path}`);
  const main = text.replace('dummy', '&relay');
  const body = 'target.smtp relay {\ntargets tcp://192.0.2.1:25\n}\n';

  it('of a file with itself is the one error', () => {
    expect(errorsOf({ 'main.conf': `import main.conf\n${main}${body}` })).toEqual(['M1015 main.conf']);
  });

  it('through another file or a snippet is the one error, and both are read', () => {
    expect(errorsOf({ 'main.conf': `import part.conf\n${main}`, 'part.conf': `import main.conf\n${body}` })).toEqual([
      'M1015 main.conf',
    ]);
    expect(errorsOf({ 'main.conf': `(part) {\n${body}import part\n}\nimport part\n${main}` })).toEqual([
      'M1015 main.conf',
    ]);
  });

  it('does not hide other mistakes', () => {
    expect(errorsOf({ 'main.conf': `import main.conf\n${main}${body}unknown_thing\n` })).toEqual([
      'M1015 main.conf',
      'M2101 main.conf',
    ]);
  });
});
