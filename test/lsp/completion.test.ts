import { describe, expect, it } from 'vitest';
import { CompletionRequest, CompletionResolveRequest } from 'vscode-languageserver-protocol/node';
import { accept, edit, labelsIn, suggestionsIn } from '../kit/editing.ts';
import { fullCapabilities } from '../kit/lsp.ts';

/** A client without snippets puts in plain text, which reads better here. */
const plain = { capabilities: { textDocument: { completion: {} } } };

const labelled = {
  capabilities: { textDocument: { completion: { completionItem: { labelDetailsSupport: true } } } },
};

describe('names of directives', () => {
  it('are those of the block, without what is there already', async () => {
    const labels = await labelsIn('target.lmtp a {\n    targets unix:///x\n    <|>\n}\n');
    expect(labels).toContain('connect_timeout');
    expect(labels).not.toContain('targets');
    expect(labels).not.toContain('deliver_to');
  });

  it('are blocks, globals and declarations at the top level', async () => {
    const labels = await labelsIn('hostname a\n<|>');
    expect(labels).toEqual(expect.arrayContaining(['tls', 'smtp', 'target.lmtp', 'import', '$(…)', '(…)']));
    expect(labels).not.toContain('hostname');
  });

  it('are settings and pipeline directives in an endpoint', async () => {
    const labels = await labelsIn('smtp tcp://0.0.0.0:25 {\n    <|>\n}\n');
    expect(labels).toEqual(expect.arrayContaining(['max_message_size', 'destination', 'default_source', 'deliver_to']));
  });

  it('are what a rule may hold, what decides about mail first', async () => {
    const labels = await labelsIn('smtp x {\n    destination a {\n        <|>\n    }\n}\n');
    expect(labels.slice(0, 3).toSorted()).toEqual(['deliver_to', 'reject', 'reroute']);
    expect(labels).not.toContain('destination');
    expect(labels).not.toContain('dmarc');
  });

  it.each([
    ['source a {\n    }\n    <|>', 'default_source', ['deliver_to', 'destination', 'destination_in', 'reject']],
    ['deliver_to dummy\n    <|>', null, ['source', 'default_source', 'destination', 'default_destination', 'reject']],
    ['destination a {\n    }\n    <|>', 'default_destination', ['source', 'deliver_to', 'reject', 'reroute']],
    [
      'default_source {\n        destination a {\n            reject\n            <|>\n',
      null,
      ['deliver_to', 'reroute'],
    ],
    ['default_source {\n        <|>\n        default_destination {\n        }\n', null, ['deliver_to', 'reject']],
  ])('begin with what rules lack, and end with what cannot stand beside them: %j', async (body, lacked, refused) => {
    const suggestions = await suggestionsIn(`smtp x {\n    ${body}`, labelled);
    if (lacked !== null) expect(suggestions[0]?.label).toBe(lacked);
    const last = suggestions.filter(({ labelDetails }) => labelDetails?.description?.startsWith('not beside') === true);
    expect(last.map(({ label }) => label)).toEqual(expect.arrayContaining(refused));
    expect(suggestions.slice(-last.length)).toEqual(last);
  });

  it('do not lose what tables of addresses leave possible', async () => {
    const suggestions = await suggestionsIn('smtp x {\n    source_in &a {\n    }\n    <|>\n}\n', labelled);
    const item = suggestions.find(({ label }) => label === 'deliver_to');
    expect(item).toBeDefined();
    expect(item?.labelDetails?.description).toBeUndefined();
  });

  it('are modules of the kind that a group wants', async () => {
    const labels = await labelsIn('smtp x {\n    check {\n        <|>\n    }\n}\n');
    expect(labels).toEqual(expect.arrayContaining(['spf', 'dkim', 'require_mx_record']));
    expect(labels).not.toContain('replace_rcpt');
  });

  it('are those of the module that the place names', async () => {
    expect(await labelsIn('smtp x {\n    deliver_to smtp {\n        <|>\n    }\n}\n')).toContain('starttls');
    expect(await labelsIn('auth.pass_table a {\n    table sql_table {\n        <|>\n    }\n}\n')).toContain(
      'table_name',
    );
    expect(
      await labelsIn('smtp x {\n    modify {\n        replace_rcpt static {\n            <|>\n        }\n    }\n}\n'),
    ).toContain('entry');
    expect(await labelsIn('tls file a b {\n    <|>\n}\n')).toContain('protocols');
  });

  it('are those of the place where a snippet is used', async () => {
    expect(await labelsIn('(common) {\n    <|>\n}\ntarget.remote a {\n    import common\n}\n')).toContain('mx_auth');
  });

  it('are those of the place where the file is imported', async () => {
    const files = { 'maddy.conf': 'target.remote a {\n    import part.conf\n}\n' };
    expect(await labelsIn('<|>', { files, name: 'part.conf' })).toContain('mx_auth');
  });

  it('put what the directive must have in, too', async () => {
    expect(await accept('target.smtp a {\n    <|>\n}\n', 'targets', plain)).toBe(
      'target.smtp a {\n    targets tcp://127.0.0.1:25\n}\n',
    );
    expect(await accept('smtp x {\n    des<|>\n}\n', 'destination', plain)).toBe(
      'smtp x {\n    destination postmaster $(local_domains) {\n        \n    }\n}\n',
    );
  });

  it.each([
    ['tls <|>', 'file', 'tls file /etc/maddy/certs/fullchain.pem /etc/maddy/certs/privkey.pem'],
    ['submission x {\n    auth <|>\n}', 'dovecot_sasl', 'auth dovecot_sasl unix:///run/dovecot/auth-maddy-client'],
    ['smtp x {\n    modify {\n        <|>\n    }\n}', 'dkim', 'dkim $(primary_domain) default'],
    ['smtp x {\n    deliver_to <|>\n}', 'lmtp', 'deliver_to lmtp unix:///run/dovecot/lmtp'],
    ['auth.pass_table a {\n    <|>\n}', 'table', 'table sql_table {\n        driver sqlite3\n'],
    ['submission x {\n    auth <|>\n}', 'pass_table', 'auth pass_table sql_table {\n        driver sqlite3\n'],
  ])('in %s are put in with the arguments that they need: %s', async (marked, label, written) => {
    expect(await accept(marked, label, plain)).toContain(written);
  });

  it('leave what follows the name as it is', async () => {
    expect(await accept('smtp x {\n    deliv<|> &a\n}\n', 'deliver_to', plain)).toBe(
      'smtp x {\n    deliver_to &a\n}\n',
    );
  });

  it('offer the blocks that fit as first value', async () => {
    const [item] = (
      await suggestionsIn('target.lmtp a {\n}\ntarget.smtp b {\n}\nsmtp x {\n    deliver_to<|>\n}\n')
    ).filter(({ label }) => label === 'deliver_to');
    expect(item?.textEdit?.newText).toBe('deliver_to ${1|&a,&b|}');
  });
});

