import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'vitest';
import { type ServerProcess, spawnServer } from '../kit/lsp.ts';
import { probeChecks } from '../kit/probe.ts';

const root = join(import.meta.dirname, '../..');
const sample = readFileSync(join(root, 'examples/quickstart/maddy.conf'), 'utf8');

describe('maddyc lsp --stdio', () => {
  let servers: ServerProcess[] = [];
  const start = () => {
    const server = spawnServer([process.execPath, join(root, 'cli/entry.ts'), 'lsp', '--stdio']);
    servers.push(server);
    return server;
  };
  afterEach(() => {
    for (const server of servers) server.process.kill('SIGKILL');
    servers = [];
  });

  it.each(probeChecks)('$name', { timeout: 30_000 }, ({ run }) => run(start, sample));
});
