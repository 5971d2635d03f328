import type { Code } from '../../diagnostics/diagnostic.ts';
import type { PathFacts } from '../host-facts.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const code: Code = {
  code: 'M5106',
  name: 'lmtp-socket',
  severity: 'warning',
  summary: 'a socket that the server cannot connect to on this machine',
  page: () => ({
    docs: "The other program does not run, makes its socket elsewhere, or does not let the account of the server in. Mail waits (`450 4.4.2`) or nobody can log in. In Dovecot the socket is a `unix_listener` with `user = maddy` and `mode = 0600`. A socket below the server's own `runtime_dir` is a trap: one of the two must be started first, and the directory may be emptied at start. Only `check --host-checks` looks: it must run on the mail server.",
    invalid: '',
    valid: '',
  }),
};

export const unusableSocket: Rule = {
  code,
  needsHost: true,
  *check({ addresses, facts, program }) {
    if (facts === null) return;
    const runtime = program.globals.get('runtime_dir')?.value;
    const ownDirectory = typeof runtime === 'string' ? runtime : '/run/maddy';
    for (const { role, word, endpoint, module } of addresses) {
      if (role !== 'connect' || endpoint.network !== 'unix') continue;
      const found = facts.path(endpoint.path);
      const fault = found === undefined ? null : faultOf(found, facts.account);
      const effect =
        module.entry.name === 'dovecot_sasl'
          ? 'Nobody can log in until then.'
          : 'Mail for it waits or is refused until then.';
      if (fault !== null)
        yield report(code, word.origin, `${endpoint.path}: ${fault.message}`, { details: [...fault.advice, effect] });
      if (endpoint.path.startsWith(`${ownDirectory}/`)) {
        yield report(code, word.origin, `${endpoint.path} lies in the server's own runtime directory`, {
          details: [
            'The other program can make it only after this server has made the directory, and this one needs it at start.',
            'Let the other program use a directory of its own, as /run/dovecot.',
          ],
        });
      }
    }
  },
};

interface Fault {
  readonly message: string;
  readonly advice: readonly string[];
}

function faultOf({ kind, isUsable, mode, owner, group, blockedAt }: PathFacts, account: string | null): Fault | null {
  const who = account ?? 'the account of the server';
  if (blockedAt !== null) {
    return {
      message: `${blockedAt} does not exist, or ${who} may not enter it`,
      advice: ['Start the other program, or correct the path or the rights of the directory.'],
    };
  }
  if (kind === 'absent') {
    return {
      message: 'there is no such socket',
      advice: ['The program that listens there does not run, or makes its socket elsewhere.'],
    };
  }
  if (kind !== 'socket')
    return { message: 'this is no socket', advice: ['Name the socket that the other program makes.'] };
  if (isUsable) return null;
  return {
    message: `${who} may not connect`,
    advice: [
      `It belongs to ${owner}:${group} with ${mode}. In Dovecot, write user = ${account ?? 'maddy'} into its unix_listener.`,
    ],
  };
}
