import type { Code } from '../../diagnostics/diagnostic.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const submission = (path: string) =>
  `hostname mx.example.org\ntls self_signed\nsubmission tcp://127.0.0.1:5870 {\n    auth dovecot_sasl unix://${path}\n    deliver_to dummy\n}\n`;

const code: Code = {
  code: 'M5114',
  name: 'wrong-dovecot-socket',
  severity: 'warning',
  summary: 'the name of a socket says that it is for something else',
  page: () => ({
    docs: "Dovecot has a socket for each purpose. Passwords are checked at an auth client socket; LMTP sockets take mail; sockets whose names end in `-master`, `-userdb`, `-login` or `-token` (2.3: by their names) speak to Dovecot's own programs. At the wrong one maddy hangs at start, or says EOF.",
    invalid: submission('/run/dovecot/lmtp'),
    valid: submission('/run/dovecot/auth-maddy-client'),
  }),
};

export const wrongDovecotSocket: Rule = {
  code,
  *check({ addresses }) {
    for (const { module, role, word, endpoint } of addresses) {
      if (role !== 'connect' || endpoint.network !== 'unix') continue;
      const name = endpoint.path.slice(endpoint.path.lastIndexOf('/') + 1);
      const kind = module.entry.name;
      if (kind === 'dovecot_sasl' && /lmtp/.test(name)) {
        yield report(code, word.origin, `${name} looks like a socket for LMTP, and passwords are checked here`, {
          details: [
            'If it is, maddy 0.9.4 hangs for ever when it starts, and maddyc lets nobody log in.',
            'Name the auth client socket, for example: unix:///run/dovecot/auth-maddy-client',
          ],
        });
      } else if (kind === 'dovecot_sasl' && /-(?:master|userdb|login|token)$/.test(name)) {
        yield report(code, word.origin, `${name} is a socket for Dovecot's own programs`, {
          label: 'by the end of its name',
          details: [
            'Dovecot closes the connection, and nobody can log in.',
            'Name an auth client socket: a unix_listener in service auth whose name does not end so, for example auth-maddy-client.',
          ],
        });
      } else if (kind === 'target.lmtp' && /(?:^|[-_])auth|-client$/.test(name)) {
        yield report(code, word.origin, `${name} looks like a socket for passwords, and mail is delivered here`, {
          details: [
            'If it is, all mail waits or bounces.',
            'Name the LMTP socket, for example: unix:///run/dovecot/lmtp-maddy',
          ],
        });
      }
    }
  },
};
