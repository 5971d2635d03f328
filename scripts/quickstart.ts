// `npm start`: compiles examples/quickstart/maddy.conf, runs it on loopback, and says how to send a message through it.

import { watch } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ConfigurationFile } from '../cli/configuration.ts';
import { processIo } from '../cli/io.ts';
import { curlCommand } from '../cli/trial/curl-command.ts';
import { freePort } from '../cli/trial/free-port.ts';
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
  const login = { user: 'alice@example.org', password: 'quickstart' };
  const outside = { helo: 'mx.example.net', from: 'friend@example.net', file: `${example}/from-outside.eml` };
  const alice = { helo: 'laptop', login, from: login.user, to: 'bob@example.org', file: `${example}/from-alice.eml` };
  return `
Ready: a mail server for example.org. Send it something, from another terminal, in ${root}:

  # from another server, to bob
  ${curlCommand({ ...outside, port: smtp, tls: 'starttls', to: 'bob@example.org' })}

  # as alice, logged in over STARTTLS (the certificate is self-signed: -k)
  ${curlCommand({ ...alice, port: submission, tls: 'starttls' })}

  # the same over TLS from the first byte
  ${curlCommand({ ...alice, port: submissions, tls: 'implicit' })}

  # refused: nobody relays through it
  ${curlCommand({ ...outside, port: smtp, tls: 'starttls', to: 'someone@example.com' })}

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
