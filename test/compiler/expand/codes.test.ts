import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts';
import { expandCodes } from '../../../compiler/expand/codes.ts';
import { expand } from '../../../compiler/expand/expand.ts';
import { createMemoryHost } from '../../../compiler/source/memory-host.ts';
import type { CodePage } from '../../../grammar/code.ts';
import { grammarCodes } from '../../../grammar/codes.ts';

const codes = [...grammarCodes, ...expandCodes];

function given(sample: string, { given: around = {} }: CodePage): Diagnostic[] {
  const files = new Map([...Object.entries(around.files ?? {}), ['main.conf', sample]]);
  const host = createMemoryHost({ files, env: new Map(Object.entries(around.env ?? {})) });
  return [...expand('main.conf', host).diagnostics];
}

const codesIn = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.map(({ code }) => code.code);

describe('codes of text and expansion', () => {
  it('are unique, in number and name', () => {
    expect(new Set(codes.map(({ code }) => code)).size).toBe(codes.length);
    expect(new Set(codes.map(({ name }) => name)).size).toBe(codes.length);
  });

  it.each(codes)('$code $name: its invalid sample gives it, its valid one does not', (code) => {
    expect(code.code).toMatch(/^M\d{4}$/);
    const page = code.page();
    expect(codesIn(given(page.invalid, page))).toContain(code.code);
    expect(codesIn(given(page.valid, page))).not.toContain(code.code);
  });

  it.each(codes)('$code: its valid sample has no other finding than hints', (code) => {
    const page = code.page();
    expect(codesIn(given(page.valid, page).filter(({ severity }) => severity !== 'hint'))).toEqual([]);
  });
});
