import { hashPassword } from '../../runtime/modules/auth/new-password-hash.ts';
import type { Command } from '../command.ts';
import { configOption, harnessOptions, quietDebugOption } from '../maddy-options.ts';
import { hashMethod, MaddyUsageError, passwordOf, passwordOptions } from '../password-options.ts';

export const hash: Command = {
  name: 'hash',
  summary: 'a password as auth.pass_table keeps it',
  usage: '[options]',
  description: `Prints "ALGORITHM:HASH", the value of a user in the table of auth.pass_table. Without -p one line of standard input is the
password; a terminal does not show it.`,
  options: [
    ...passwordOptions,
    { name: 'argon2-time', value: 'N', help: 'passes over the memory; default 2' },
    { name: 'argon2-memory', value: 'KIB', help: 'memory in KiB; default 1024' },
    { name: 'argon2-threads', value: 'N', help: 'lanes; default 1' },
    { ...configOption, hidden: true },
    quietDebugOption,
    ...harnessOptions,
  ],
  examples: [
    { command: 'maddyc hash', says: 'asks for the password' },
    { command: 'maddyc hash --hash argon2 < password.txt', says: 'argon2id of the first line of a file' },
  ],
  exitCodes: [
    [0, 'the hash is on standard output'],
    [2, 'wrong use'],
  ],
  docs: 'accounts.md',
  operands: 0,

  async run(invocation) {
    const { io } = invocation;
    try {
      const method = hashMethod(invocation);
      const password = await passwordOf(invocation, 'Password: ');
      if (password === '') io.stderr.write('WARNING: This is the hash of an empty string\n');
      io.stdout.write(`${await hashPassword(password, method)}\n`);
      return 0;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      io.stderr.write(`Error: ${error instanceof MaddyUsageError ? 'Error: ' : ''}${error.message}\n`);
      return 2;
    }
  },
};