describe('arguments', () => {
  const blocks = 'target.lmtp mailboxes {\n    targets unix:///x\n}\ntable.static names {\n}\n';

  it('are blocks and modules of the interface that is wanted', async () => {
    const labels = await labelsIn(`${blocks}smtp x {\n    deliver_to <|>\n}\n`);
    expect(labels[0]).toBe('&mailboxes');
    expect(labels).toEqual(expect.arrayContaining(['lmtp', 'smtp', 'remote', 'queue']));
    expect(labels).not.toContain('&names');
  });

  it('replace the reference that is begun', async () => {
    expect(await accept(`${blocks}smtp x {\n    deliver_to &mail<|>\n}\n`, '&mailboxes')).toBe(
      `${blocks}smtp x {\n    deliver_to &mailboxes\n}\n`,
    );
  });

  it('are blocks of imported files, too', async () => {
    const files = { 'common.conf': blocks };
    expect(await labelsIn('import common.conf\nsmtp x {\n    deliver_to <|>\n}\n', { files })).toContain('&mailboxes');
  });

  it('are macros, also in the middle of a word', async () => {
    const macros = '$(domain) = example.org\n';
    expect(await accept(`${macros}hostname mx.$(do<|>\n`, '$(domain)')).toBe(`${macros}hostname mx.$(domain)\n`);
    expect(await accept(`${macros}hostname mx.$(<|>)\n`, '$(domain)')).toBe(`${macros}hostname mx.$(domain)\n`);
    expect(await accept(`${macros}hostname "a $(<|> b"\n`, '$(domain)')).toBe(`${macros}hostname "a $(domain) b"\n`);
  });

  it.each([
    ['table.static a {\n}\nsmtp x {\n    dmarc <|>\n}\n', ['yes', 'no']],
    ['smtp x {\n    limits {\n        all <|>\n    }\n}\n', ['rate', 'concurrency']],
    ['tls {\n    protocols <|>\n}\n', ['tls1.2', 'tls1.3']],
    ['smtp x {\n    reject <|>\n}\n', ['550', '451']],
    ['smtp x {\n    reject 451 <|>\n}\n', ['4.7.1', '4.2.2']],
    ['target.smtp a {\n    auth <|>\n}\n', ['off', 'plain', 'forward']],
    ['target.lmtp a {\n    targets tcp://a:24 <|>\n}\n', ['unix://', 'tcp://']],
    ['smtp x {\n    deliver_to lmtp <|>\n}\n', ['unix://']],
    [
      'smtp x {\n    check {\n        spf {\n            fail_action <|>\n        }\n    }\n}\n',
      ['reject', 'quarantine', 'ignore'],
    ],
    ['smtp x {\n    check {\n        spf {\n            fail_action reject <|>\n        }\n    }\n}\n', ['550', '554']],
    ['tls <|>\n', ['off', 'file', 'self_signed']],
  ])('are the words of the value in %j', async (marked, expected) => {
    expect(await labelsIn(marked)).toEqual(expect.arrayContaining(expected));
  });

  it('are names that are used and not defined where a block gets its name', async () => {
    expect(await labelsIn('smtp x {\n    deliver_to &inbox\n}\ntarget.lmtp <|>')).toEqual(
      expect.arrayContaining(['inbox']),
    );
  });

  it('are snippets after import', async () => {
    expect(await labelsIn('(common) {\n}\nsmtp x {\n    import <|>\n}\n')).toEqual(['common']);
  });

  it('are nothing in a comment, and nothing behind a block', async () => {
    expect(await labelsIn('smtp x { # <|>\n}\n')).toEqual([]);
    expect(await labelsIn('smtp x {\n} <|>\n')).toEqual([]);
  });
});

