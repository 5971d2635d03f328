import { describe, expect, it } from 'vitest';
import { expand } from '../../../compiler/expand/expand.ts';
import type { ExpandedArg, ExpandedDirective } from '../../../compiler/expand/expanded.ts';
import type { Host } from '../../../compiler/host.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import type { Origin } from '../../../compiler/source/origin.ts';
import { positionAt } from '../../../compiler/source/source-file.ts';
import type { Dialect } from '../../../grammar/dialect.ts';

const files = (record: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(record));

const place = ({ file, range }: Pick<Origin, 'file' | 'range'>): string => {
  const { line, column } = positionAt(file, range.start);
  return `${file.path}:${line}:${column} ${file.text.slice(range.start, range.end)}`;
};

/** Where a value is written, and each step from there to its use. */
function way({ origin }: ExpandedArg | ExpandedDirective): string[] {
  const steps = [place(origin)];
  for (let via = origin.via; via !== null; via = via.next) steps.push(`${via.kind} ${via.name}: ${place(via)}`);
  return steps;
}

function ways(directives: readonly ExpandedDirective[]): Record<string, string[]> {
  return Object.fromEntries(
    directives.flatMap((directive) => [
      ...directive.args.map((arg): [string, string[]] => [arg.value, way(arg)]),
      ...Object.entries(ways(directive.block ?? [])),
    ]),
  );
}

describe('every value knows where it came from', () => {
  it('through macros, snippets, imports and the environment', () => {
    const host = createMemoryHost({
      files: files({
        'main.conf': 'import conf.d/common\nsmtp plain {\n    import limits\n}\n',
        'conf.d/common.conf':
          '$(rate) = 20\n$(burst) = $(rate) 1s\n(limits) {\n    all rate $(burst)\n    host mx.$(rate)\n    import inner\n}\n(inner) {\n    debug {env:DEBUG}\n}\n',
      }),
      env: new Map([['DEBUG', 'yes']]),
    });
    const { directives, refusal } = expand('main.conf', host);
    expect(refusal).toBeNull();
    expect(ways(directives)).toEqual({
      plain: ['main.conf:2:6 plain'],
      rate: ['conf.d/common:4:9 rate', 'snippet limits: main.conf:3:5 import limits'],
      20: [
        'conf.d/common:1:11 20',
        'macro rate: conf.d/common:2:12 $(rate)',
        'macro burst: conf.d/common:4:14 $(burst)',
        'snippet limits: main.conf:3:5 import limits',
      ],
      '1s': [
        'conf.d/common:2:20 1s',
        'macro burst: conf.d/common:4:14 $(burst)',
        'snippet limits: main.conf:3:5 import limits',
      ],
      'mx.20': [
        'conf.d/common:5:10 mx.$(rate)',
        'macro rate: conf.d/common:5:13 $(rate)',
        'snippet limits: main.conf:3:5 import limits',
      ],
      yes: [
        'conf.d/common:9:11 {env:DEBUG}',
        'environment DEBUG: conf.d/common:9:11 {env:DEBUG}',
        'snippet inner: conf.d/common:6:5 import inner',
        'snippet limits: main.conf:3:5 import limits',
      ],
    });
  });

  it('directives of an imported file know the import', () => {
    const host = createMemoryHost({
      files: files({ 'main.conf': 'x {\n import other.conf\n}\n', 'other.conf': 'y {\n z\n}\n' }),
    });
    const inner = expand('main.conf', host).directives[0]?.block?.[0]?.block?.[0];
    expect(inner === undefined ? [] : way(inner)).toEqual([
      'other.conf:2:2 z',
      'import other.conf: main.conf:2:2 import other.conf',
    ]);
  });

  it('arguments that disappear are remembered', () => {
    const text = 'destination $(domains) x$(domains) {\n}\n';
    const [directive] = expand('main.conf', createMemoryHost({ files: files({ 'main.conf': text }) })).directives;
    expect(directive?.args.map(({ value }) => value)).toEqual(['x']);
    expect(directive?.vanished?.map(({ value, origin }) => [value, place(origin)])).toEqual([
      ['$(domains)', 'main.conf:1:13 $(domains)'],
    ]);
  });

  it('findings show the way as related places', () => {
    const text = '(s) {\n import nope\n}\nimport s\n';
    const [finding] = expand('main.conf', createMemoryHost({ files: files({ 'main.conf': text }) })).diagnostics;
    expect(finding?.code.code).toBe('M1013');
    expect(finding?.place === null || finding?.place === undefined ? null : place(finding.place)).toBe(
      'main.conf:2:9 nope',
    );
    expect(finding?.related.map(place)).toEqual(['main.conf:4:1 import s']);
  });
});

