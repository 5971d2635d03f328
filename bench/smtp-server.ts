import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './smtp-load.ts';
import { startServer } from './start-server.ts';

/**
 * The whole server for `bench/smtp.ts --server 'node bench/smtp-server.ts'`: session, router with rules and a rewriting, log, trace field,
 * LMTP to the socket in SINK. Prints its port.
 */
const directory = mkdtempSync(join(tmpdir(), 'maddyc-bench-server-'));
const port = await freePort();
const configuration = `state_dir ${directory}/state
runtime_dir ${directory}/run
hostname mx.example.org
tls off
target.lmtp mailboxes {
    targets unix://${process.env.SINK ?? ''}
}
msgpipeline local {
    modify {
        replace_rcpt static {
            entry postmaster alice@example.org
        }
        replace_rcpt regexp "(.+)\\+(.+)@(.+)" "$1@$3"
    }
    deliver_to &mailboxes
}
smtp tcp://127.0.0.1:${port} {
    source spam.example {
        reject
    }
    default_source {
        destination example.org example.net localhost {
            deliver_to &local
        }
        default_destination {
            deliver_to &local
        }
    }
}
`;

await startServer(configuration, join(directory, 'log'));
process.stdout.write(`${port}\n`);
process.on('SIGTERM', () => {
  rmSync(directory, { recursive: true, force: true });
  process.exit(0);
});