describe('broken files', () => {
  it('are completed in a block that is not closed', async () => {
    expect(await labelsIn('smtp x {\n    destination a {\n        <|>\n')).toContain('deliver_to');
    expect(await labelsIn('smtp x {\n    <|>\n\ntarget.lmtp a {\n    targets unix:///x\n}\n')).toContain('destination');
  });

  it('are completed beside a quote that is not closed', async () => {
    expect(await labelsIn('hostname "mx\nsmtp x {\n    deliver_to <|>\n}\n')).toContain('lmtp');
  });

  it('are completed among unknown directives', async () => {
    expect(await labelsIn('smtp x {\n    nonsense {\n    }\n    <|>\n}\n')).toContain('deliver_to');
    expect(await labelsIn('nonsense {\n    <|>\n}\n')).toEqual([]);
  });
});

describe('what the client can do', () => {
  const marked = 'smtp x {\n    <|>\n}\n';

  it('decides about snippets', async () => {
    const [snippet] = (await suggestionsIn(marked)).filter(({ label }) => label === 'check');
    expect(snippet?.textEdit?.newText).toBe('check {\n\t${1|spf,dkim,require_mx_record|}\n}');
    expect(await accept(marked, 'check', plain)).toBe('smtp x {\n    check {\n        spf\n    }\n}\n');
  });

  it('decides when documentation is sent', async () => {
    const { client, ...editing } = await edit(marked);
    const list = await client.connection.sendRequest(CompletionRequest.type, editing.at());
    const items = Array.isArray(list) ? list : (list?.items ?? []);
    const item = items.find(({ label }) => label === 'destination');
    expect(item).toBeDefined();
    expect(item).not.toHaveProperty('documentation');
    const resolved = await client.connection.sendRequest(CompletionResolveRequest.type, item ?? { label: '' });
    expect(resolved.documentation).toMatchObject({ kind: 'markdown', value: expect.stringContaining('recipients') });

    const [early] = (await suggestionsIn(marked, plain)).filter(({ label }) => label === 'destination');
    expect(early?.documentation).toMatchObject({ kind: 'plaintext', value: expect.not.stringContaining('```') });
  });
});

