import { describe, expect, it, vi } from 'vitest';
import {
  type CompileAnswer,
  compileMethod,
  type DovecotAnswer,
  dovecotMethod,
  type ExpandedTextAnswer,
  expandedTextMethod,
  type GraphAnswer,
  graphMethod,
  type MailTestOutlineAnswer,
  type MainFilesAnswer,
  type MigrateAnswer,
  mailTestOutlineMethod,
  mainFilesMethod,
  migrateMethod,
  type RouteAnswer,
  type RouteFormAnswer,
  type RunMailTestAnswer,
  routeFormMethod,
  routeMethod,
  runMailTestMethod,
} from '../../lsp/protocol.ts';
import { edit, folder, mainUri } from '../kit/editing.ts';
import { withImap } from '../kit/imap-configuration.ts';
import { connectServer, fullCapabilities, good } from '../kit/lsp.ts';

const configuration = `$(local_domains) = example.org
hostname mx.example.org
tls off
import parts
(local) {
    deliver_to &local
}
smtp tcp://127.0.0.1:25 {
    default_source {
        destination $(local_domains) {
            import local
        }
        default_destination {
            reject 550 5.7.1 "not here"
        }
    }
}
`;
const files = { parts: 'target.lmtp local {\n    targets tcp://127.0.0.1:24\n}\n' };

async function ask<Answer>(
  text: string,
  method: string,
  params: object = {},
  more: Record<string, string> = files,
): Promise<Answer> {
  const editing = await edit(text, { files: more });
  return editing.client.connection.sendRequest<Answer>(method, { uri: editing.uri, ...params });
}

describe('expanded text', () => {
  it('is the effective configuration, and each line knows where it comes from', async () => {
    const { text, origins, main } = good(await ask<ExpandedTextAnswer>(configuration, expandedTextMethod));
    const lines = text.trimEnd().split('\n');
    expect(main).toBe(mainUri);
    expect(text).not.toContain('import');
    expect(lines).toHaveLength(origins.length);
    const delivery = lines.findIndex((line) => line.trim() === 'deliver_to &local');
    expect(origins[delivery]).toMatchObject({ uri: mainUri, range: { start: { line: 5, character: 4 } } });
    const target = lines.findIndex((line) => line.startsWith('target.lmtp'));
    expect(origins[target]).toMatchObject({ uri: `${folder}/parts`, range: { start: { line: 0, character: 0 } } });
  });

  it('says why there is none', async () => {
    const answer = await ask<ExpandedTextAnswer>('import nowhere\n', expandedTextMethod);
    expect(answer).toMatchObject({ ok: false, errors: [{ uri: mainUri, range: { start: { line: 0 } } }] });
  });
});

describe('compile', () => {
  it('gives the plan', async () => {
    const { text } = good(await ask<CompileAnswer>(configuration, compileMethod));
    expect(JSON.parse(text)).toMatchObject({ endpoints: [{ module: 'smtp' }] });
  });

  it('gives the errors of a broken configuration', async () => {
    const answer = await ask<CompileAnswer>('smtp tcp://127.0.0.1:25 {\n    deliver_to &nowhere\n}\n', compileMethod);
    expect(answer).toMatchObject({ ok: false });
  });
});

