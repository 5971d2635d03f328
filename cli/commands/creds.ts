import { setTimeout } from 'node:timers/promises';
import type { Plan } from '../../compiler/index.ts';
import { type Accounts, type OpenAccounts, openAccounts, UnknownBlockError } from '../../runtime/accounts.ts';
import { hashPassword, usualBcrypt } from '../../runtime/modules/auth/new-password-hash.ts';
import { createOutput } from '../../runtime/observe/output.ts';
import { openTargets } from '../../runtime/observe/targets.ts';
import type { Command, Invocation } from '../command.ts';
import { ConfigurationFile } from '../configuration.ts';
import { configOption, harnessOptions, maddyFile, quietDebugOption } from '../maddy-options.ts';
import { hashMethod, MaddyUsageError, passwordOf, passwordOptions } from '../password-options.ts';

interface Action {
  readonly says: string;
  readonly work: (invocation: Invocation, open: OpenAccounts) => Promise<number>;
}

const actions: ReadonlyMap<string, Action> = new Map([
  ['list', { says: 'all users', work: list }],
  ['create', { says: 'a new user', work: create }],
  ['password', { says: 'another password for a user', work: setPassword }],
  ['remove', { says: 'a user goes', work: remove }],
]);

export const creds: Command = {
  name: 'creds',
  summary: 'accounts of auth.pass_table: list, create, password, remove',
  usage: 'list | create USER | password USER | remove USER  [options]',
  description: `Looks after the users of a block auth.pass_table whose table can be written (sql_table, sql_query). A running server sees
changes at once; no server is needed. User names are kept in lower case, as they are looked up.`,
  options: [
    ...passwordOptions,
    { name: 'yes', short: 'y', help: 'remove without asking' },
    { name: 'cfg-block', value: 'NAME', help: 'the block; default: MADDY_CFGBLOCK, then local_authdb' },
    configOption,
    quietDebugOption,
    ...harnessOptions,
  ],
  examples: [
    { command: 'maddyc creds create ann@example.org', says: 'asks for the password' },
    { command: 'maddyc -config maddy.conf creds list', says: 'as maddy is called' },
    { command: 'maddyc creds remove -y ann@example.org', says: 'from a script' },
  ],
  exitCodes: [
    [0, 'done'],
    [1, 'not done: the user exists already, the database cannot be opened, …'],
    [2, 'wrong use, or errors in the configuration'],
  ],
  docs: 'accounts.md',
  operands: 2,
  operandWords: () => [...actions].map(([word, { says }]) => ({ word, says })),

  async run(invocation) {
    const { io, operands, value } = invocation;
    const action = actions.get(operands[0] ?? '');
    if (action === undefined) {
      io.stderr.write(`Error: usage: maddyc creds ${[...actions.keys()].join('|')}\n`);
      return 2;
    }
    const output = createOutput(await openTargets(['stderr']));
    try {
      if (action.work !== list && operands[1] === undefined) throw new MaddyUsageError('USERNAME is required');
      const block = value('cfg-block') ?? io.env.MADDY_CFGBLOCK ?? 'local_authdb';
      const plan = await planOf(maddyFile(io, value('config')), block, invocation);
      const module = plan.blocks[block]?.module ?? 'auth.pass_table';
      if (module !== 'auth.pass_table' && (value('hash') ?? value('bcrypt-cost')) !== undefined) {
        throw new MaddyUsageError('--hash cannot be used with non-pass_table credentials DB');
      }
      const open = await openAccounts(plan, block, output);
      try {
        return await action.work(invocation, open);
      } finally {
        await open.close();
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const isUse = error instanceof MaddyUsageError || error instanceof UnknownBlockError;
      io.stderr.write(`Error: ${isUse ? 'Error: ' : ''}${error.message}\n`);
      return isUse ? 2 : 1;
    } finally {
      await output.flush();
    }
  },
};

const readings = 6;
const pauseBetweenReadings = 50;

/** A file that cannot be read as a configuration may be in the middle of being written: it is read again (drop-in-cli 8). */
async function planOf(path: string, block: string, { io }: Invocation): Promise<Plan> {
  for (let reading = 1; ; reading += 1) {
    try {
      return await (await ConfigurationFile.openForRun(path, io)).planOfBlock(block);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (reading === readings) throw new MaddyUsageError(`failed to open config: ${error.message}`, { cause: error });
      await setTimeout(pauseBetweenReadings);
    }
  }
}

async function list({ io }: Invocation, { accounts }: OpenAccounts): Promise<number> {
  const users = await accounts.list();
  if (users.length === 0) io.stderr.write('No users.\n');
  else io.stdout.write(`${users.join('\n')}\n`);
  return 0;
}

async function create(invocation: Invocation, { accounts, module }: OpenAccounts): Promise<number> {
  const method = hashMethod(invocation);
  const key = keyOf(invocation, accounts);
  if (await accounts.has(key)) throw new Error(`${module}: credentials for ${key} already exist`);
  const password = await passwordOf(invocation, 'Enter password for new user: ');
  await accounts.put(key, await hashPassword(notEmpty(password), method));
  return 0;
}

async function setPassword(invocation: Invocation, { accounts }: OpenAccounts): Promise<number> {
  const key = keyOf(invocation, accounts);
  const password = await passwordOf(invocation, 'Enter new password: ');
  const method = invocation.value('hash') === undefined ? usualBcrypt : hashMethod(invocation);
  await accounts.put(key, await hashPassword(notEmpty(password), method));
  return 0;
}

async function remove(invocation: Invocation, { accounts }: OpenAccounts): Promise<number> {
  const { io, has } = invocation;
  const key = keyOf(invocation, accounts);
  if (!has('yes')) {
    const { askLine } = await import('../prompt.ts');
    const answer = await askLine(io, 'Are you sure you want to delete this user account? [y/N]: ');
    if (!/^[yY]$/.test(answer.trim())) {
      io.stderr.write('cancelled\n');
      return 1;
    }
  }
  await accounts.remove(key);
  return 0;
}

function keyOf({ operands }: Invocation, accounts: Accounts): string {
  const [, user = ''] = operands;
  const key = accounts.keyOf(user);
  if (key === null) throw new MaddyUsageError(`${JSON.stringify(user)} cannot be a user name (RFC 8265)`);
  return key;
}

function notEmpty(password: string): string {
  if (password === '') throw new Error('the password is empty: anybody could log in');
  return password;
}
