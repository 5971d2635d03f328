import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { checkCommand } from '../../../compiler/catalog/modules/check.command.ts';
import { parseHeader } from '../../message/header.ts';
import type { CheckRun, CheckVerdict, MessageContext, ModuleDefinition, Reply } from '../../module.ts';
import { WorkLimit } from '../auth/work-limit.ts';
import { ExternalProgram, findProgram, type ProgramRun } from './external-program.ts';
import { applyAction, type FailAction } from './fail-action.ts';
import { contentOf } from './message-content.ts';
import { ownReply } from './own-reply.ts';

type Config = ConfigOf<typeof checkCommand>;

const name = 'check.command';
const pass: CheckVerdict = { kind: 'pass' };

/** A program that hangs must not hold the client's session: RFC 5321 section 4.5.3.2 gives it minutes, not hours. */
const longestRun = 60_000;
const mostAtOnce = 32;
const mostWaiting = 1_000;

const usualActions: ReadonlyMap<number, FailAction> = new Map([
  [1, { action: 'reject', reply: null }],
  [2, { action: 'quarantine', reply: null }],
]);

/** `check.command`: a program looks at the message; its exit code says what becomes of it (runtime-mta 13.6). */
export const command: ModuleDefinition<Config> = {
  name,
  create(config, { stateDir }) {
    const program = new ExternalProgram(findProgram(config.command, stateDir), stateDir, longestRun);
    const limit = new WorkLimit(mostAtOnce, mostWaiting);
    const actions = new Map(usualActions);
    for (const { exitCode, action, reply } of config.code) if (exitCode !== 0) actions.set(exitCode, { action, reply });
    const judge: Judge = async (values, input) => {
      const args = (config.arguments ?? []).map((argument) => fillIn(argument, values));
      const run = await limit.run(() => program.run(args, input));
      if (run === null) throw new Error('too many commands are waiting');
      return verdictOf(run, actions, config.command);
    };
    const asksForName = config.arguments?.some((argument) => argument.includes('{source_rdns}')) ?? false;
    return {
      check: { start: (context) => startRun(context, config.run_on, judge, asksForName) },
      stop: async () => program.stop(),
    };
  },
};

type Values = ReadonlyMap<string, string>;
type Judge = (values: Values, input: Iterable<Buffer> | AsyncIterable<Buffer>) => Promise<CheckVerdict>;

/** Runs the program at its one stage, and remembers what the stages before told. */
function startRun(context: MessageContext, stage: Config['run_on'], judge: Judge, asksForName: boolean): CheckRun {
  const { client, auth, id } = context;
  const recipients: string[] = [];
  let sender = '';
  const run = async (address: string, input: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<CheckVerdict> =>
    judge(
      new Map([
        ['auth_user', auth?.user ?? ''],
        ['source_ip', client?.address ?? ''],
        ['source_host', client?.helo ?? ''],
        ['source_rdns', asksForName ? ((await client?.reverseName()) ?? '') : ''],
        ['msg_id', id],
        ['sender', sender],
        ['rcpts', recipients.join('\n')],
        ['address', address],
      ]),
      input,
    );
  return {
    connection: () => (stage === 'conn' ? run('', []) : pass),
    sender: (from) => {
      sender = from;
      return stage === 'sender' ? run(from, []) : pass;
    },
    recipient: (to) => {
      recipients.push(to);
      return stage === 'rcpt' ? run(to, []) : pass;
    },
    body: (message) => (stage === 'body' ? run('', contentOf(message)) : pass),
  };
}

/** Only names that are known are replaced, in one pass: a value is never read again. */
function fillIn(argument: string, values: Values): string {
  const filled = argument.replace(/\{([a-z_]+)\}/g, (whole, key: string) => values.get(key) ?? whole);
  // No argument of a program can hold one.
  return filled.replaceAll('\0', '');
}

function verdictOf(
  { exitCode, output }: ProgramRun,
  actions: ReadonlyMap<number, FailAction>,
  program: string,
): CheckVerdict {
  const action = exitCode === null ? undefined : actions.get(exitCode);
  if (exitCode !== 0 && action === undefined) {
    throw new Error(
      `${program} ended with ${exitCode === null ? 'a signal' : `exit code ${exitCode}, which has no action`}`,
    );
  }
  const header = fieldsIn(output, program);
  if (action === undefined) return { ...pass, header };
  const own: Reply = ownReply(name, 'fail');
  return { ...applyAction(action, own, `${program} ended with exit code ${exitCode}`), header };
}

/** Fields to add to the message, as the program wrote them. Throws when it wrote something else. */
function fieldsIn(output: Buffer, program: string): readonly (readonly [name: string, value: string])[] {
  const emptyLine = /(?<![^\n])\r?\n/.exec(output.toString('latin1'));
  const fields = emptyLine === null ? output : output.subarray(0, emptyLine.index);
  if (fields.length === 0) return [];
  const header = parseHeader(fields);
  if ('fault' in header) throw new Error(`${program} wrote no header fields: ${header.fault} (line ${header.line})`);
  return header.fields().map(({ raw }) => {
    const field = raw
      .toString()
      .replace(/\r\n(?=[ \t])/g, '')
      .trimEnd();
    const colon = field.indexOf(':');
    return [field.slice(0, colon).trim(), field.slice(colon + 1).trim()];
  });
}
