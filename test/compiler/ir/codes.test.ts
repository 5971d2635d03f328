import { describe, expect, it } from 'vitest';
import { allCodes } from '../../../compiler/diagnostics/codes.ts';
import * as delivery from '../../../compiler/ir/codes/delivery.ts';
import * as names from '../../../compiler/ir/codes/names.ts';
import * as structure from '../../../compiler/ir/codes/structure.ts';
import * as values from '../../../compiler/ir/codes/values.ts';
import { routingRules } from '../../../compiler/rules/routing/routing-rules.ts';
import { rules } from '../../../compiler/rules/rules.ts';
import { ignoreWithoutReason, unknownIgnore, unusedIgnore } from '../../../compiler/settings/codes.ts';
import type { Code, CodePage } from '../../../grammar/code.ts';
import { analyseText } from '../../kit/analysis.ts';

/** Without a sample: what needs a machine, or a settings file; their own tests hold them. */
const codes: readonly Code[] = [
  ...Object.values(names),
  ...Object.values(values),
  ...Object.values(structure),
  ...Object.values(delivery),
  ...rules.map((rule) => rule.code),
  ignoreWithoutReason,
  unusedIgnore,
  unknownIgnore,
].filter((code) => code.page().invalid !== '');

/** A sample is no whole mail server: what becomes of its mail is held only against samples that are about that. */
const aboutRoutes = new Set(routingRules.map((rule) => rule.code));

/** Codes of findings and of what stands in the way of a plan. Hints are for editors. */
function given(sample: string, { given: around }: CodePage): readonly Code[] {
  const analysis = analyseText(sample, { asMaddy: true, targetVersion: around?.targetVersion }, around);
  const all = [...analysis.diagnostics, ...analysis.plan('test').diagnostics];
  return [...new Set(all.filter(({ severity }) => severity !== 'hint').map(({ code }) => code))];
}

describe('codes', () => {
  it('are unique, in number and name', () => {
    expect(new Set(allCodes().map(({ code }) => code)).size).toBe(allCodes().length);
    expect(new Set(allCodes().map(({ name }) => name)).size).toBe(allCodes().length);
  });

  it.each(allCodes())('$code $name says what it is about', ({ code, name, summary, page }) => {
    expect(code).toMatch(/^M[1-9]\d{3}$/);
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(summary.length).toBeGreaterThan(10);
    expect(page().docs.length).toBeGreaterThan(30);
  });

  it.each(codes)('$code $name: the invalid sample gives exactly this finding', (code) => {
    // A finding may be about what maddy does not have at all.
    const found = given(code.page().invalid, code.page()).filter((each) => each === code || each !== names.notInMaddy);
    expect(found.filter((each) => each === code || aboutRoutes.has(each) === aboutRoutes.has(code))).toEqual([code]);
  });

  it.each(codes)('$code $name: the valid sample does not give it, nor any error', (code) => {
    const page = code.page();
    expect(given(page.valid, page)).not.toContain(code);
    expect(analyseText(page.valid, { asMaddy: true }, page.given).loadErrors).toEqual([]);
  });
});
