import type { OptionSpec } from './command.ts';
import type { Io } from './io.ts';

export const systemFile = '/etc/maddy/maddy.conf';

/** The file of commands that stand in maddy's place (R4). */
export function maddyFile(io: Io, named: string | undefined): string {
  return named ?? io.env.MADDY_CONFIG ?? systemFile;
}

export const configOption: OptionSpec = {
  name: 'config',
  value: 'FILE',
  help: `the configuration; default: MADDY_CONFIG, then ${systemFile}`,
};

/** Options that test harnesses pass to every command (drop-in-cli 1), and `-debug`. */
export const harnessOptions: readonly OptionSpec[] = [
  { name: 'debug.smtpport', value: 'PORT', help: 'port of outgoing MX connections', hidden: true },
  { name: 'debug.dnsoverride', value: 'HOST:PORT', help: 'DNS server for everything', hidden: true },
  { name: 'debug.pprof', value: 'ADDR', help: 'accepted, no effect', hidden: true },
  { name: 'debug.blockprofrate', value: 'N', help: 'accepted, no effect', hidden: true },
  { name: 'debug.mutexproffract', value: 'N', help: 'accepted, no effect', hidden: true },
];

export const quietDebugOption: OptionSpec = { name: 'debug', help: 'accepted, no effect', hidden: true };
