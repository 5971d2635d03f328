import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Plan, PlanEndpoint, PlanModule, PlanPipeline, PlanValue } from '../../../compiler/plan/plan.ts';
import type { EndpointConfig } from '../../../runtime/endpoints/session-options.ts';
import { createOutput, type LogOutput } from '../../../runtime/observe/output.ts';
import { openTargets } from '../../../runtime/observe/targets.ts';
import { MailServer } from '../../../runtime/server.ts';
import { freePort } from '../../kit/free-port.ts';
import { asValue, deliver, module, pipeline, plan, reject, source, staticTable, use } from '../../kit/plan.ts';
import { WireClient } from '../../kit/wire-client.ts';

const endpointDefaults: EndpointConfig = {
  hostname: 'mx.example.test',
  tls: { enabled: false },
  auth: [],
  sasl_login: false,
  auth_map_normalize: 'auto',
  insecure_auth: false,
  write_timeout: 60_000,
  read_timeout: 600_000,
  shutdown_timeout: 180_000,
  max_message_size: 33_554_432,
  max_header_size: 1_048_576,
  max_recipients: 20_000,
  max_received: 50,
  buffer: { mode: 'auto', maxSize: 1_048_576 },
  smtp_max_line_length: 4_000,
  defer_sender_reject: true,
  max_logged_rcpt_errors: 5,
  io_debug: false,
  debug: false,
};

let directory: string;
let server: MailServer;
let log: string;
let output: LogOutput;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'maddyc-server-'));
  log = join(directory, 'log');
  output = createOutput(await openTargets([log]));
  server = new MailServer({ output, logWords: [log], version: '1.2.3', debug: false, dnsServer: '127.0.0.1:1' });
});

