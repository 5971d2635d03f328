import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Diagnostic, Fix } from '../../../compiler/index.ts';
import { analyseText } from '../../kit/analysis.ts';

const folder = new URL('../../golden/findings/', import.meta.url);

function applied(text: string, { edits }: Fix): string {
  return [...edits]
    .sort((a, b) => b.range.start - a.range.start)
    .reduce((all, edit) => all.slice(0, edit.range.start) + edit.text + all.slice(edit.range.end), text);
}

const codesOf = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics.map(({ code }) => code.code).sort();

describe('safe fixes', () => {
  it.each(readdirSync(folder))('%s: each takes its finding away', (name) => {
    const [text = ''] = readFileSync(new URL(name, folder), 'utf8').split('----------\n');
    const { diagnostics } = analyseText(text);
    for (const diagnostic of diagnostics) {
      for (const fix of diagnostic.fixes.filter(({ safe }) => safe)) {
        const left = codesOf(analyseText(applied(text, fix)).diagnostics);
        expect(left.filter((code) => code === diagnostic.code.code).length, fix.title).toBeLessThan(
          codesOf(diagnostics).filter((code) => code === diagnostic.code.code).length,
        );
      }
    }
  });
});

describe('the full name of a module at the top level', () => {
  const fixOf = (line: string) => analyseText(`${line}\n`).diagnostics.flatMap(({ fixes }) => fixes);

  it.each([
    ['limits_of_nobody {\n}', []],
    ['queue outbound {\n}', [{ title: 'write target.queue', safe: true }]],
    ['dovecot_sasld unix:///run/auth {\n}', []],
    ['replace_rcpt &aliases', [{ title: 'write modify.replace_rcpt', safe: false }]],
  ])('is put there unasked only where %s is no part of a pipeline', (line, fixes) => {
    expect(fixOf(line)).toMatchObject(fixes);
  });
});