describe('a client that takes defaults for the whole list', () => {
  it('is told once where suggestions go', async () => {
    const capabilities = {
      ...fullCapabilities,
      textDocument: {
        ...fullCapabilities.textDocument,
        completion: {
          ...fullCapabilities.textDocument?.completion,
          completionList: { itemDefaults: ['editRange', 'insertTextMode'] },
        },
      },
    };
    const editing = await edit('target.lmtp boxes {\n}\nsmtp x {\n    deliver_to &bo<|>\n}\n', { capabilities });
    const answer = await editing.client.connection.sendRequest(CompletionRequest.type, editing.at());
    if (answer === null || Array.isArray(answer)) throw new Error('no list');
    const range = { start: { line: 3, character: 15 }, end: { line: 3, character: 18 } };
    expect(answer.itemDefaults).toEqual({ editRange: { insert: range, replace: range }, insertTextMode: 2 });
    expect(answer.items.find(({ label }) => label === '&boxes')).toMatchObject({ textEditText: '&boxes' });
    expect(answer.items.every((item) => item.textEdit === undefined && item.insertTextMode === undefined)).toBe(true);
  });
});

describe('an editor that replaces words, whatever range it is given', () => {
  it.each([
    ['target.lmtp boxes {\n}\nsmtp x {\n    deliver_to &bo<|>\n}\n', '&boxes'],
    ['target.lmtp boxes {\n}\nsmtp x {\n    deliver_to &<|>\n}\n', '&boxes'],
    ['$(domains) = a\nhostname $(do<|>\n', '$(domains)'],
    ['auth.pa<|>\n', 'auth.pass_table'],
    ['smtp x {\n    che<|>\n}\n', 'check'],
  ])('gets what is left to write: %j', async (marked, label) => {
    const item = (await suggestionsIn(marked, { capabilities: {} })).find((each) => each.label === label);
    const [before = '', after = ''] = marked.split('<|>');
    expect(before.replace(/\w*$/, '') + item?.textEdit?.newText + after).toBe(await accept(marked, label, plain));
    expect(await accept(marked, label, { capabilities: {} })).toBe(await accept(marked, label, plain));
  });

  it('may say so, and gets one line then', async () => {
    const words = { ...plain, initializationOptions: { completion: 'words' } };
    expect(await accept('auth.pa<|>\n', 'auth.pass_table', words)).toBe('auth.pass_table local_authdb {\n');
    const item = (await suggestionsIn('auth.pa<|>\n', words)).find(({ label }) => label === 'auth.pass_table');
    expect(item?.textEdit?.newText).toBe('pass_table local_authdb {');
  });

  it('gets nothing that cannot follow the signs before the word', async () => {
    const labels = await labelsIn('target.lmtp boxes {\n}\nsmtp x {\n    deliver_to &<|>\n}\n', { capabilities: {} });
    expect(labels).toEqual(['&boxes']);
  });
});

