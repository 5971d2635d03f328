// `npm start`: compiles examples/quickstart/maddy.conf, runs it on loopback, and says how to send a message through it.

import { watch } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { ConfigurationFile } from '../cli/configuration.ts';
import { processIo } from '../cli/io.ts';
import { version } from '../cli/version.ts';
import { serve } from '../runtime/index.ts';

const root = join(import.meta.dirname, '..');
const example = join('examples', 'quickstart');
const configuration = join(example, 'maddy.conf');
const state = join(root, 'state', 'quickstart');
const mail = join(state, 'mail');

process.chdir(root);
const smtp = await freePort(2525);
const submission = await freePort(1587);
const submissions = await freePort(1465);
Object.assign(process.env, {
  QUICKSTART_STATE: state,
  QUICKSTART_USERS: join(root, example, 'users'),
  QUICKSTART_SMTP_PORT: String(smtp),
  QUICKSTART_SUBMISSION_PORT: String(submission),
  QUICKSTART_SUBMISSIONS_PORT: String(submissions),
});
await mkdir(mail, { recursive: true });

console.log(`maddyc ${version}: compiling ${configuration}`);
try {
  process.exitCode = await serve({
    loadPlan: async () => (await ConfigurationFile.open(configuration, processIo())).plan(),
    logWords: ['stderr'],
    version,
    debug: false,
    libexec: '/usr/lib/maddy',
    dnsServer: null,
    onReady: () => {
      announceArrivals();
      console.log(instructions());
    },
  });
} catch (error) {
  console.error(`not started: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

function instructions(): string {
  return `
Ready: a mail server for example.org. Send it something, from another terminal, in ${root}:

  # from another server, to bob
  curl smtp://127.0.0.1:${smtp}/mx.example.net --mail-from friend@example.net --mail-rcpt bob@example.org --upload-file ${example}/from-outside.eml

  # as alice, logged in over STARTTLS (the certificate is self-signed: -k)
  curl -k --ssl-reqd smtp://127.0.0.1:${submission}/laptop --user alice@example.org:quickstart --mail-from alice@example.org --mail-rcpt bob@example.org --upload-file ${example}/from-alice.eml

  # the same over TLS from the first byte
  curl -k smtps://127.0.0.1:${submissions}/laptop --user alice@example.org:quickstart --mail-from alice@example.org --mail-rcpt bob@example.org --upload-file ${example}/from-alice.eml

  # refused: nobody relays through it
  curl smtp://127.0.0.1:${smtp}/mx.example.net --mail-from friend@example.net --mail-rcpt someone@example.com --upload-file ${example}/from-outside.eml

What arrives is shown here. It lies below ${relative(root, mail)}/. Ctrl-C ends the server.
`;
}

function announceArrivals(): void {
  /** A rename is told more than once. */
  const announced = new Set<string>();
  watch(mail, { recursive: true, persistent: false }, (_event, name) => {
    if (name === null || !/(^|\/)new\/[^/]+$/.test(name) || announced.has(name)) return;
    announced.add(name);
    void announce(join(mail, name));
  });
}

async function announce(path: string): Promise<void> {
  const text = await readFile(path, 'latin1').catch(() => null);
  if (text === null) return;
  const subject = /^Subject: (.*)\r?$/m.exec(text)?.[1] ?? '(no subject)';
  console.log(`arrived: "${subject}" in ${relative(root, path)}`);
}

/** `wanted`, or whatever is free when it is taken. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', () => (wanted === 0 ? reject(new Error('no free port')) : resolve(freePort(0))));
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted;
      probe.close(() => resolve(port));
    });
  });
}
