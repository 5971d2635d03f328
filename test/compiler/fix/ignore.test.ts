import { describe, expect, it } from 'vitest';
import { allCodes } from '../../../compiler/diagnostics/codes.ts';
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts';
import { IgnoreFixes } from '../../../compiler/fix/ignore.ts';
import { applyEdits } from '../../../compiler/fix/select.ts';
import type { Analysis } from '../../../compiler/index.ts';
import type { CodePage } from '../../../grammar/code.ts';
import { analyseText, findingLines } from '../../kit/analysis.ts';

const analysed = (text: string, { given }: CodePage): Analysis =>
  analyseText(text, { targetVersion: given?.targetVersion }, given);

/** Findings of a text itself that do not keep it from being loaded, and the text with each of them ignored. */
function ignorable(
  text: string,
  { diagnostics, loadErrors, startErrors }: Analysis,
): readonly { readonly finding: Diagnostic; readonly ignored: string }[] {
  const fixes = new IgnoreFixes();
  return diagnostics
    .filter((each) => each.place?.file.text === text && !loadErrors.includes(each) && !startErrors.includes(each))
    .flatMap((finding) => {
      const fix = fixes.of(finding);
      return fix === null ? [] : [{ finding, ignored: applyEdits(text, fix.edits) }];
    });
}

describe('a comment that is offered', () => {
  const samples = allCodes().filter((code) => code.page().invalid !== '');

  it.each(samples)('silences what is found in the sample of $code', (code) => {
    const page = code.page();
    const count = (analysis: Analysis, { code: of }: Diagnostic): number =>
      analysis.diagnostics.filter((each) => each.code === of).length;
    const before = analysed(page.invalid, page);
    for (const { finding, ignored } of ignorable(page.invalid, before)) {
      const after = analysed(ignored, page);
      expect(findingLines(after).filter((line) => /^M19/.test(line))).toEqual([]);
      expect(count(after, finding)).toBeLessThan(count(before, finding));
    }
  });

  it('is none within a quoted text', () => {
    const page: CodePage = { docs: '', invalid: '', valid: '' };
    const found = (text: string): readonly string[] =>
      ignorable(text, analysed(text, page)).map(({ finding }) => finding.code.code);
    expect(found('state_dir "/srv\nhostname "mx.example.org"\n')).not.toContain('M1113');
    expect(found('state_dir "/srv"\nhostname mx."example.org"\n')).toContain('M1113');
  });
});
