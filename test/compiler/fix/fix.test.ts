import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../compiler/diagnostics/diagnose.ts';
import { fixAll } from '../../../compiler/fix/fix.ts';
import { applyEdits, selectFixes } from '../../../compiler/fix/select.ts';
import { unusedIgnore } from '../../../compiler/settings/codes.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import { createSourceFile } from '../../../compiler/source/source-file.ts';

const fix = (files: Readonly<Record<string, string>>, choice: 'safe' | 'all' = 'safe') =>
  fixAll('maddy.conf', createMemoryHost({ files: new Map(Object.entries(files)) }), {}, choice);

describe('fixes', () => {
  it('reach every file of a configuration, round after round', () => {
    const { files, analysis } = fix({
      'maddy.conf': 'hostname mx\ntls off\nimport part\nsmtp tcp://127.0.0.1:25{\n# maddyc-ignore M3105 x\nreject\n}\n',
      'part.conf': '# maddyc-ignore M4103 not any more\nstate_dir /var/lib/maddy\n',
    });
    expect(files).toEqual([
      {
        path: 'maddy.conf',
        before: expect.stringContaining('25{'),
        after: 'hostname mx\ntls off\nimport part.conf\nsmtp tcp://127.0.0.1:25 {\nreject\n}\n',
      },
      { path: 'part.conf', before: expect.anything(), after: 'state_dir /var/lib/maddy\n' },
    ]);
    expect(analysis.diagnostics).toEqual([]);
  });

  it('that are not certain wait for --fix=all', () => {
    const text = 'hostname mx\ntls off\nsmtp tcp://127.0.0.1:25 {\nrejct\n}\n';
    const { analysis } = fix({ 'maddy.conf': text });
    expect(fix({ 'maddy.conf': text }, 'all').applied.length).toBeGreaterThanOrEqual(
      fix({ 'maddy.conf': text }).applied.length,
    );
    expect(analysis.missing).toEqual([]);
  });

  it('never overlap within one round', () => {
    const text = 'abcdefghijklmnopqrst';
    const file = createSourceFile('x', text);
    const edit = fc.tuple(fc.nat(19), fc.nat(5), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 8 }), (edits) => {
        const diagnostics = edits.map(([start, length, inserted]) =>
          diagnose(unusedIgnore, 'x', null, {
            fixes: [
              {
                title: 'x',
                safe: true,
                edits: [{ file, range: { start, end: Math.min(20, start + length) }, text: inserted }],
              },
            ],
          }),
        );
        const chosen = selectFixes(diagnostics, 'safe').flatMap((each) => each.edits);
        if (edits.length > 0) expect(chosen.length).toBeGreaterThan(0);
        const growth = chosen.reduce((sum, each) => sum + each.text.length - (each.range.end - each.range.start), 0);
        expect(applyEdits(text, chosen)).toHaveLength(text.length + growth);
      }),
    );
  });
});
