import type { Plan, PlanModule } from '../../compiler/plan/plan.ts';
import { PublicSuffixSearch } from '../../runtime/dmarc/public-suffix-search.ts';
import { Instances } from '../../runtime/instances.ts';
import type { Limits } from '../../runtime/limits/limits.ts';
import { createLimits } from '../../runtime/limits/limits.ts';
import type {
  Check,
  Delivery,
  Eventually,
  Message,
  MessageContext,
  ModuleInstance,
  ReplyError,
  Table,
  Target,
} from '../../runtime/module.ts';
import { maddyForm } from '../../runtime/observe/line.ts';
import { createLogger } from '../../runtime/observe/line-logger.ts';
import { Metrics } from '../../runtime/observe/metrics.ts';
import type { LogOutput } from '../../runtime/observe/output.ts';
import { PipelineBackend } from '../../runtime/pipeline/backend.ts';
import { knownResolver } from './resolver.ts';
import { SessionPeer } from './session.ts';

/** What a fake target says; what it does not refuse it takes. Later: in a turn of its own. */
export interface FakeTargetOptions {
  readonly later?: boolean;
  readonly start?: (from: string) => void;
  readonly recipient?: (to: string) => void;
  /** Thrown: for all recipients. */
  readonly body?: (recipients: readonly string[]) => void;
  /** For one recipient. */
  readonly status?: (to: string) => ReplyError | null;
  readonly commit?: () => void;
}

/** A target that writes what happens to it as lines into a list that it may share with others. */
export function fakeTarget(name: string, happenings: string[], options: FakeTargetOptions = {}): Target {
  let deliveries = 0;
  const eventually = <T>(work: () => T): Eventually<T> => (options.later ? turn().then(work) : work());
  return {
    start: (_context: MessageContext, from: string) =>
      eventually((): Delivery => {
        options.start?.(from);
        deliveries++;
        const tag = `${name}${deliveries === 1 ? '' : `#${deliveries}`}`;
        const recipients: string[] = [];
        happenings.push(`${tag} from <${from}>`);
        return {
          addRecipient: (to, original) =>
            eventually(() => {
              options.recipient?.(to);
              recipients.push(to);
              happenings.push(`${tag} to <${to}>${to === original ? '' : ` for <${original}>`}`);
            }),
          body: async (message, perRecipient) => {
            if (options.later) await turn();
            options.body?.(recipients);
            happenings.push(`${tag} content ${await describe(message)}`);
            if (perRecipient !== null) for (const to of recipients) perRecipient(to, options.status?.(to) ?? null);
          },
          commit: async () => {
            options.commit?.();
            happenings.push(`${tag} committed`);
          },
          abort: async () => {
            happenings.push(`${tag} aborted`);
          },
        };
      }),
  };
}

async function describe({ header, body, context }: Message): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body.chunks()) chunks.push(chunk);
  const fields = header
    .bytes()
    .toString()
    .replace(/\r\n(?=[ \t])/g, '')
    .replace(/; [A-Z][a-z]{2}, [^\r]*/g, '; DATE')
    .replaceAll(context.id, 'ID')
    .trimEnd()
    .split('\r\n')
    .join(' | ');
  return `${context.quarantined ? '(quarantined) ' : ''}[${fields}] ${JSON.stringify(Buffer.concat(chunks).toString())}`;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export interface PipelineOptions {
  readonly protocol?: 'smtp' | 'submission' | 'lmtp';
  /** By block name: these take the place of the modules that the plan names. */
  readonly targets?: Readonly<Record<string, Target>>;
  readonly checks?: Readonly<Record<string, Check>>;
  readonly tables?: Readonly<Record<string, Table>>;
  readonly limits?: Limits;
  readonly debug?: boolean;
  readonly deferSenderReject?: boolean;
  readonly auth?: ModuleInstance['auth'];
}

/** A session in front of the pipeline of a plan's first endpoint, with its log lines; message ids are 00000001 and so on. */
export async function pipelineSession(plan: Plan, options: PipelineOptions = {}) {
  const lines: string[] = [];
  const output: LogOutput = {
    format: maddyForm,
    write: (line, debug) => void lines.push(debug ? `[debug] ${line}` : line),
    setTargets: () => {},
    reopen: () => {},
    flush: () => Promise.resolve(),
    flushNow: () => {},
    end: () => Promise.resolve(),
  };
  const { protocol = 'smtp', debug = false, deferSenderReject = true } = options;
  const logFor = (name: string) => createLogger({ output, name, debug });
  const instances = await Instances.load({
    plan: withDummies(plan, options),
    logFor,
    stateDir: '/nonexistent',
    runtimeDir: '/nonexistent',
    libexecDir: '/nonexistent',
    resolver: knownResolver({}),
    metrics: new Metrics(),
    createLimits,
    keepsQueues: true,
  });
  const overridden: Readonly<Record<string, ModuleInstance>> = {
    ...Object.fromEntries(Object.entries(options.targets ?? {}).map(([name, target]) => [name, { target }])),
    ...Object.fromEntries(Object.entries(options.checks ?? {}).map(([name, check]) => [name, { check }])),
    ...Object.fromEntries(Object.entries(options.tables ?? {}).map(([name, table]) => [name, { table }])),
  };
  const pipeline = instances.routes.endpoints[0];
  if (pipeline === undefined || pipeline === null) throw new Error('the plan has no endpoint');
  let ids = 0;
  const backend = new PipelineBackend({
    protocol,
    pipeline,
    services: {
      instanceOf: (module) =>
        (module.name === null ? undefined : overridden[module.name]) ?? instances.instanceOf(module),
      hostname: 'mx.example.test',
      log: logFor(''),
      metrics: new Metrics(),
      policySearch: new PublicSuffixSearch(knownResolver({})),
    },
    authentication: { providers: options.auth === undefined ? [] : [options.auth], normalize: 'auto', map: null },
    limits: options.limits ?? null,
    log: logFor(protocol),
    newMessageId: () => (++ids).toString(16).padStart(8, '0'),
    reverseName: async (address) => (address === '192.0.2.1' ? 'client.example.test' : null),
  });
  const mechanisms = options.auth === undefined ? [] : (['PLAIN'] as const);
  const peer = new SessionPeer({ protocol, deferSenderReject, mechanisms, log: logFor(protocol) }, backend);
  return { peer, lines };
}

/** Fake modules need no name that the runtime knows. */
function withDummies(plan: Plan, { targets = {}, checks = {}, tables = {} }: PipelineOptions): Plan {
  const dummies = Object.keys({ ...targets, ...checks, ...tables }).map((name): [string, PlanModule] => [
    name,
    { module: 'dummy', name, config: {}, at: [0, 1, 1] },
  ]);
  return { ...plan, blocks: { ...plan.blocks, ...Object.fromEntries(dummies) } };
}
