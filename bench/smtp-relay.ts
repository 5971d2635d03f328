/**
 * A bare relay: the session in front, the LMTP client behind, and a backend that decides nothing. What a pipeline costs is
 * the difference to `maddyc run`.
 *
 *   node bench/smtp-relay.ts LMTP-SOCKET     prints its port, serves until it is killed
 */
import { randomUUID } from 'node:crypto';
import { Downstream } from '../runtime/client/downstream.ts';
import { defaultPoolLimits } from '../runtime/client/pool.ts';
import { MemoryBudget } from '../runtime/message/body-buffer.ts';
import { localDate } from '../runtime/message/date.ts';
import { receivedValue } from '../runtime/message/trace.ts';
import type { MessageContext, ReplyError } from '../runtime/module.ts';
import { ListenerTable } from '../runtime/net/listener-table.ts';
import { createLogger } from '../runtime/observe/line-logger.ts';
import { createOutput } from '../runtime/observe/output.ts';
import type { SessionBackend } from '../runtime/smtp/backend.ts';
import { noObserver } from '../runtime/smtp/observer.ts';
import { SmtpService } from '../runtime/smtp/service.ts';

const hostname = 'relay.test';
const minute = 60_000;
const [, , socketPath] = process.argv;
if (socketPath === undefined) throw new Error('usage: smtp-relay.ts LMTP-SOCKET');

const downstream = new Downstream({
  addresses: [{ kind: 'unix', path: socketPath }],
  dial: { connectTimeout: minute, commandTimeout: minute, submissionTimeout: minute, tls: {}, now: Date.now },
  handshake: { protocol: 'lmtp', hostname, startTls: 'never', auth: { mechanism: 'off' } },
  pool: defaultPoolLimits,
});
let messages = 0;

const backend: SessionBackend = {
  hello: () => null,
  authenticate: async () => ({ verdict: { kind: 'refused', reason: 'nobody' }, identity: '' }),
  mail(client, from, { size, smtputf8, requireTls }) {
    messages++;
    const context: MessageContext = {
      id: messages.toString(16).padStart(8, '0'),
      client: {
        address: client.address,
        port: client.port,
        helo: client.helo,
        reverseName: async () => null,
        tls: client.tls,
      },
      auth: null,
      originalFrom: from,
      smtputf8,
      requireTls,
      declaredSize: size,
      quarantined: false,
      tlsNotRequired: false,
    };
    const delivery = downstream.start(context, from);
    return {
      id: context.id,
      recipient: (to) => delivery.addRecipient(to, to),
      async data(header, body) {
        const stamp = { hostname, tellsClient: true, reverseName: null, date: localDate(new Date()) };
        header.prepend('Received', receivedValue(context, stamp));
        let failure: ReplyError | null = null;
        await delivery.body({ context, header, body }, (_, error) => {
          failure ??= error;
        });
        return [failure];
      },
      abort: () => delivery.abort(),
    };
  },
  closed() {},
};

const service = new SmtpService(
  {
    session: {
      protocol: 'smtp',
      hostname,
      tls: false,
      mechanisms: [],
      insecureAuth: true,
      deferSenderReject: true,
      maxMessageSize: 33_554_432,
      maxHeaderSize: 1_048_576,
      maxRecipients: 20_000,
      maxReceived: 50,
      maxLineLength: 4000,
      maxLoggedRcptErrors: 5,
      bareLineEnds: 'repair',
      ioDebug: false,
      buffer: { kind: 'auto', size: 1_048_576, directory: '/tmp' },
      memory: new MemoryBudget(67_108_864),
      observer: noObserver,
      log: createLogger({ output: createOutput([]), name: 'smtp', debug: false }),
      now: () => performance.now(),
      date: () => new Date(),
      uuid: randomUUID,
    },
    backend,
    startTls: null,
    proxy: null,
    readTimeout: 10 * minute,
    writeTimeout: minute,
  },
  { total: 0, perAddress: 0 },
);
const address = { kind: 'tcp', host: '127.0.0.1', port: 0, tls: false } as const;
const claim = await new ListenerTable().claim(address, (socket) => service.accept(socket, null));
claim.serve();
process.stdout.write(`${claim.port}\n`);
