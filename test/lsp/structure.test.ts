import { describe, expect, it } from 'vitest';
import {
  CallHierarchyIncomingCallsRequest,
  CallHierarchyOutgoingCallsRequest,
  CallHierarchyPrepareRequest,
  CodeLensRequest,
  CodeLensResolveRequest,
  DocumentLinkRequest,
  InlayHintRequest,
  SelectionRangeRequest,
  SignatureHelpRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { clientCommands } from '../../lsp/protocol.ts';
import { type Editing, edit, folder, type Surrounding } from '../kit/editing.ts';

const files = { 'part.conf': 'target.lmtp boxes {\n    targets tcp://127.0.0.1:24\n}\n' };
const whole = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };

describe('selection', () => {
  async function grows(marked: string): Promise<readonly string[]> {
    const editing = await edit(marked);
    const document = TextDocument.create(editing.uri, 'maddy', 1, editing.text);
    const [answer] =
      (await editing.client.connection.sendRequest(SelectionRangeRequest.type, {
        ...editing.document,
        positions: [...editing.cursors],
      })) ?? [];
    const texts: string[] = [];
    for (let each = answer; each !== undefined; each = each.parent) texts.push(document.getText(each.range));
    return texts;
  }

  it('grows from the macro to the whole text', async () => {
    expect(await grows('$(a) = b\nsmtp x {\n    destination "x.$(<|>a)" c {\n    }\n}\n')).toEqual([
      '$(a)',
      'x.$(a)',
      '"x.$(a)"',
      '"x.$(a)" c',
      'destination "x.$(a)" c {\n    }',
      '\n    destination "x.$(a)" c {\n    }\n',
      'smtp x {\n    destination "x.$(a)" c {\n    }\n}',
      '$(a) = b\nsmtp x {\n    destination "x.$(a)" c {\n    }\n}\n',
    ]);
  });

  it('is there in broken texts', async () => {
    expect(await grows('smtp x {\n  deliver_to &<|>')).toContain('deliver_to &');
    expect(await grows('<|>')).toEqual(['']);
  });
});

