import type { Code } from '../../diagnostics/diagnostic.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const lmtp = (port: number) =>
  `hostname mx.example.org\ntls off\nlmtp tcp://127.0.0.1:${port} {\n    deliver_to dummy\n}\n`;

const code: Code = {
  code: 'M4111',
  name: 'lmtp-on-25',
  severity: 'error',
  summary: 'LMTP on port 25',
  page: () => ({
    docs: 'Other servers speak SMTP on port 25. An LMTP server answers their EHLO with an error, and no mail comes in; RFC 2033 (5) forbids LMTP there. Use another port, or a socket.',
    invalid: lmtp(25),
    valid: lmtp(24),
  }),
};

export const lmtpOn25: Rule = {
  code,
  *check({ addresses }) {
    for (const { module, role, word, endpoint } of addresses) {
      if (role !== 'listen' || module.entry.name !== 'lmtp' || endpoint.port !== '25') continue;
      yield report(code, word.origin, 'LMTP cannot be spoken on port 25', {
        label: 'other servers speak SMTP here',
        details: [
          'Their EHLO is answered with an error, so no mail comes in (RFC 2033, 5).',
          'Use a socket (unix://lmtp.sock) or another port for LMTP, or make this an smtp endpoint.',
        ],
      });
    }
  },
};
