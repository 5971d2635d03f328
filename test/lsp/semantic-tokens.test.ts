import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type SemanticTokens,
  type SemanticTokensDelta,
  SemanticTokensDeltaRequest,
  SemanticTokensRangeRequest,
  SemanticTokensRequest,
  type TextDocumentIdentifier,
} from 'vscode-languageserver-protocol/node';
import { tokenModifiers, tokenTypes } from '../../compiler/editor/semantic-tokens.ts';
import { edit } from '../kit/editing.ts';
import { fullCapabilities, type LspClient } from '../kit/lsp.ts';

/** `word type[.modifier]`, one for each token. */
function read(text: string, { data }: Pick<SemanticTokens, 'data'>): readonly string[] {
  const lines = text.split('\n');
  const found: string[] = [];
  let line = 0;
  let character = 0;
  for (let at = 0; at + 5 <= data.length; at += 5) {
    const [down = 0, right = 0, length = 0, type = 0, modifiers = 0] = data.slice(at, at + 5);
    character = down === 0 ? character + right : right;
    line += down;
    const modifier = tokenModifiers.filter((_, bit) => (modifiers & (1 << bit)) !== 0).map((name) => `.${name}`);
    found.push(`${lines[line]?.slice(character, character + length)} ${tokenTypes[type]}${modifier.join('')}`);
  }
  return found;
}

function changed(before: readonly number[], { edits }: SemanticTokensDelta): number[] {
  const data = [...before];
  for (const { start, deleteCount, data: put = [] } of edits.toReversed()) data.splice(start, deleteCount, ...put);
  return data;
}

async function changesSince(
  { connection }: LspClient,
  document: { readonly textDocument: TextDocumentIdentifier },
  last: { readonly resultId?: string } | null,
): Promise<SemanticTokensDelta> {
  const previousResultId = last?.resultId ?? '';
  const delta = await connection.sendRequest(SemanticTokensDeltaRequest.type, { ...document, previousResultId });
  if (delta === null || !('edits' in delta)) throw new Error('no changes');
  return delta;
}

async function tokensIn(text: string): Promise<readonly string[]> {
  const editing = await edit(text);
  const answer = await editing.client.connection.sendRequest(SemanticTokensRequest.type, editing.document);
  return read(text, answer ?? { data: [] });
}

