import { expand } from '../../../compiler/expand/expand.ts';
import type { ExpandedDirective } from '../../../compiler/expand/expanded.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import type { Dialect } from '../../../grammar/dialect.ts';
import { type ConformanceKind, difference, field, isRecord } from './kind.ts';

const entriesOf = (value: unknown): [string, string][] =>
  Object.entries(isRecord(value) ? value : {}).map(([key, item]) => [key, String(item)]);

const stringsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function hostOf(recorded: unknown) {
  const files = new Map<string, string | Uint8Array>(entriesOf(field(recorded, 'files')));
  for (const [path, base64] of entriesOf(field(recorded, 'files_b64'))) files.set(path, Buffer.from(base64, 'base64'));
  const env = new Map(entriesOf(field(recorded, 'env')));
  return createMemoryHost({ files, directories: stringsOf(field(recorded, 'dirs')), env });
}

type Node = Readonly<Record<string, unknown>>;

function nodeOf(directive: ExpandedDirective, dialect: Dialect): Node {
  const { name, args, block, line, origin } = directive;
  const children = block === null ? null : block.map((child) => nodeOf(child, dialect));
  const common = { name, args: args.map(({ value }) => value), children, line };
  return dialect === 'madmail-2' ? common : { ...common, file: origin.file.path, snippet: false, macro: false };
}

function check(recorded: unknown, dialect: Dialect): string | null {
  const main = field(recorded, 'main');
  const result = expand(typeof main === 'string' ? main : 'main.conf', hostOf(recorded), { dialect });
  const expected = field(recorded, 'expect');
  if (result.missing.length > 0) return `asked for ${result.missing.join(', ')}`;
  if (field(expected, 'panic') === true) return result.refusal === null ? 'expected an error, got none' : null;
  const actual =
    result.refusal === null
      ? { ok: true, nodes: result.directives.map((directive) => nodeOf(directive, dialect)) }
      : { ok: false, error: result.refusal };
  return difference(expected, actual);
}

const holdsFiles = (cases: readonly unknown[]): boolean =>
  cases.length > 0 && cases.every((recorded) => field(recorded, 'files') ?? field(recorded, 'files_b64'));

/** Madmail 2 records no file names in nodes, and errors begin with the line. */
function isMadmail(fileName: string, cases: readonly unknown[]): boolean {
  if (/madmail/i.test(fileName)) return true;
  return cases.some((recorded) => {
    const expected = field(recorded, 'expect');
    const nodes = field(expected, 'nodes');
    const first: unknown = Array.isArray(nodes) ? nodes[0] : undefined;
    return /^line \d+: /.test(String(field(expected, 'error'))) || (isRecord(first) && !('file' in first));
  });
}

export const language: ConformanceKind = {
  name: 'language',
  recognises: (fileName, cases) => holdsFiles(cases) && !isMadmail(fileName, cases),
  check: (recorded) => check(recorded, 'maddy'),
};

export const languageMadmail: ConformanceKind = {
  name: 'language-madmail',
  recognises: (fileName, cases) => holdsFiles(cases) && isMadmail(fileName, cases),
  check: (recorded) => check(recorded, 'madmail-2'),
};