describe('the order', () => {
  const first = async (marked: string, count: number) => (await labelsIn(marked)).slice(0, count);
  const blocks = `auth.pass_table accounts {
}
storage.imapsql boxes {
}
table.static aliases {
}
target.queue outgoing {
    target <|>
}
`;

  it('begins with what listens at the top level, and with rules in a pipeline', async () => {
    const top = await labelsIn('hostname a\ntls off\n<|>');
    expect(top.indexOf('smtp')).toBeLessThan(top.indexOf('state_dir'));
    expect(top.indexOf('state_dir')).toBeLessThan(top.indexOf('target.lmtp'));
    const pipeline = await labelsIn('msgpipeline a {\n    <|>\n}\n');
    expect(pipeline.indexOf('destination')).toBeLessThan(pipeline.indexOf('hostname'));
  });

  it('begins with what a block must have, and ends with what is logged', async () => {
    const labels = await labelsIn('target.queue a {\n    <|>\n}\n');
    expect(labels[0]).toBe('target');
    expect(labels.slice(-2)).toEqual(['debug', 'import']);
  });

  it('has tables before what can also be read as one', async () => {
    const step = blocks.replace('<|>', '&boxes').concat('table.chain c {\n    step <|>\n}\n');
    expect(await first(step, 3)).toEqual(['&aliases', '&accounts', '&boxes']);
  });

  it.each([
    ['deliver_to', 'smtp x {\n    deliver_to <|>\n}\n'],
    ['auth', 'submission x {\n    auth <|>\n}\n'],
    ['a table', 'smtp x {\n    modify {\n        replace_rcpt <|>\n    }\n}\n'],
  ])('has what is only for trials at the end, for %s', async (_, marked) => {
    expect((await labelsIn(marked)).at(-1)).toBe('dummy');
  });

  it('has the loaders of tls before the word that turns it off', async () => {
    expect((await labelsIn('tls <|>')).at(-1)).toBe('off');
  });

  it('begins with macros of domains where domains are wanted', async () => {
    const macros =
      '$(hostname) = mx.example.org\n$(primary_domain) = example.org\n$(local_domains) = $(primary_domain)\n';
    const inRule = await suggestionsIn(`${macros}smtp x {\n    source <|> {\n    }\n}\n`);
    expect(inRule.map(({ label, labelDetails }) => [label, labelDetails?.description])).toEqual([
      ['$(local_domains)', 'example.org'],
      ['$(primary_domain)', 'example.org'],
      ['$(hostname)', 'mx.example.org'],
    ]);
    expect(await first(`${macros}hostname <|>\n`, 1)).toEqual(['$(hostname)']);
    expect(await first(`${macros}smtp x {\n    destination a@$(<|> {\n    }\n}\n`, 1)).toEqual(['$(local_domains)']);
  });

  it('leaves out the block that the cursor is in', async () => {
    expect(await labelsIn(blocks)).toContain('&boxes');
    expect(await labelsIn(blocks)).not.toContain('&outgoing');
  });
});

describe('what stands behind the cursor on its line', () => {
  it('stays where it is: a brace on a line of its own', async () => {
    const text = 'smtp x {\n    deliver_to &a\n<|>}\n';
    expect(await accept(text, 'max_received', plain)).toBe('smtp x {\n    deliver_to &a\nmax_received 50\n}\n');
    expect(await accept(text, 'check', plain)).toBe('smtp x {\n    deliver_to &a\ncheck {\n    spf\n}\n}\n');
    expect(await accept('smtp x {\n    deliver_to &a\n    max_rec<|>}\n', 'max_received')).toMatch(/\n\}\n$/);
    expect(await accept('target.lmtp a {\n}\nsmtp x {\n    deliver_to <|>}\n', '&a')).toMatch(/deliver_to &a\n\}\n$/);
  });

  it('is never joined to a block or a word', async () => {
    expect(await accept('smtp x {\n   <|> max_received 50\n}\n', 'check')).toContain('   check max_received 50\n');
    expect(await accept('<|># about it\n', 'tls_client')).toBe('tls_client # about it\n');
    expect(await accept('smtp x {\n    <|># about it\n}\n', 'max_received', plain)).toContain(
      'max_received 50 # about',
    );
    expect(await accept('$(a) = b\nsmtp x {\n    source <|>{\n    }\n}\n', '$(a)')).toContain('source $(a) {');
  });

  it('is part of the word where its braces belong to it', async () => {
    const text = '$(a) = b\nsmtp x {\n    hostname {env:N<|>AME}\n}\n';
    const [macro] = await suggestionsIn(text);
    const edit = macro?.textEdit;
    expect(edit !== undefined && 'replace' in edit && edit.replace.end.character).toBe(23);
    expect(edit?.newText).toBe('$(a)');
  });

  it('is no part of a header with an empty block', async () => {
    expect(await accept('<|>', 'openmetrics', plain)).toBe('openmetrics tcp://127.0.0.1:9749 {\n    \n}');
  });
});

describe('macros', () => {
  it('are those that are declared above', async () => {
    const labels = await labelsIn('$(a) = b\n$(c) = <|>\n$(d) = e\n');
    expect(labels).toEqual(['$(a)']);
    expect(await labelsIn('$(a) = b\n$(c) =<|> d\n')).toEqual([]);
    expect(await labelsIn('$(a) = b\n$(c) <|>\n')).toEqual([]);
  });

  it('are not suggested where no word may follow', async () => {
    expect(await labelsIn('$(a) = b\nhostname x <|>\n')).toEqual([]);
    expect(await labelsIn('$(a) = b\nsmtp x {\n    default_source <|>{\n    }\n}\n')).toEqual([]);
    expect(await labelsIn('$(a) = b\nsmtp x {\n    reject 550 5.1.1 "no" <|>\n}\n')).toEqual([]);
    expect(await labelsIn('$(a) = b\nsmtp x {\n    destination x <|>{\n    }\n}\n')).toContain('$(a)');
  });
});