describe('semantic tokens', () => {
  it('say what words mean', async () => {
    const text = `$(domain) = example.org
target.lmtp boxes {
    targets tcp://127.0.0.1:24
}
smtp tcp://127.0.0.1:25 {
    max_message_size 10M
    destination $(domain) {
        deliver_to &boxes
    }
    default_destination {
        reject 550 5.7.1 "not here"
    }
}
`;
    expect(await tokensIn(text)).toEqual([
      '$(domain) macro.declaration',
      '= operator',
      'example.org string',
      'target.lmtp class',
      'boxes variable.declaration',
      'targets property',
      'tcp://127.0.0.1:24 string',
      'smtp class',
      'tcp://127.0.0.1:25 string',
      'max_message_size property',
      '10M number',
      'destination keyword',
      '$(domain) macro',
      'deliver_to keyword',
      '&boxes variable',
      'default_destination keyword',
      'reject keyword',
      '550 number',
      '5.7.1 number',
      '"not here" string',
    ]);
  });

  it('split what spans lines', async () => {
    expect(await tokensIn('hostname "a\nb"\n')).toEqual(['hostname property', '"a string', 'b" string']);
  });

  it('are there for broken texts', async () => {
    expect(await tokensIn('smtp x {\n  deliver_to &')).toContain('deliver_to keyword');
    expect(await tokensIn('} } {\n')).toEqual([]);
  });

  it('of a range are those of its lines', async () => {
    const text = 'hostname a\ntls off\nstate_dir /x\n';
    const editing = await edit(text);
    const answer = await editing.client.connection.sendRequest(SemanticTokensRangeRequest.type, {
      ...editing.document,
      range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } },
    });
    expect(read(text, answer ?? { data: [] })).toEqual(['tls property', 'off enumMember']);
  });

  it('are told as changes of the last ones', async () => {
    const { client, document, uri } = await edit('hostname a\ntls off\n');
    const first = await client.connection.sendRequest(SemanticTokensRequest.type, document);
    const next = 'hostname a\ndebug\ntls off\n';
    await client.change(uri, 2, [{ text: next }]);
    const delta = await changesSince(client, document, first);
    const data = changed(first?.data ?? [], delta);
    expect(read(next, { data })).toEqual(await tokensIn(next));
    expect(delta.edits.length).toBeGreaterThan(0);
    expect((await changesSince(client, document, delta)).edits).toEqual([]);
  });

  it('are told anew where the last answer was another one', async () => {
    const { client, document } = await edit('hostname a\n');
    const answer = await client.connection.sendRequest(SemanticTokensDeltaRequest.type, {
      ...document,
      previousResultId: 'of another server',
    });
    expect(answer).toEqual(await client.connection.sendRequest(SemanticTokensRequest.type, document));
  });

  it('are those of the text as it is now after any edits, told as changes or whole', async () => {
    const { client, document, uri } = await edit('');
    let version = 1;
    let last = { resultId: '', data: [0] };
    const line = fc.constantFrom('hostname a', 'tls off', 'smtp x {', '}', '$(a) = b', 'log $(a) "c d"', '', '# e');
    const lines = fc.array(line, { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(lines, async (texts) => {
        version += 1;
        await client.change(uri, version, [{ text: texts.join('\n') }]);
        const delta = await client.connection.sendRequest(SemanticTokensDeltaRequest.type, {
          ...document,
          previousResultId: last.resultId,
        });
        if (delta === null) throw new Error('no answer');
        const data = 'edits' in delta ? changed(last.data, delta) : delta.data;
        last = { resultId: delta.resultId ?? '', data };
        expect(await client.connection.sendRequest(SemanticTokensRequest.type, document)).toEqual(last);
        const fresh = `${uri}-${version}`;
        await client.open(fresh, texts.join('\n'));
        const textDocument = { uri: fresh };
        expect((await client.connection.sendRequest(SemanticTokensRequest.type, { textDocument }))?.data).toEqual(data);
      }),
      { numRuns: 30 },
    );
  });

  it('change with another file of the configuration', async () => {
    const { client, uri } = await edit('import part.conf\n', { files: { 'part.conf': '' } });
    const part = uri.replace(/[^/]*$/, 'part.conf');
    const text = 'deliver_to dummy\n';
    await client.open(part, text);
    const tokens = async () => {
      const textDocument = { uri: part };
      const answer = await client.connection.sendRequest(SemanticTokensRequest.type, { textDocument });
      return read(text, answer ?? { data: [] });
    };
    await client.findings(part, 1);
    expect(await tokens()).toEqual(['dummy string']);
    await client.change(uri, 2, [{ text: 'smtp tcp://127.0.0.1:25 {\n    import part.conf\n}\n' }]);
    await client.findings(uri, 2);
    expect(await tokens()).toEqual(['deliver_to keyword', 'dummy class']);
  });

  it('stand in the order of the text where arguments follow a block', async () => {
    expect(await tokensIn('smtp \\\n{\n    tls off\n} b\n')).toEqual([
      'smtp class',
      'tls property',
      'off enumMember',
      'b string',
    ]);
  });
});

describe('places of semantic tokens', () => {
  it.each([
    ['CRLF', 'hostname a\r\ntls off\r\n'],
    ['lone CRs', 'log "x\ry"\ntls off\n'],
    ['characters beyond the first plane', '$(😀) = 😀\nhostname x$(😀)y\n'],
    ['a byte order mark', '\ufeffhostname a\n'],
  ])('are the same in every encoding of positions, with %s', async (_, text) => {
    const counted = async (encoding: string): Promise<readonly number[]> => {
      const capabilities = { ...fullCapabilities, general: { positionEncodings: [encoding] } };
      const { client, document } = await edit(text, { capabilities });
      const { data = [] } = (await client.connection.sendRequest(SemanticTokensRequest.type, document)) ?? {};
      // Lines and kinds do not depend on how characters are counted.
      return data.filter((_number, at) => at % 5 === 0 || at % 5 === 3);
    };
    expect(await counted('utf-16')).toEqual(await counted('utf-8'));
  });
});
