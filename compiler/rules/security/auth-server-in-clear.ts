import { isLocal } from '../../catalog/values/endpoint.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const submission = (address: string) =>
  `hostname mx.example.org\ntls self_signed\nsubmission tcp://127.0.0.1:5870 {\n    auth dovecot_sasl ${address}\n    deliver_to dummy\n}\n`;

const code: Code = {
  code: 'M6111',
  name: 'auth-server-in-clear',
  severity: 'warning',
  summary: 'passwords go to the Dovecot auth server in clear text',
  page: () => ({
    docs: "Dovecot's auth protocol has no encryption: over `tcp://` every password of every user crosses the network in clear text, and whoever reaches the port can try passwords. With `tls://` nothing works at all, since the other side does not speak TLS. Use the socket, or a tunnel to a loopback address.",
    invalid: submission('tcp://192.0.2.5:24'),
    valid: submission('unix:///run/dovecot/auth-maddy-client'),
  }),
};

export const authServerInClear: Rule = {
  code,
  *check({ addresses }) {
    for (const { module, role, word, endpoint } of addresses) {
      if (role !== 'connect' || module.entry.name !== 'dovecot_sasl') continue;
      if (endpoint.tls) {
        yield report(code, word.origin, 'tls:// does not work with the auth server', {
          severity: 'error',
          details: ["Dovecot's auth protocol has no TLS: nobody can log in. Use unix:// or, on this host, tcp://"],
        });
      } else if (!isLocal(endpoint)) {
        yield report(code, word.origin, `every password is sent to ${word.value} in clear text`, {
          details: [
            "Dovecot's auth protocol has no encryption: whoever listens on the way reads the passwords of all users.",
            "Use Dovecot's socket (unix:///run/dovecot/auth-maddy-client), or a tunnel to 127.0.0.1.",
          ],
        });
      }
    }
  },
};
