import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textmateGrammar } from '../../compiler/editor/textmate-grammar.ts';

const root = join(import.meta.dirname, '../..');
const grammar = join(root, 'vscode-extension/syntaxes/maddy.tmLanguage.json');
const samples = join(import.meta.dirname, 'textmate');

describe('the TextMate grammar', () => {
  it.each(readdirSync(samples))('gives the scopes that are written below the lines of %s', (file) => {
    const program = join(root, 'node_modules/vscode-tmgrammar-test/dist/unit.js');
    const run = () =>
      execFileSync(process.execPath, [program, '-g', grammar, join(samples, file)], {
        encoding: 'utf8',
        timeout: 15_000,
      });
    expect(run()).toContain('run success');
  });

  it('is the one that the catalog gives', () => {
    expect(JSON.parse(readFileSync(grammar, 'utf8'))).toEqual(textmateGrammar());
  });
});
