import { analyse } from '../compiler/index.ts';
import { createMemoryHost } from '../compiler/source/memory-host.ts';
import { createOutput } from '../runtime/observe/output.ts';
import { openTargets } from '../runtime/observe/targets.ts';
import { MailServer } from '../runtime/server.ts';

/**
 * The whole server with a queue before target.smtp, for `bench/smtp-queue.ts`.
 *
 *   node bench/queue-server.ts DIRECTORY PORT SINK-PORT [STORE]
 *
 * Prints `ready` once it listens; SIGTERM stops it as a service manager would.
 */
const [, , directory = '', port = '', sinkPort = '', store] = process.argv;
const configuration = `state_dir ${directory}/state
runtime_dir ${directory}/run
hostname mx.example.org
tls off
target.queue outbound {
    target smtp {
        targets tcp://127.0.0.1:${sinkPort}
        starttls no
    }
    ${store === undefined ? '' : `store ${store}`}
}
smtp tcp://127.0.0.1:${port} {
    deliver_to &outbound
}
`;
const host = createMemoryHost({ files: new Map([['/maddy.conf', configuration]]) });
const { plan, diagnostics } = analyse('/maddy.conf', host, { environment: 'expand' }).plan('bench');
if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
const logWords = [`${directory}/log`];
const server = new MailServer({
  output: createOutput(await openTargets(logWords)),
  logWords,
  version: 'bench',
  debug: false,
  dnsServer: null,
});
await server.start(plan);
process.stdout.write('ready\n');
process.on('SIGTERM', async () => {
  await server.stop();
  process.exit(0);
});