describe('a very long list', () => {
  const blocks = Array.from({ length: 1200 }, (_, index) => `target.lmtp box${index} {\n}\n`).join('');
  const answered = async (typed: string) => {
    const { client, at } = await edit(`${blocks}smtp x {\n    deliver_to ${typed}<|>\n}\n`);
    const answer = await client.connection.sendRequest(CompletionRequest.type, at());
    return answer === null || Array.isArray(answer) ? null : answer;
  };

  it('is cut off, and asked for again as the word grows', async () => {
    expect(await answered('')).toMatchObject({ isIncomplete: true, items: { length: 500 } });
    const fitting = await answered('&box119');
    expect(fitting?.isIncomplete).toBe(true);
    const labels = fitting?.items.map(({ label }) => label) ?? [];
    expect(labels).toContain('&box1199');
    expect(labels.filter((label) => !/^&box.*1.*1.*9/.test(label))).toEqual([]);
  });
});

describe('units', () => {
  it.each([
    ['target.smtp a {\n    connect_timeout 10<|>\n}\n', ['10s', '10m', '10h', '10ms']],
    ['target.smtp a {\n    connect_timeout 1h30<|>\n}\n', ['1h30s', '1h30m', '1h30h', '1h30ms']],
    ['smtp x {\n    max_message_size 32<|>\n}\n', ['32K', '32M', '32G', '32B']],
    ['smtp x {\n    buffer auto 1<|>\n}\n', ['1K', '1M', '1G', '1B']],
    ['smtp x {\n    limits {\n        all rate 20 1<|>\n    }\n}\n', ['1s', '1m', '1h', '1ms']],
    ['smtp x {\n    limits {\n        all rate 2<|>\n    }\n}\n', []],
    ['smtp x {\n    max_received 5<|>\n}\n', ['50']],
  ])('%j', async (text, labels) => {
    expect(await labelsIn(text)).toEqual(labels);
  });
});

describe('a snippet that nothing imports yet', () => {
  it('is taken for one of an endpoint', async () => {
    expect(await labelsIn('(s) {\n    <|>\n}\n')).toEqual(expect.arrayContaining(['check', 'deliver_to', 'limits']));
    expect(await labelsIn('(s) {\n    check {\n        <|>\n    }\n}\n')).toContain('spf');
  });
});

describe('the current Madmail', () => {
  it('has neither imports nor snippets', async () => {
    const text = '# maddyc: dialect=madmail\n';
    const [top, inside] = [await labelsIn(`${text}<|>`), await labelsIn(`${text}smtp x {\n    <|>\n}\n`)];
    expect(top).toEqual(expect.arrayContaining(['chatmail', '$(…)']));
    for (const label of ['import', '(…)']) expect([...top, ...inside]).not.toContain(label);
  });
});

describe('names of declarations', () => {
  const text = 'hostname mx.$(domain)\nsmtp x {\n    import limits\n}\n';

  it('are those that are used and not declared', async () => {
    expect(await labelsIn(`${text}<|>`)).toEqual(expect.arrayContaining(['$(domain)', '(limits)']));
    expect(await labelsIn(`$(<|>)\n${text}`)).toEqual(['$(domain)']);
    expect(await accept(`$(<|>)\n${text}`, '$(domain)', plain)).toMatch(/^\$\(domain\) = value\n/);
    expect(await accept(`(<|>)\n${text}`, '(limits)', plain)).toMatch(/^\(limits\) \{\n {4}\n\}\n/);
    expect(await labelsIn(`$(domain) = b\n(limits) {\n}\n${text}<|>`)).not.toContain('$(domain)');
  });

  it('replace nothing but a name', async () => {
    expect(await labelsIn('$(na<|>me) = value\nhostname $(other)\n')).toEqual(['$(other)']);
    expect(await labelsIn('tl<|>s off\n')).not.toContain('$(…)');
    expect(await labelsIn('smtp x {\n    $(<|>)\n}\n')).toEqual([]);
  });
});
