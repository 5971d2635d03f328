import { describe, expect, it } from 'vitest';
import { type DocumentSymbol, DocumentSymbolRequest, FoldingRangeRequest } from 'vscode-languageserver-protocol/node';
import { edit } from '../kit/editing.ts';

const text = `# First
# and second.
$(domains) = example.org
hostname mx.example.org

(common) {
    debug
}

smtp tcp://0.0.0.0:25 {
    destination $(domains) {
        deliver_to &boxes
    }
    default_destination {
        reject 550
    }
}

# region targets
target.lmtp boxes {
    targets unix:///x
}
# endregion
`;

/** Two blanks a level. */
function printed(symbols: readonly DocumentSymbol[], indent = ''): string {
  return symbols
    .map(
      ({ name, detail, children }) =>
        `${indent}${name}${detail ? ` | ${detail}` : ''}\n${printed(children ?? [], `${indent}  `)}`,
    )
    .join('');
}

describe('document symbols', () => {
  it('are the declarations, the endpoints and what decides where mail goes', async () => {
    const editing = await edit(text);
    const symbols = await editing.client.connection.sendRequest(DocumentSymbolRequest.type, editing.document);
    const trees = (symbols ?? []).filter((each): each is DocumentSymbol => 'selectionRange' in each);
    expect(printed(trees)).toBe(
      [
        '$(domains) | example.org',
        'hostname | mx.example.org',
        '(common) | snippet',
        'smtp | tcp://0.0.0.0:25',
        '  destination | $(domains)',
        '    deliver_to | &boxes',
        '  default_destination',
        '    reject | 550',
        'boxes | target.lmtp',
        '',
      ].join('\n'),
    );
  });

  it('have names that lie inside of them, also in broken files', async () => {
    const editing = await edit('smtp {\n  destination "" {\n}\n} } {\n target.lmtp {{\n "" {\n');
    const symbols = await editing.client.connection.sendRequest(DocumentSymbolRequest.type, editing.document);
    const trees = (symbols ?? []).filter((each): each is DocumentSymbol => 'selectionRange' in each);
    const check = (each: DocumentSymbol): void => {
      expect(each.name).not.toBe('');
      const { range, selectionRange } = each;
      const order = [range.start, selectionRange.start, selectionRange.end, range.end].map(
        ({ line, character }) => line * 1000 + character,
      );
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      each.children?.forEach(check);
    };
    expect(trees.length).toBeGreaterThan(1);
    trees.forEach(check);
  });

  it('are a list for clients that know no trees', async () => {
    const editing = await edit(text, { capabilities: {} });
    const symbols = await editing.client.connection.sendRequest(DocumentSymbolRequest.type, editing.document);
    expect(symbols).toContainEqual(expect.objectContaining({ name: 'deliver_to', containerName: 'destination' }));
  });
});

describe('folding ranges', () => {
  it('are blocks, comments and regions', async () => {
    const editing = await edit(text, { capabilities: { textDocument: { foldingRange: { lineFoldingOnly: true } } } });
    const folds = await editing.client.connection.sendRequest(FoldingRangeRequest.type, editing.document);
    const shown = (folds ?? []).map(
      ({ startLine, endLine, kind }) => `${startLine + 1}-${endLine + 1} ${kind ?? 'block'}`,
    );
    expect(shown.toSorted()).toEqual(
      [
        '1-2 comment',
        '6-7 block',
        '10-16 block',
        '11-12 block',
        '14-15 block',
        '19-23 region',
        '20-21 block',
      ].toSorted(),
    );
  });
});
