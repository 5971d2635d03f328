import { expect, it } from 'vitest';
import type { FileState } from '../../compiler/host.ts';
import {
  type GraphAnswer,
  graphMethod,
  type RouteAnswer,
  type RouteFormAnswer,
  routeFormMethod,
  routeMethod,
} from '../../lsp/protocol.ts';
import { Faults } from '../../lsp/session.ts';
import { choosePositionEncoding, createPositionCodec } from '../../lsp/text/position-encoding.ts';
import { AnalysisCache } from '../../lsp/workspace/analysis-cache.ts';
import { OpenDocuments } from '../../lsp/workspace/open-documents.ts';
import { Snapshot } from '../../lsp/workspace/snapshot.ts';
import { Workspace } from '../../lsp/workspace/workspace.ts';
import { edit, folder } from '../kit/editing.ts';
import { good } from '../kit/lsp.ts';

const text = (name: string): string => `$(local_domains) = ${name}.example
hostname mx.example.org
tls off
target.lmtp ${name} {
    targets unix:///x
}
smtp tcp://127.0.0.1:25 {
    destination $(local_domains) {
        deliver_to &${name}
    }
    default_destination {
        reject 550 5.7.1 "not here"
    }
}
`;
const first = text('first');
const second = `# a line\n# and another\n${text('second')}`;

/** Asks, and changes the text while what answers is loaded: each test is the first that asks for it. */
async function askAndType<Answer extends { readonly ok: boolean }>(
  method: string,
  params: object = {},
): Promise<Extract<Answer, { readonly ok: true }>> {
  const { client, uri } = await edit(first);
  const asked = client.connection.sendRequest<Answer>(method, { uri, ...params });
  await client.change(uri, 2, [{ text: second }]);
  return good(await asked);
}

it('the places of a picture are those of the text that it shows', async () => {
  const { nodes, page } = await askAndType<GraphAnswer>(graphMethod);
  const endpoint = nodes.find(({ kind }) => kind === 'endpoint');
  const target = nodes.find(({ kind }) => kind === 'target');
  const down = page.includes('first.example') ? 0 : 2;
  expect(target?.range).toEqual({ start: { line: 3 + down, character: 0 }, end: { line: 5 + down, character: 1 } });
  expect(endpoint?.range).toEqual({ start: { line: 6 + down, character: 0 }, end: { line: 13 + down, character: 1 } });
});

it('the domains of a form are those of its text', async () => {
  const { localDomains, endpoints } = await askAndType<RouteFormAnswer>(routeFormMethod);
  expect(endpoints).toHaveLength(1);
  expect(['first.example', 'second.example']).toContain(localDomains.join());
});

it('a way ends where the text says that leads there', async () => {
  const to = ['a@first.example', 'a@second.example'];
  const { text } = await askAndType<RouteAnswer>(routeMethod, { from: 'x@example.com', to });
  expect(['first', 'second'].filter((name) => text.includes(`&${name}`))).toHaveLength(1);
});

it('several main files are judged by the same texts', async () => {
  const uriOf = (name: string): string => `${folder}/${name}`;
  const disk = new Map([
    [uriOf('a.conf'), 'hostname old.example\n'],
    [uriOf('b.conf'), 'hostname b.example\nimport slow.conf\n'],
    [uriOf('slow.conf'), 'tls off\n'],
  ]);
  let isAsked = (): void => {};
  let goOn = (): void => {};
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const slow = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const read = async (uri: string): Promise<FileState> => {
    if (uri === uriOf('slow.conf')) {
      isAsked();
      await slow;
    }
    const found = disk.get(uri);
    return found === undefined ? { kind: 'absent' } : { kind: 'text', text: found };
  };
  const open = new OpenDocuments(createPositionCodec(choosePositionEncoding({})));
  const snapshot = new Snapshot(open, read);
  const faults = new Faults((line) => {
    throw new Error(line);
  });
  const workspace = new Workspace(open, snapshot, new AnalysisCache(snapshot, faults), [], async () => []);
  const mains = [uriOf('a.conf'), uriOf('b.conf')];
  await workspace.settled(uriOf('a.conf'));
  const together = workspace.settledTogether(mains);
  await asked;
  disk.set(uriOf('a.conf'), 'hostname new.example\n');
  snapshot.forget(uriOf('a.conf'));
  goOn();
  const [one, other] = await together;
  expect(one?.sources.get(uriOf('a.conf'))?.text).toBe('hostname new.example\n');
  expect(other?.sources.has(uriOf('slow.conf'))).toBe(true);
});
