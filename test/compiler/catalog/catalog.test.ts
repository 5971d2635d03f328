import { describe, expect, it } from 'vitest';
import { blocks } from '../../../compiler/catalog/blocks.ts';
import { allModules, findModule, modules } from '../../../compiler/catalog/catalog.ts';
import type { BodySpec, ModuleSpec } from '../../../compiler/catalog/define.ts';
import { globals } from '../../../compiler/catalog/globals.ts';
import { interfaces } from '../../../compiler/catalog/interfaces.ts';
import { oldNames } from '../../../compiler/catalog/old-names.ts';
import { exclude, findPipelineDirective, pipelineDirectives } from '../../../compiler/catalog/pipeline.ts';
import { wordsOfDefault } from '../../../compiler/ir/complete.ts';
import { isPlainType, readValue } from '../../../compiler/ir/read-value.ts';
import { analyseText } from '../../kit/analysis.ts';

const entries = [...allModules()];
const bodies: readonly (readonly [name: string, spec: BodySpec])[] = [
  ['globals', globals],
  ...Object.entries(blocks),
  ...entries.map((entry): [string, BodySpec] => [entry.name, entry]),
];

describe('the catalog', () => {
  it('files each module under its own name', () => {
    expect(Object.entries(modules).filter(([name, entry]) => name !== entry.name)).toEqual([]);
  });

  it.each(bodies)('%s has defaults of the right form', (_, spec) => {
    for (const [name, row] of Object.entries(spec.directives)) {
      if (row.default === undefined || !isPlainType(row.type)) continue;
      const reading = readValue(row.type, { args: wordsOfDefault(row.default), block: 'none' }, row);
      expect(reading, name).toMatchObject({ ok: true });
    }
  });

  it.each(bodies)('%s states conditions about keys that it has', (_, spec) => {
    const keys = new Set([...Object.keys(spec.directives), ...argumentKeys(spec)]);
    for (const rule of spec.rules ?? []) {
      if ('holds' in rule) for (const key of rule.about) expect(keys).toContain(key);
      else if ('key' in rule) expect(keys).toContain(rule.key);
    }
  });

  it.each(bodies)('%s says what each directive does', (_, spec) => {
    for (const [name, row] of Object.entries(spec.directives)) {
      expect(row.doc, name).toMatch(/\.$/);
      if (row.type === 'module_ref') expect(row.expects, name).toBeDefined();
      if (row.type === 'enum') expect(row.values?.length, name).toBeGreaterThan(0);
    }
  });

  it('has modules for every interface that a place can ask for', () => {
    for (const name of Object.keys(interfaces)) {
      expect(
        entries.some((entry) => entry.implements.some((each) => each === name)),
        name,
      ).toBe(true);
    }
  });

  it('leads old names to names that exist', () => {
    for (const { use, where } of oldNames) {
      if (use === null || where === 'directive') continue;
      const prefix = { top: '', target: 'target.', check: 'check.', modify: 'modify.', auth: 'auth.' }[where];
      expect(findModule(prefix + use) ?? findModule(use), use).toBeDefined();
    }
  });
});

function argumentKeys(spec: BodySpec): readonly string[] {
  const inlineArgs = (spec as Partial<ModuleSpec>).inlineArgs;
  return inlineArgs?.rule === 'positional' ? inlineArgs.args.map((arg) => arg.into) : [];
}

/** Findings about the text of an example itself; what it refers to is not there. */
const ownFaults: ReadonlySet<string> = new Set([
  'M2101',
  'M2109',
  'M2110',
  'M3106',
  'M3110',
  'M3111',
  'M3116',
  'M4127',
]);

/** Blocks that an example may stand in. */
const outer = [
  'loader acme',
  'deliver_to remote',
  'storage imapsql sqlite3 x',
  'deliver_to lmtp',
  'auth pass_table',
  'modify',
];

describe('examples', () => {
  it.each(entries.filter((entry) => entry.example !== undefined).map((entry) => [entry.name, entry] as const))(
    '%s is written as the catalog says',
    (_, entry) => {
      const example = (entry.example ?? '').replaceAll(/\$\(\w+\)/g, 'example.org');
      const places = [`hostname mx.example.org\n${example}\n`];
      for (const outside of ['', ...outer]) {
        const inside = outside === '' ? example : `${outside} {\n${example}\n}`;
        places.push(
          `hostname mx.example.org\nsmtp tcp://127.0.0.1:2525 {\n${inside}\n}\n`,
          `hostname mx.example.org\nimap tcp://127.0.0.1:1430 {\n${inside}\n}\n`,
          `hostname mx.example.org\ntls {\n${inside}\n}\n`,
          `hostname mx.example.org\nsmtp tcp://127.0.0.1:2525 {\ncheck {\nauthorize_sender {\n${inside}\n}\n}\n}\n`,
        );
      }
      const dialect = entry.dialects.some((each) => each === 'maddy') ? 'maddy' : 'madmail-0';
      const faults = places.map((text) =>
        analyseText(text, { dialect }).diagnostics.filter(({ code }) => ownFaults.has(code.code)),
      );
      expect(Math.min(...faults.map((each) => each.length))).toBe(0);
    },
  );
});

describe('what excludes each other in a pipeline', () => {
  const written: Readonly<Record<string, string>> = {
    check: 'check { spf }',
    modify: 'modify { replace_rcpt identity }',
    dmarc: 'dmarc yes',
    source: 'source a.example { reject }',
    source_in: 'source_in static { reject }',
    default_source: 'default_source { reject }',
    destination: 'destination a.example { reject }',
    destination_in: 'destination_in static { reject }',
    default_destination: 'default_destination { reject }',
    deliver_to: 'deliver_to dummy',
    reroute: 'reroute { deliver_to dummy }',
    reject: 'reject',
  };
  const names = Object.keys(pipelineDirectives);
  const levels = { root: 'smtp tcp://127.0.0.1:25', source: 'default_source', destination: 'default_destination' };
  const refusals = new Set(['rules-beside-handlers', 'reject-and-deliver']);

  const isRefused = (level: string, header: string, order: readonly string[]): boolean => {
    const lines = order.map((name) => `${written[name]}\n`.replace(/ \{ (.*) \}/, ' {\n$1\n}'));
    const inner = `${header} {\n${lines.join('')}}\n`;
    const text = level === 'root' ? inner : `smtp tcp://127.0.0.1:25 {\n${inner}}\n`;
    const { diagnostics } = analyseText(`tls off\nhostname a.example\n${text}`);
    return diagnostics.some(({ code }) => refusals.has(code.name));
  };

  it.each(names)('%s is what is refused beside it, in one order at least', (name) => {
    for (const [level, header] of Object.entries(levels)) {
      const here = names.filter((each) => findPipelineDirective(each)?.contexts.some((context) => context === level));
      if (!here.includes(name)) continue;
      for (const other of here.filter((each) => each !== name)) {
        const refused = isRefused(level, header, [name, other]) || isRefused(level, header, [other, name]);
        expect([level, other, refused]).toEqual([level, other, exclude(name, other)]);
      }
    }
  });
});
