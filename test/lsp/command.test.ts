import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiagnosticSeverity } from 'vscode-languageserver-protocol/node';
import { main } from '../../cli/main.ts';
import { createIo } from '../kit/io.ts';
import { fullCapabilities, type ServerProcess, spawnServer } from '../kit/lsp.ts';

const entry = join(import.meta.dirname, '../../cli/entry.ts');

describe('maddyc lsp', () => {
  let folder: string;
  let server: ServerProcess | null = null;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'maddyc-lsp-'));
  });
  afterEach(() => {
    server?.process.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('says on a terminal that editors start it', async () => {
    const { io, written } = createIo({ cwd: folder });
    expect(await main(['lsp'], { ...io, stdinIsTerminal: true })).toBe(2);
    expect(written.stderr).toContain('an editor starts this command');
  });

  it('reads imported files from the disk, and only such as end', async () => {
    writeFileSync(join(folder, 'part.conf'), 'target.lmtp boxes {\n    targets unix:///x\n}\n');
    mkdirSync(join(folder, 'directory.conf'));
    server = spawnServer([process.execPath, entry, 'lsp', '--stdio']);
    await server.initialize(fullCapabilities, pathToFileURL(folder).href);
    const uri = pathToFileURL(join(folder, 'maddy.conf')).href;
    const text = 'import part\nhostname a\ntls off\nsmtp tcp://127.0.0.1:25 {\n    deliver_to &boxes\n}\n';
    await server.open(uri, text);
    const errors = (await server.findings(uri, 1)).filter(({ severity }) => severity === DiagnosticSeverity.Error);
    expect(errors).toEqual([]);
    await server.change(uri, 2, [{ text: `${text}import directory.conf\nimport /dev/zero\nimport /nowhere\n` }]);
    const lines = (await server.findings(uri, 2)).map(({ range }) => range.start.line);
    expect(lines).toEqual(expect.arrayContaining([7, 8]));
  });
});
