import { startServer } from './start-server.ts';

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
const server = await startServer(configuration, `${directory}/log`);
process.stdout.write('ready\n');
process.on('SIGTERM', async () => {
  await server.stop();
  process.exit(0);
});
