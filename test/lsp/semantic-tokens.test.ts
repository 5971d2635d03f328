import { describe, expect, it } from 'vitest';
import {
  type SemanticTokens,
  SemanticTokensDeltaRequest,
  SemanticTokensRangeRequest,
  SemanticTokensRequest,
} from 'vscode-languageserver-protocol/node';
import { tokenModifiers, tokenTypes } from '../../compiler/editor/semantic-tokens.ts';
import { edit } from '../kit/editing.ts';
import { fullCapabilities } from '../kit/lsp.ts';

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
    const delta = await client.connection.sendRequest(SemanticTokensDeltaRequest.type, {
      ...document,
      previousResultId: first?.resultId ?? '',
    });
    if (first === null || delta === null || !('edits' in delta)) throw new Error('no changes');
    const data = [...first.data];
    for (const { start, deleteCount, data: put = [] } of delta.edits.toReversed())
      data.splice(start, deleteCount, ...put);
    expect(read(next, { data })).toEqual(await tokensIn(next));
    expect(delta.edits.length).toBeGreaterThan(0);
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
