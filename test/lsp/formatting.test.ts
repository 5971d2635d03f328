import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentFormattingRequest } from 'vscode-languageserver-protocol/node';
import { lineEdits } from '../../lsp/text/line-edits.ts';
import { edit } from '../kit/editing.ts';

const options = { tabSize: 4, insertSpaces: true };

async function format(text: string): Promise<{ readonly text: string; readonly edits: number }> {
  const editing = await edit(text);
  const edits =
    (await editing.client.connection.sendRequest(DocumentFormattingRequest.type, { ...editing.document, options })) ??
    [];
  return { text: editing.edited(edits), edits: edits.length };
}

describe('formatting', () => {
  it('indents, and leaves comments and words alone', async () => {
    const { text } = await format(
      '# A\nsmtp   tcp://0.0.0.0:25 { # b\n\tdeliver_to  &a\n      check {\nspf\n}\n}\n\n\n\nhostname x',
    );
    expect(text).toBe(
      '# A\nsmtp tcp://0.0.0.0:25 { # b\n    deliver_to &a\n    check {\n        spf\n    }\n}\n\nhostname x\n',
    );
    expect(await format(text)).toEqual({ text, edits: 0 });
  });

  it('touches only the lines that change', async () => {
    const { edits } = await format('hostname a\nsmtp x {\n  deliver_to &a\n}\nhostname b\n');
    expect(edits).toBe(1);
  });

  it('takes lines that follow each other together where very many change', async () => {
    const untidy = 'smtp tcp://127.0.0.1:25 {\n  deliver_to dummy\n  hostname mx.example.org\n}\n'.repeat(600);
    const { text, edits } = await format(untidy);
    expect(text).toBe(untidy.replaceAll('\n  ', '\n    '));
    expect(edits).toBe(600);
  });

  it('leaves broken parts as they are', async () => {
    const broken = 'smtp x {\n  deliver_to &a\n';
    expect(await format(broken)).toEqual({ text: broken, edits: 0 });
  });
});

describe('line edits', () => {
  const apply = (before: string, after: string): string =>
    lineEdits(before, after).reduceRight(
      (text, { range, text: inserted }) => text.slice(0, range.start) + inserted + text.slice(range.end),
      before,
    );

  it('give the wanted text, whatever the two are', () => {
    const lines = fc.array(fc.constantFrom('a', ' a', 'a b', '', '  ', '}', '"a"')).map((list) => list.join('\n'));
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        expect(apply(before, after)).toBe(after);
      }),
    );
  });
});