afterEach(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

function endpoint(
  name: string,
  address: string,
  routes: PlanPipeline,
  changes: Partial<EndpointConfig> = {},
): PlanEndpoint {
  const config: Record<string, PlanValue> = JSON.parse(JSON.stringify({ ...endpointDefaults, ...changes }));
  return { module: name, name: null, addresses: [address], config, pipeline: routes, at: [0, 1, 1] };
}

function serverPlan(endpoints: readonly PlanEndpoint[], blocks: Readonly<Record<string, PlanModule>> = {}): Plan {
  const nothing = pipeline(source(reject()));
  const globals = {
    hostname: 'mx.example.test',
    state_dir: join(directory, 'state'),
    runtime_dir: join(directory, 'run'),
  };
  return { ...plan(nothing, blocks), globals, endpoints };
}

function logLines(): string[] {
  output.flushNow();
  return readFileSync(log, 'utf8')
    .split('\n')
    .map((line) => line.replace(/^\S+ /, ''));
}

function portOf(address: string): number {
  const port = server.ports.get(address);
  if (port === undefined) throw new Error(`nothing listens on ${address}`);
  return port;
}

const smtpAddress = 'tcp://127.0.0.1:0';
const submissionAddress = 'tcp://localhost.invalid:0';

const boxes: PlanModule = module('target.maildir', {
  path: 'mail/{domain}/{user}',
  create: true,
  junk_folder: 'Junk',
  debug: false,
});

describe('a running server', () => {
  test('takes a message into a Maildir', async () => {
    await server.start(serverPlan([endpoint('smtp', smtpAddress, pipeline(source(deliver(use('boxes')))))], { boxes }));
    const client = await WireClient.connect(portOf(smtpAddress));
    expect(await client.reply()).toBe('220 mx.example.test ESMTP Service Ready');
    expect(await client.say('EHLO client.test')).toMatch(/^250-Hello client\.test\n/);
    await client.say('MAIL FROM:<A@x.test>');
    expect(await client.say('RCPT TO:<Ann@Example.TEST>')).toBe(
      "250 2.0.0 I'll make sure <Ann@Example.TEST> gets this",
    );
    await client.say('DATA');
    expect(await client.say('Subject: s', '', '..dot', '.')).toBe('250 2.0.0 OK: queued');
    client.destroy();
    const box = join(directory, 'state/mail/example.test/ann');
    expect(readdirSync(join(box, 'tmp'))).toEqual([]);
    const [name = ''] = readdirSync(join(box, 'new'));
    const message = readFileSync(join(box, 'new', name), 'utf8');
    expect(name).toMatch(new RegExp(`,S=${message.length}$`));
    expect(message.replace(/^Received:.*\n(?:[ \t].*\n)*/m, '')).toBe(
      'Return-Path: <A@x.test>\nDelivered-To: Ann@example.test\nSubject: s\n\n.dot\n',
    );
  });

  test('lines of start and stop', async () => {
    await server.start(serverPlan([endpoint('smtp', smtpAddress, pipeline(source(reject())))]));
    await server.stop();
    expect(logLines().slice(0, 3)).toEqual([
      'configuration loaded\t',
      `smtp: listening on ${smtpAddress}\t`,
      'server started\t{"version":"1.2.3"}',
    ]);
  });

  test('submission: STARTTLS, AUTH from a table, and who is not logged in sends nothing', async () => {
    const credentials: PlanModule = module('auth.pass_table', {
      table: asValue(staticTable({ ann: ['bcrypt:$2a$04$Sl/LNuzMDojKgmECrSu6ruDc8PM1Bj8ekJFkthDYpgwVw/G7woygm'] })),
      auto_create: false,
    });
    const loader = module('tls.loader.self_signed', { names: ['mx.example.test'] });
    const routes = pipeline(source(deliver(use('boxes'))));
    const submission = endpoint('submission', smtpAddress, routes, {
      tls: { enabled: true, loader },
      auth: [use('credentials')],
    });
    await server.start(serverPlan([submission], { boxes, credentials }));
    const client = await WireClient.connect(portOf(smtpAddress));
    await client.reply();
    expect(await client.say('EHLO client.test')).not.toMatch('AUTH');
    expect(await client.say('STARTTLS')).toBe('220 2.0.0 Ready to start TLS');
    await client.startTls();
    expect(await client.say('EHLO client.test')).toMatch('250-AUTH PLAIN');
    expect(await client.say('MAIL FROM:<ann@x.test>')).toBe('502 5.7.0 Please authenticate first');
    expect(await client.say('AUTH PLAIN AGFubgBub3Bl')).toBe('535 5.7.8 Invalid credentials');
    expect(await client.say('AUTH PLAIN AEFubgBzZWNyZXQ=')).toBe('235 2.0.0 Authentication succeeded');
    await client.say('MAIL FROM:<ann@x.test>');
    await client.say('RCPT TO:<bob@x.test>');
    await client.say('DATA');
    expect(await client.say('From: ann@x.test', '', 'b', '.')).toBe('250 2.0.0 OK: queued');
    client.destroy();
  });
});

describe('reload', () => {
  const saying = (text: string): PlanPipeline => pipeline(source(reject(550, '5.7.1', text)));

  test('the same socket goes on under the new configuration, open sessions under the old one', async () => {
    const port = await freePort();
    const address = `tcp://127.0.0.1:${port}`;
    await server.start(serverPlan([endpoint('smtp', address, saying('old'))]));
    const before = await WireClient.connect(port);
    await before.reply();
    await server.reload(async () => serverPlan([endpoint('smtp', address, saying('new'))]));
    const after = await WireClient.connect(port);
    await after.reply();
    const answers: string[] = [];
    for (const client of [before, after]) {
      await client.say('EHLO client.test');
      await client.say('MAIL FROM:<a@x.test>');
      answers.push((await client.say('RCPT TO:<b@x.test>')).replace(/ \(msg ID.*/, ''));
      await client.say('QUIT');
      client.destroy();
    }
    expect(answers).toEqual(['550 5.7.1 old', '550 5.7.1 new']);
    await expect.poll(() => logLines()).toContain('old server stopped\t');
    expect(logLines().filter((line) => !line.startsWith('smtp: ') || line.includes('listening'))).toEqual([
      'configuration loaded\t',
      `smtp: listening on ${address}\t`,
      'server started\t{"version":"1.2.3"}',
      'loading new configuration...\t',
      'configuration loaded\t',
      'starting new server\t',
      `smtp: listening on ${address}\t`,
      'new server started\t{"version":"1.2.3"}',
      'stopping old server\t',
      'old server stopped\t',
      '',
    ]);
  });

  test('what cannot be loaded, or not started, changes nothing', async () => {
    const port = await freePort();
    const busy = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => busy.once('listening', resolve));
    const taken = busy.address();
    const takenPort = taken !== null && typeof taken === 'object' ? taken.port : 0;
    const address = `tcp://127.0.0.1:${port}`;
    await server.start(serverPlan([endpoint('smtp', address, saying('old'))]));
    await server.reload(() => Promise.reject(new Error('maddy.conf:3: unexpected token')));
    await server.reload(async () =>
      serverPlan([
        endpoint('smtp', address, saying('new')),
        endpoint('lmtp', `tcp://127.0.0.1:${takenPort}`, saying('new')),
      ]),
    );
    busy.close();
    const client = await WireClient.connect(port);
    await client.reply();
    await client.say('EHLO client.test');
    await client.say('MAIL FROM:<a@x.test>');
    expect(await client.say('RCPT TO:<b@x.test>')).toMatch('550 5.7.1 old');
    client.destroy();
    expect(logLines()).toContain('failed to load new configuration\t{"reason":"maddy.conf:3: unexpected token"}');
    expect(logLines()).toContain(
      `failed to start new server\t{"reason":"failed to start module lmtp: lmtp: listen tcp 127.0.0.1:${takenPort}: bind: address already in use"}`,
    );
  });
});

describe('what cannot run', () => {
  test('modules that the runtime lacks, all with their line and the way on (R16)', async () => {
    const storage = module('storage.imapsql');
    const given = serverPlan([endpoint('smtp', smtpAddress, pipeline(source(deliver(use('mail')))))], {
      mail: storage,
    });
    await expect(server.start(given)).rejects.toThrow(
      'maddy.conf:1: maddyc does not run storage.imapsql: mailboxes are Dovecot’s work: deliver to it with target.lmtp, as docs/dovecot.md shows',
    );
  });

  test('an address that is no IP', async () => {
    const given = serverPlan([endpoint('smtp', submissionAddress, pipeline(source(reject())))]);
    await expect(server.start(given)).rejects.toThrow(
      'failed to start module smtp: smtp: ParseAddr("localhost.invalid"): unable to parse IP',
    );
  });

  test('directories that are not absolute', async () => {
    const given = {
      ...serverPlan([endpoint('smtp', smtpAddress, pipeline(source(reject())))]),
      globals: { state_dir: 'x' },
    };
    await expect(server.start(given)).rejects.toThrow('statedir should be absolute');
  });
});
