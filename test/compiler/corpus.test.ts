import { describe, expect, it } from 'vitest';
import { analyse, prettyReport } from '../../compiler/index.ts';
import { createMemoryHost } from '../../compiler/source/memory-host.ts';
import { corpusEntries, corpusFile } from '../kit/corpus.ts';

/** Where our verdict differs from the recorded one, and why. */
const exceptions: ReadonlyMap<string, string> = new Map([
  [
    'files/themadorg_madmail__maddy-ea8754d6.conf',
    'maddy stopped at the machine (no syslog daemon); on any other machine it refuses auth.memauth, a module of Madmail, as we do',
  ],
]);

/** `FILE` stands for the name of the file in recorded texts. */
function analysed(file: string): ReturnType<typeof analyse> {
  const files = new Map([['FILE', corpusFile(file)]]);
  return analyse('FILE', createMemoryHost({ files }), { dialect: 'maddy', asMaddy: true });
}

/** Texts of the reader are recorded with it and without. */
function withoutPrefix(text: string | null): string | undefined {
  return text?.replace('failed to read config FILE: ', '');
}

describe.skipIf(corpusEntries().length === 0)('real configurations', () => {
  it.each(corpusEntries().filter(({ file, artifact }) => !artifact && !exceptions.has(file)))(
    '$file: $verdict',
    ({ file, verdict, error }) => {
      const { accepted, error: ours } = analysed(file).reference();
      // What only the machine decides is not seen in the file.
      expect(accepted, ours ?? '').toBe(['ok', 'ok-with-environment', 'environment'].includes(verdict));
      if (!accepted) expect(withoutPrefix(ours)).toBe(withoutPrefix(error));
    },
  );

  it.each([
    'files/foxcpp_maddy__maddy-82663070.conf',
    'seed-1-dovecot.conf',
    'seed-2-relay.conf',
    'seed-3-relay-local-routing.conf',
  ])('%s compiles, twice to the same bytes', (file) => {
    const { plan, diagnostics } = analysed(file).plan('test');
    expect(diagnostics).toEqual([]);
    expect(JSON.stringify(analysed(file).plan('test').plan)).toBe(JSON.stringify(plan));
  });

  it.each([
    // No table of aliases beside it, and TLS demanded of every server: both true, and for the admin to decide.
    ['files/foxcpp_maddy__maddy-82663070.conf', ['M5105 info', 'M7104 info']],
    // The same, and LMTP without a queue in between.
    ['seed-1-dovecot.conf', ['M5105 info', 'M5110 info', 'M7104 info']],
    // Every program on the host may send as anybody, and bounces of the domain are refused: both true.
    ['seed-2-relay.conf', ['M2107 hint', 'M6101 warning', 'M7104 info', 'M5102 warning']],
    ['seed-3-relay-local-routing.conf', ['M5110 info', 'M6101 warning']],
  ])('%s gets only findings that an admin would agree with', (file, expected) => {
    const { diagnostics } = analyse('FILE', createMemoryHost({ files: new Map([['FILE', corpusFile(file)]]) }));
    expect(diagnostics.map(({ code, severity }) => `${code.code} ${severity}`)).toEqual(expected);
  });

  it.each([
    ['seed-x-fragment-only.conf', ['M2113 2:1', 'M2113 2:1', 'M2102 3:16']],
    ['seed-x-leftover-storage.conf', ['M2106 4:17']],
    ['seed-x-literal-name-mismatch.conf', ['M2102 29:20']],
  ])('%s has its mistake told at the cause', (file, expected) => {
    const { loadErrors } = analysed(file);
    const places = loadErrors.map(({ code, place }) => {
      const before = place?.file.text.slice(0, place.range.start).split('\n') ?? [];
      return `${code.code} ${before.length}:${(before.at(-1) ?? '').length + 1}`;
    });
    expect(places).toEqual(expected);
    expect(prettyReport(loadErrors, { color: false, unicode: true, columns: 100 })).toMatch(/maddyc explain/);
  });
});
