import { describe, expect, it } from 'vitest';
import {
  DocumentHighlightRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { edit, folder, mainUri, type Surrounding } from '../kit/editing.ts';

const blocks = `target.lmtp boxes {
    targets tcp://127.0.0.1:24
}
import part.conf
smtp tcp://127.0.0.1:25 {
    deliver_to &bo<|>xes
}
`;
const files = { 'part.conf': 'target.queue outgoing {\n    target &boxes\n}\n' };

async function places(
  marked: string,
  includeDeclaration: boolean,
  surrounding?: Surrounding,
): Promise<readonly string[]> {
  const editing = await edit(marked, surrounding);
  const answer = await editing.client.connection.sendRequest(ReferencesRequest.type, {
    ...editing.at(),
    context: { includeDeclaration },
  });
  return (answer ?? []).map(
    ({ uri, range: { start, end } }) =>
      `${uri.slice(folder.length + 1)} ${start.line}:${start.character}-${end.character}`,
  );
}

describe('references', () => {
  it('of a block are all `&name`, in every file', async () => {
    expect(await places(blocks, false, { files })).toEqual(['maddy.conf 5:16-21', 'part.conf 1:12-17']);
    expect(await places(blocks, true, { files })).toContain('maddy.conf 0:12-17');
  });

  it('of a macro stay in its file, also within words and texts', async () => {
    expect(await places('$(<|>a) = x\nhostname mx.$(a).org\nlog "$(a) $(a)"\n', true)).toEqual([
      'maddy.conf 0:2-3',
      'maddy.conf 1:14-15',
      'maddy.conf 2:7-8',
      'maddy.conf 2:12-13',
    ]);
  });

  it('of a snippet are its imports', async () => {
    expect(await places('(s<|>) {\n    debug\n}\nsmtp tcp://127.0.0.1:25 {\n    import s\n}\n', true)).toEqual([
      'maddy.conf 0:1-2',
      'maddy.conf 4:11-12',
    ]);
  });

  it('of a name that stands without `&`', async () => {
    const text =
      'mx_auth.dane x {\n}\ntarget.remote y {\n    mx_auth &x\n}\nstorage.imapsql b {\n    imap_filter &x\n}\n';
    expect(await places(text.replace('&x', '&<|>x'), true)).toHaveLength(3);
  });

  it('are none elsewhere, nor in broken texts', async () => {
    expect(await places('host<|>name a\n', true)).toEqual([]);
    expect(await places('smtp x {\n  deliver_to &<|>', true)).toEqual([]);
    expect(await places('smtp x {\n  deliver_to &<|>a', true)).toEqual(['maddy.conf 1:14-15']);
    expect(await places('$(<|>a = x\n', true)).toEqual([]);
  });
});

describe('highlight', () => {
  it('tells the declaration from the uses', async () => {
    const editing = await edit(blocks, { files });
    const answer = await editing.client.connection.sendRequest(DocumentHighlightRequest.type, editing.at());
    expect(answer?.map(({ range, kind }) => [range.start.line, kind])).toEqual([
      [0, 3],
      [5, 2],
    ]);
  });
});

describe('rename', () => {
  async function renamed(
    marked: string,
    newName: string,
    surrounding: Surrounding = {},
  ): Promise<Readonly<Record<string, string>>> {
    const editing = await edit(marked, surrounding);
    const answer = await editing.client.connection.sendRequest(RenameRequest.type, { ...editing.at(), newName });
    const texts = new Map([[mainUri, editing.text]]);
    for (const [name, text] of Object.entries(surrounding.files ?? {})) texts.set(`${folder}/${name}`, text);
    return Object.fromEntries(
      Object.entries(answer?.changes ?? {}).map(([uri, edits]) => [
        uri.slice(folder.length + 1),
        TextDocument.applyEdits(TextDocument.create(uri, 'maddy', 1, texts.get(uri) ?? ''), edits),
      ]),
    );
  }

  it('of a block changes every file', async () => {
    expect(await renamed(blocks, 'mailboxes', { files })).toEqual({
      'maddy.conf': blocks.replace('<|>', '').replaceAll('boxes', 'mailboxes'),
      'part.conf': files['part.conf'].replaceAll('boxes', 'mailboxes'),
    });
  });

  it('of a macro', async () => {
    expect(await renamed('$(a) = x\nhostname mx.$(<|>a).a\n', 'domain')).toEqual({
      'maddy.conf': '$(domain) = x\nhostname mx.$(domain).a\n',
    });
  });

  it('of a snippet that another file declares', async () => {
    const parts = { 'part.conf': '(s) {\n    debug\n}\n' };
    expect(await renamed('import part.conf\nsmtp x {\n    import <|>s\n}\n', 'talk', { files: parts })).toEqual({
      'maddy.conf': 'import part.conf\nsmtp x {\n    import talk\n}\n',
      'part.conf': '(talk) {\n    debug\n}\n',
    });
  });

  it.each([
    ['a name that is taken', 'outgoing', /already a block/],
    ['a name that is none', 'a b', /cannot be a name/],
  ])('refuses %s', async (_, newName, message) => {
    await expect(renamed(blocks, newName, { files })).rejects.toThrow(message);
  });

  it.each(['host<|>name a\n', 'import <|>nowhere\n', 'deliver_to &<|>nowhere\n', 'auth.external <|>{\n}\n'])(
    'has nothing to offer at %j',
    async (marked) => {
      const editing = await edit(marked);
      expect(await editing.client.connection.sendRequest(PrepareRenameRequest.type, editing.at())).toBeNull();
    },
  );

  it('is prepared with the name alone', async () => {
    const editing = await edit('$(a) = x\nhostname "mx.$(<|>a)"\n');
    expect(await editing.client.connection.sendRequest(PrepareRenameRequest.type, editing.at())).toEqual({
      range: { start: { line: 1, character: 15 }, end: { line: 1, character: 16 } },
      placeholder: 'a',
    });
  });
});
