import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A private Postfix that takes mail on one port, queues it, and relays it to another. Needs root. */
export class Postfix {
  readonly #etc: string;

  constructor(directory: string, port: number, sinkPort: number) {
    this.#etc = join(directory, 'etc');
    for (const name of ['etc', 'queue', 'data']) mkdirSync(join(directory, name), { recursive: true });
    const owner = Number(execFileSync('id', ['-u', 'postfix'], { encoding: 'utf8' }));
    chownSync(join(directory, 'data'), owner, owner);
    writeFileSync(join(this.#etc, 'main.cf'), mainSettings(directory, sinkPort));
    writeFileSync(join(this.#etc, 'master.cf'), masterSettings(port));
  }

  start(): void {
    execFileSync('postfix', ['-c', this.#etc, 'start'], { stdio: 'ignore' });
  }

  stop(): void {
    execFileSync('postfix', ['-c', this.#etc, 'stop'], { stdio: 'ignore' });
  }
}

/** As installed, but for what keeps it to itself and lets everything through. */
function mainSettings(directory: string, sinkPort: number): string {
  return `compatibility_level = 3.6
queue_directory = ${directory}/queue
data_directory = ${directory}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = postfix.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
relayhost = [127.0.0.1]:${sinkPort}
maillog_file = ${directory}/postfix.log
maillog_file_prefixes = ${directory}
smtpd_client_connection_rate_limit = 0
smtpd_peername_lookup = no
disable_dns_lookups = yes
`;
}

function masterSettings(port: number): string {
  return `127.0.0.1:${port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
smtp unix - - n - - smtp
relay unix - - n - - smtp
scache unix - - n - 1 scache
error unix - - n - - error
retry unix - - n - - error
postlog unix-dgram n - n - 1 postlogd
`;
}