describe('links', () => {
  it('lead from imports to files', async () => {
    const { client, document } = await edit('(s) {\n}\nimport s\nimport part.conf\nimport nowhere\n', { files });
    const links = await client.connection.sendRequest(DocumentLinkRequest.type, document);
    expect(links).toEqual([
      { range: { start: { line: 3, character: 7 }, end: { line: 3, character: 16 } }, target: `${folder}/part.conf` },
    ]);
  });

  const linksIn = async (text: string): Promise<readonly (string | undefined)[]> => {
    const { client, document } = await edit(text);
    return ((await client.connection.sendRequest(DocumentLinkRequest.type, document)) ?? []).map(
      ({ target }) => target,
    );
  };

  it('lead from tables to their files', async () => {
    expect(
      await linksIn(
        'table.file a {\n    file /etc/maddy/a\n}\nsmtp x {\n    modify {\n        replace_rcpt file "/etc/b c"\n    }\n}\n',
      ),
    ).toEqual(['file:///etc/maddy/a', 'file:///etc/b%20c']);
    expect(await linksIn('table.file a {\n    file {env:FILES}/a\n    file b\n    file /$(c)\n}\n')).toEqual([]);
    expect(await linksIn('state_dir /var/lib/maddy\n')).toEqual([]);
  });

  it('lead from comments to the pages of the findings that they ignore', async () => {
    const found = await linksIn(
      '# maddyc-ignore M4103, no-endpoint, nonsense why\nhostname "# maddyc-ignore M4103 x"\n',
    );
    expect(found.map((target) => target?.replace(/.*\//, ''))).toEqual(['M4103.md', 'M4128.md']);
  });
});

describe('workspace symbols', () => {
  it('are the named things of every file', async () => {
    const { client } = await edit('$(a) = b\nimport part.conf\nsmtp tcp://127.0.0.1:25 {\n}\n', { files });
    const namesOf = async (query: string): Promise<readonly string[]> =>
      ((await client.connection.sendRequest(WorkspaceSymbolRequest.type, { query })) ?? []).map(({ name }) => name);
    expect(await namesOf('')).toEqual(['$(a)', 'smtp', 'boxes']);
    expect(await namesOf('bxs')).toEqual(['boxes']);
    expect(await namesOf('zzz')).toEqual([]);
  });
});

describe('signature help', () => {
  async function signature(marked: string): Promise<readonly [string, number | null | undefined] | null> {
    const editing = await edit(marked);
    const answer = await editing.client.connection.sendRequest(SignatureHelpRequest.type, editing.at());
    const [first] = answer?.signatures ?? [];
    return first === undefined ? null : [first.label, answer?.activeParameter];
  }

  it.each([
    ['hostname <|>\n', 'hostname', 0],
    ['smtp x {\n    reject 550 <|>\n}\n', 'reject CODE ENHANCED-CODE "TEXT"', 1],
    ['smtp x {\n    destination a b c<|>\n}\n', 'destination RULE…', 0],
    ['target.lmtp x<|> {\n}\n', 'target.lmtp NAME ALIAS…', 0],
    ['$(a) = <|>\n', '$(a) = VALUE…', 1],
    ['debug <|>\n', 'debug yes|no', 0],
    ['import <|>', 'import NAME', 0],
  ])('of %j', async (marked, label, active) => {
    const found = await signature(marked);
    expect(found?.[0].startsWith(label)).toBe(true);
    expect(found?.[1]).toBe(active);
  });

  it('names what a table takes', async () => {
    expect((await signature('smtp x {\n    destination_in file <|>\n}\n'))?.[0]).toContain('destination_in MODULE');
  });

  it.each(['host<|>name a\n', 'nonsense <|>\n', '# <|>\n', '} <|>'])('is silent at %j', async (marked) => {
    expect(await signature(marked)).toBeNull();
  });
});

describe('inlay hints', () => {
  async function hints(text: string, surrounding?: Surrounding): Promise<readonly string[]> {
    const { client, document } = await edit(text, surrounding);
    const answer = await client.connection.sendRequest(InlayHintRequest.type, { ...document, range: whole });
    return (answer ?? []).map(({ position, label }) => `${position.line}:${position.character} ${String(label)}`);
  }

  it('show what macros stand for, the module of a reference, and inherited settings', async () => {
    const text = `$(hostname) = mx.example.org
hostname $(hostname)
import part.conf
smtp tcp://127.0.0.1:25 {
    deliver_to &boxes
}
`;
    expect(await hints(text, { files })).toEqual([
      '1:20 = mx.example.org',
      '3:25 hostname mx.example.org',
      '4:21 : target.lmtp',
    ]);
  });

  it('stand beside the macro in a longer word', async () => {
    const text =
      '$(host) = mx.example.org\n$(dir) = /etc/certs\ntls file $(dir)/$(host)/full.pem $(dir)/$(host)/key.pem\n';
    expect(await hints(text)).toEqual([
      '2:15 = /etc/certs',
      '2:23 = mx.example.org',
      '2:39 = /etc/certs',
      '2:47 = mx.example.org',
    ]);
  });

  it('show nothing that is not known', async () => {
    expect(await hints('hostname $(nowhere) &nowhere\n$(a) = $(a)\ntls $(a\n')).toEqual([]);
  });
});

describe('code lenses', () => {
  const text =
    'import part.conf\nsmtp tcp://127.0.0.1:25 {\n    deliver_to &local\n}\ntarget.lmtp local {\n}\ntarget.lmtp idle {\n}\n';

  async function titles({ client, document }: Editing): Promise<readonly (readonly [number, string | undefined])[]> {
    const lenses = (await client.connection.sendRequest(CodeLensRequest.type, document)) ?? [];
    const resolved = await Promise.all(
      lenses.map((lens) =>
        lens.command === undefined ? client.connection.sendRequest(CodeLensResolveRequest.type, lens) : lens,
      ),
    );
    return resolved.map(({ range, command }) => [range.start.line, command?.title]);
  }

  it('count uses', async () => {
    expect(await titles(await edit(text, { files }))).toEqual([
      [4, '1 use'],
      [6, 'not used'],
    ]);
  });

  it('offer a route where the client has a form for it', async () => {
    const editing = await edit(text, { files, initializationOptions: { commands: Object.values(clientCommands) } });
    expect((await titles(editing))[0]).toEqual([1, 'route a message from here']);
    const [route, uses] = (await editing.client.connection.sendRequest(CodeLensRequest.type, editing.document)) ?? [];
    expect(route?.command).toMatchObject({
      command: clientCommands.routeFrom,
      arguments: [editing.uri, 'smtp tcp://127.0.0.1:25'],
    });
    if (uses === undefined) throw new Error('no lens');
    const { command } = await editing.client.connection.sendRequest(CodeLensResolveRequest.type, uses);
    expect(command).toMatchObject({
      command: clientCommands.showReferences,
      arguments: [
        editing.uri,
        { line: 4, character: 12 },
        [{ uri: editing.uri, range: { start: { line: 2, character: 16 } } }],
      ],
    });
  });
});

describe('call hierarchy', () => {
  const text = `import part.conf
(local) {
    deliver_to &boxes
}
target.queue outgoing {
    target &boxes
}
smtp tcp://127.0.0.1:25 {
    destination a.example {
        import local
    }
    default_destination {
        deliver_to &outgoing
    }
}
`;

  async function hierarchy(marked: string) {
    const editing = await edit(marked, { files });
    const { connection } = editing.client;
    const items = (await connection.sendRequest(CallHierarchyPrepareRequest.type, editing.at())) ?? [];
    const [item] = items;
    if (item === undefined) return null;
    const outgoing = await connection.sendRequest(CallHierarchyOutgoingCallsRequest.type, { item });
    const incoming = await connection.sendRequest(CallHierarchyIncomingCallsRequest.type, { item });
    return {
      name: item.name,
      outgoing: outgoing?.map(({ to, fromRanges }) => [to.name, fromRanges.map(({ start }) => start.line)]),
      incoming: incoming?.map(({ from, fromRanges }) => [from.name, fromRanges.map(({ start }) => start.line)]),
    };
  }

  it('of an endpoint says where its mail goes', async () => {
    expect(await hierarchy(text.replace('smtp', 'sm<|>tp'))).toEqual({
      name: 'smtp',
      outgoing: [
        ['outgoing', [12]],
        ['local', [9]],
      ],
      incoming: [],
    });
  });

  it('of a target in another file says who delivers to it', async () => {
    expect(await hierarchy(text.replace('target &boxes', 'target &box<|>es'))).toEqual({
      name: 'boxes',
      outgoing: [],
      incoming: [
        ['local', [2]],
        ['outgoing', [5]],
      ],
    });
  });

  it('is nothing for other lines, and stands broken texts', async () => {
    expect(await hierarchy('host<|>name a\n')).toBeNull();
    expect(await hierarchy('smtp <|>x {\n  deliver_to &')).toMatchObject({ name: 'smtp', outgoing: [] });
  });
});
