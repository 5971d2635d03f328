import { analyse } from '../compiler/index.ts';
import { createMemoryHost } from '../compiler/source/memory-host.ts';
import { createOutput } from '../runtime/observe/output.ts';
import { openTargets } from '../runtime/observe/targets.ts';
import { MailServer } from '../runtime/server.ts';

/** Serves a configuration in this process; its log goes to a file. */
export async function startServer(configuration: string, logFile: string): Promise<MailServer> {
  const host = createMemoryHost({ files: new Map([['/maddy.conf', configuration]]) });
  const { plan, diagnostics } = analyse('/maddy.conf', host, { environment: 'expand' }).plan('bench');
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const logWords = [logFile];
  const server = new MailServer({
    output: createOutput(await openTargets(logWords)),
    logWords,
    version: 'bench',
    debug: false,
    dnsServer: null,
  });
  await server.start(plan);
  return server;
}
