import { analyse } from '../../../compiler/index.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { type ConformanceKind, field, isRecord } from './kind.ts';

/** Whole configurations with maddy's verdict and its first error text (catalog/README.md of the recordings). */

const root = '/case';

export const catalog: ConformanceKind = {
  name: 'catalog',
  recognises: (_, cases) =>
    cases.length > 0 &&
    cases.every((one) => typeof field(one, 'config') === 'string' && typeof field(one, 'ok') === 'boolean'),
  check: checkConfiguration,
};

function checkConfiguration(recorded: unknown): string | null {
  const fill = (text: unknown): string => String(text).replaceAll('@ROOT@', root);
  const files = new Map([['maddy.conf', fill(field(recorded, 'config'))]]);
  for (const [path, text] of entriesOf(field(recorded, 'files'))) {
    const fixture = /^@fixture:(.*)$/.exec(text)?.[1];
    files.set(
      `${root}/${path}`,
      fixture === undefined ? fill(text) : String(field(field(recorded, 'fixtures'), fixture)),
    );
    files.set(path, files.get(`${root}/${path}`) ?? '');
  }
  const env = new Map(entriesOf(field(recorded, 'env')).map(([name, value]) => [name, fill(value)]));
  const verdict = analyse('maddy.conf', createMemoryHost({ files, env }), {
    dialect: field(recorded, 'dialect') === 'madmail' ? 'madmail-0' : 'maddy',
    environment: 'expand',
  }).reference();
  return faultOf(recorded, verdict.error, fill);
}

function faultOf(recorded: unknown, error: string | null, fill: (text: unknown) => string): string | null {
  // The very words of the program are right too where the verdict was recorded as hanging on the machine (disputed.md).
  if (field(recorded, 'ok') === false && error === fill(field(recorded, 'error'))) return null;
  const accepted = Boolean(field(recorded, 'static_ok') ?? field(recorded, 'ok'));
  if (accepted) return error === null ? null : `accepted by maddy, refused here: ${error}`;
  if (error === null) return `refused by maddy (${String(field(recorded, 'error'))}), accepted here`;
  // Where maddy crashes, any refusal will do.
  if (field(recorded, 'crash') === true) return null;
  const expected = fill(field(recorded, 'error'));
  const comparable = (text: string): string =>
    field(recorded, 'error_unordered') === true ? (text.split('[')[0] ?? '') : text;
  return comparable(error) === comparable(expected) ? null : `expected "${expected}" got "${error}"`;
}

function entriesOf(value: unknown): readonly (readonly [name: string, text: string])[] {
  return isRecord(value) ? Object.entries(value).map(([name, text]) => [name, String(text)]) : [];
}