describe('what the host does not know is asked for', () => {
  it('step by step, as the driver loads it', () => {
    const disk = createMemoryHost({
      files: files({ 'main.conf': 'import a\nb\n', 'a.conf': 'import c\n', 'c.conf': 'd\n' }),
    });
    const loaded = new Set(['main.conf']);
    const host: Host = { env: new Map(), read: (path) => (loaded.has(path) ? disk.read(path) : undefined) };
    const asked: string[] = [];
    let result = expand('main.conf', host);
    while (result.missing.length > 0) {
      asked.push(...result.missing);
      for (const path of result.missing) loaded.add(path);
      result = expand('main.conf', host);
    }
    expect(asked).toEqual(['a', 'a.conf', 'c', 'c.conf']);
    expect(result.directives.map(({ name }) => name)).toEqual(['d', 'b']);
    expect(result.refusal).toBeNull();
  });

  it('a main file that is not there is an error', () => {
    expect(expand('x.conf', { env: new Map(), read: () => undefined }).missing).toEqual(['x.conf']);
    const { refusal, diagnostics } = expand('x.conf', createMemoryHost({ files: new Map() }));
    expect(refusal).toBe('open x.conf: no such file or directory');
    expect(diagnostics.map(({ code }) => code.code)).toEqual(['M1016']);
  });
});

describe('the dialect', () => {
  const dialectsOf = (name: string): readonly Dialect[] | null => {
    const known: Record<string, readonly Dialect[]> = {
      hostname: ['maddy', 'madmail-0', 'madmail-2'],
      'storage.imapsql': ['maddy', 'madmail-0'],
      chatmail: ['madmail-0', 'madmail-2'],
      turn: ['madmail-0', 'madmail-2'],
      http: ['madmail-2'],
      iroh: ['madmail-0'],
    };
    return known[name] ?? null;
  };
  const told = (text: string, dialect?: Dialect): Dialect =>
    expand('main.conf', createMemoryHost({ files: files({ 'main.conf': text }) }), { dialect, dialectsOf }).dialect;

  it.each([
    ['option before comment', 'maddy', '# maddyc: dialect=madmail-2\nhttp x\n', 'maddy'],
    ['comment before use', undefined, '# maddyc: dialect=madmail-0\nhttp x\n', 'madmail-0'],
    ['a comment with the short name', undefined, '# maddyc: dialect=madmail\n', 'madmail-2'],
    ['an unknown name in the comment says nothing', undefined, '# maddyc: dialect=postfix\n', 'maddy'],
    ['nothing speaks against maddy', undefined, 'hostname x\nstorage.imapsql y\n', 'maddy'],
    ['both Madmails: the current one', undefined, 'hostname x\nchatmail y\n', 'madmail-2'],
    ['the older Madmail', undefined, 'chatmail y\niroh z\n', 'madmail-0'],
    ['names of no dialect', undefined, 'nonsense\n', 'maddy'],
  ] as const)('%s', (_, option, text, expected) => {
    expect(told(text, option)).toBe(expected);
  });

  it('decides how the file is read', () => {
    const text = 'chatmail a\\\nb\n';
    const { directives } = expand('main.conf', createMemoryHost({ files: files({ 'main.conf': text }) }), {
      dialectsOf,
    });
    expect(directives.map(({ args }) => args.map(({ value }) => value))).toEqual([['a', 'b']]);
  });
});

describe('the environment', () => {
  const host = createMemoryHost({ files: files({ 'main.conf': 'a {env:X} p{env:Y}q\n' }), env: new Map([['X', 'v']]) });
  const values = (keepEnvironment: boolean) =>
    expand('main.conf', host, { keepEnvironment }).directives[0]?.args.map(({ value }) => value);

  it('is put in, or left for run', () => {
    expect(values(false)).toEqual(['v', 'pq']);
    expect(values(true)).toEqual(['{env:X}', 'p{env:Y}q']);
  });

  it("missing variables are a warning only when the environment is the server's", () => {
    const severities = (environmentIsComplete: boolean) =>
      expand('main.conf', host, { environmentIsComplete }).diagnostics.map(({ code, severity }) => [
        code.code,
        severity,
      ]);
    expect(severities(false)).toEqual([['M3102', 'info']]);
    expect(severities(true)).toEqual([['M3102', 'warning']]);
  });
});
