import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { folder, mainUri } from '../kit/editing.ts';
import { connectServer, fullCapabilities } from '../kit/lsp.ts';

const start = `$(local_domains) = example.org example.net
hostname mx.example.org
tls off
(refuse) {
    reject 550 5.7.1 "Not here"
}
target.smtp relay {
    targets tcp://192.0.2.1:25 # the only one
    auth plain user {env:PASSWORD}
}
smtp tcp://0.0.0.0:25 {
    check {
        dkim
    }
    source $(local_domains) {
        deliver_to &relay
    }
    default_source {
        import refuse
    }
}
`;

const pieces = ['x', ' ', '\n', '{', '}', '"', '# ', '$(local_domains)', 'import refuse\n', 'deliver_to &relay\n', ''];
const changes = fc.array(
  fc.record({ from: fc.nat(start.length), length: fc.nat(12), text: fc.constantFrom(...pieces) }),
  { minLength: 1, maxLength: 4 },
);

it('findings after edits are those of the same text opened at once', async () => {
  await fc.assert(
    fc.asyncProperty(changes, async (edits) => {
      const typing = await opened(start);
      let document = TextDocument.create(mainUri, 'maddy', 1, start);
      for (const { from, length, text } of edits) {
        const range = { start: document.positionAt(from), end: document.positionAt(from + length) };
        const version = document.version + 1;
        document = TextDocument.update(document, [{ range, text }], version);
        await typing.change(mainUri, version, [{ range, text }]);
        await typing.findings(mainUri, version);
      }
      const fresh = await opened(document.getText());
      expect(typing.diagnostics.get(mainUri)?.items).toEqual(fresh.diagnostics.get(mainUri)?.items);
    }),
    { numRuns: 25 },
  );
});

async function opened(text: string) {
  const client = connectServer();
  await client.initialize(fullCapabilities, folder);
  await client.open(mainUri, text);
  await client.findings(mainUri, 1);
  return client;
}