describe('route', () => {
  const to = ['a@example.org', 'b@example.net'];

  it('says where a message goes', async () => {
    const { route, text } = good(await ask<RouteAnswer>(configuration, routeMethod, { from: 'x@example.com', to }));
    expect(route.recipients.map(({ outcome }) => outcome)).toEqual(['delivered', 'rejected']);
    expect(text).toContain('✔ delivered to &local');
  });

  it('offers what can be asked', async () => {
    const form = good(await ask<RouteFormAnswer>(configuration, routeFormMethod));
    expect(form).toMatchObject({
      endpoints: [{ name: 'smtp tcp://127.0.0.1:25', protocol: 'smtp', takesLogins: false, checks: [] }],
      localDomains: ['example.org'],
    });
  });

  it('asks about the checks of each endpoint alone, also of those behind it', async () => {
    const form = good(
      await ask<RouteFormAnswer>(
        `hostname mx.example.org
tls off
target.lmtp nowhere {
    targets tcp://127.0.0.1:24
}
msgpipeline inner {
    check {
        require_mx_record
    }
    deliver_to &nowhere
}
smtp tcp://127.0.0.1:25 {
    dmarc yes
    check {
        spf
    }
    default_source {
        check {
            dnsbl {
                reject_threshold 1
            }
        }
        default_destination {
            check {
                dkim
            }
            reroute {
                deliver_to &inner
            }
        }
    }
}
lmtp tcp://127.0.0.1:2424 {
    check {
        dkim
    }
    deliver_to &nowhere
}
`,
        routeFormMethod,
      ),
    );
    const [smtp, lmtp] = form.endpoints.map(({ checks }) => checks);
    expect(smtp?.map(({ name }) => name).sort()).toEqual(['dkim', 'dmarc', 'dnsbl', 'require_mx_record', 'spf']);
    expect(lmtp).toEqual([{ name: 'dkim', verdicts: ['fail', 'quarantine', 'none', 'temperror'] }]);
  });

  it('names the endpoints when there is no such one', async () => {
    const answer = await ask<RouteAnswer>(configuration, routeMethod, { from: '', to, endpoint: 'lmtp' });
    expect(answer).toMatchObject({ ok: false, message: expect.stringContaining('smtp tcp://127.0.0.1:25') });
  });
});

describe('graph', () => {
  it('places each node in the text', async () => {
    const { nodes, page, edges } = good(await ask<GraphAnswer>(configuration, graphMethod));
    expect(nodes.map(({ kind }) => kind)).toContain('destination');
    const target = nodes.find(({ kind }) => kind === 'target');
    expect(target).toMatchObject({ uri: `${folder}/parts`, range: { start: { line: 0 }, end: { line: 2 } } });
    expect(page).toContain('<svg');
    expect(edges.length).toBeGreaterThan(2);
  });

  it('marks the way of a message', async () => {
    const route = { from: 'x@example.com', to: ['a@example.org'] };
    const { nodes } = good(await ask<GraphAnswer>(configuration, graphMethod, { route }));
    expect(nodes.filter(({ taken }) => taken === true).map(({ kind }) => kind)).toContain('target');
    expect(nodes.some(({ taken }) => taken === false)).toBe(true);
  });
});

describe('migrate', () => {
  it('gives the edit and the text after it', async () => {
    const answer = good(await ask<MigrateAnswer>(withImap, migrateMethod));
    expect(answer.files).toMatchObject([
      { uri: mainUri, before: withImap, after: expect.stringContaining('target.lmtp boxes') },
    ]);
    expect(answer.edit.changes?.[mainUri]?.length).toBeGreaterThan(0);
    expect(answer.notes.length).toBeGreaterThan(0);
  });

  it('says that there is nothing to do', async () => {
    expect(await ask<MigrateAnswer>(configuration, migrateMethod)).toMatchObject({
      ok: false,
      because: 'nothing-to-migrate',
    });
  });
});

describe("Dovecot's configuration", () => {
  it('has the sockets that the configuration connects to', async () => {
    const answer = good(await ask<DovecotAnswer>(configuration, dovecotMethod, { release: '2.4' }));
    expect(answer.text).toMatch(/^dovecot_config_version = 2\.4/m);
    expect(answer.text).toContain('port = 24');
  });

  it('is refused where nothing goes to Dovecot', async () => {
    const alone = 'smtp tcp://127.0.0.1:25 {\n    reject\n}\n';
    const answer = await ask<DovecotAnswer>(alone, dovecotMethod, { release: '2.3' });
    expect(answer).toMatchObject({ ok: false, message: expect.stringContaining('migrate') });
  });
});

