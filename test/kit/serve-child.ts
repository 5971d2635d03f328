import { readFileSync } from 'node:fs';
import { createMemoryHost } from '../../compiler/source/memory-host.ts';
import { serve } from '../../runtime/serve.ts';
import { planOf } from './compile.ts';

/** A process of its own for tests of signals: `node serve-child.ts CONFIGURATION`. */
const [file = ''] = process.argv.slice(2);

process.exitCode = await serve({
  loadPlan: async () => planOf(file, createMemoryHost({ files: new Map([[file, readFileSync(file, 'utf8')]]) })),
  logWords: ['stderr'],
  version: '1.2.3',
  debug: false,
  libexec: '/nonexistent',
  dnsServer: '127.0.0.1:1',
}).catch((error: unknown) => {
  process.stderr.write(`Error: ${error instanceof Error ? error.message : error}\n`);
  return 1;
});