describe('main files', () => {
  it('are those that import the document', async () => {
    const editing = await edit(configuration, { files });
    const params = { uri: `${folder}/parts` };
    await editing.client.open(params.uri, files.parts);
    await editing.client.findings(params.uri, 1);
    const answer = await editing.client.connection.sendRequest<MainFilesAnswer>(mainFilesMethod, params);
    expect(answer).toEqual({ mains: [mainUri], chosen: mainUri });
  });

  it('are known for a part that is not open as a configuration', async () => {
    const uri = `${folder}/parts`;
    const byOpen = await ask<MainFilesAnswer>(configuration, mainFilesMethod, { uri });
    expect(byOpen).toEqual({ mains: [mainUri], chosen: mainUri });
    const client = connectServer(
      new Map([
        [mainUri, configuration],
        [uri, files.parts],
      ]),
    );
    await client.initialize(fullCapabilities, folder);
    const mainsOf = (each: string) => client.connection.sendRequest<MainFilesAnswer>(mainFilesMethod, { uri: each });
    await vi.waitFor(async () => expect(await mainsOf(uri)).toEqual({ mains: [mainUri], chosen: mainUri }));
    expect(await mainsOf(`${folder}/other.conf`)).toMatchObject({ chosen: `${folder}/other.conf` });
  });
});

describe('mail tests', () => {
  const text = `cases:
  - name: local
    from: x@example.com
    to: a@example.org
    expect:
      delivered: local
  - name: elsewhere
    from: x@example.com
    to: b@example.net
    expect:
      delivered: local
policies:
  - no-open-relay
`;
  const uri = `${folder}/some.mailtest.yaml`;

  it('are listed', async () => {
    const answer = await ask<MailTestOutlineAnswer>(configuration, mailTestOutlineMethod, { uri, text });
    expect(answer.cases.map(({ name, position }) => [name, position.line])).toEqual([
      ['local', 1],
      ['elsewhere', 6],
    ]);
    expect(answer.policies).toMatchObject([{ name: 'no-open-relay', position: { line: 12 } }]);
  });

  it('are run', async () => {
    const answer = await ask<RunMailTestAnswer>(configuration, runMailTestMethod, { uri, text });
    expect(answer.configuration).toBe(mainUri);
    expect(answer.problems).toEqual([]);
    expect(answer.cases.map(({ passed, skipped }) => [passed, skipped !== null])).toEqual([
      [true, false],
      [false, false],
    ]);
    expect(answer.policies).toMatchObject([{ passed: true, verdict: 'holds' }]);
    const { hit = [], missed = [], reached, total } = answer.coverage ?? {};
    expect(hit.map(({ block, position: { line } }) => `${line + 1} ${block}`)).toContain('8 smtp tcp://127.0.0.1:25');
    expect([hit.length, hit.length + missed.length]).toEqual([reached, total]);
  });

  it('judge by the DNS records that they give, with the checks of the server', async () => {
    const careful = configuration.replace(
      '    default_source {',
      '    check {\n        spf {\n            fail_action reject\n        }\n    }\n    default_source {',
    );
    const from = (name: string, ip: string, expected: string) => `  - name: ${name}
    ip: ${ip}
    from: x@example.com
    to: a@example.org
    given:
      dns:
        example.com: { TXT: "v=spf1 ip4:192.0.2.0/24 -all" }
    expect: ${expected}
`;
    const cases = [
      from('the own host', '192.0.2.1', '{ delivered: local }'),
      from('another host', '203.0.113.9', '{ rejected: 550 }'),
      from('wrong on purpose', '203.0.113.9', '{ delivered: local }'),
    ];
    const judged = await ask<RunMailTestAnswer>(careful, runMailTestMethod, { uri, text: `cases:\n${cases.join('')}` });
    expect(judged.cases.map(({ passed, skipped }) => [passed, skipped])).toEqual([
      [true, null],
      [true, null],
      [false, null],
    ]);
  });

  it('say what is wrong with them', async () => {
    const answer = await ask<RunMailTestAnswer>(configuration, runMailTestMethod, { uri, text: 'cases: 3\n' });
    expect(answer).toMatchObject({ configuration: null, problems: [{ position: { line: 0 } }] });
  });
});
