import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { replacement } from '../../ir/finding.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { insideOf } from '../tls-settings.ts';

const protocols = (words: string) => listener(`tls self_signed {\n    protocols ${words}\n}\ndeliver_to dummy`);

const code: Code = {
  code: 'M7102',
  name: 'tls-old-protocol',
  severity: 'warning',
  summary: 'TLS 1.0 or 1.1, which are broken and switched off elsewhere',
  page: () => ({
    docs: 'RFC 8996 forbids TLS 1.0 and 1.1. OpenSSL as distributions ship it does not speak them, so maddyc may leave them out (docs/differences.md, D31), and a server that speaks nothing else cannot be reached by anybody. Begin with tls1.2.',
    invalid: protocols('tls1.0 tls1.3'),
    valid: protocols('tls1.2 tls1.3'),
  }),
};

export const tlsOldProtocol: Rule = {
  code,
  *check({ tlsSettings }) {
    for (const settings of tlsSettings) {
      const words = insideOf(settings, 'protocols')?.args ?? [];
      const last = words.at(-1)?.value;
      for (const word of words) {
        if (!isOld(word.value)) continue;
        const isAll = last !== undefined && isOld(last);
        yield report(code, word.origin, `${word.value.toUpperCase().replace('TLS', 'TLS ')} is broken`, {
          details: [
            isAll
              ? 'Nothing newer is allowed here, so programs of today cannot connect at all.'
              : 'RFC 8996 forbids it, and who listens on the way may force its use. maddyc leaves it out where OpenSSL does not speak it.',
            'Write tls1.2.',
          ],
          fixes: replacement('write tls1.2', word.origin, 'tls1.2', false),
        });
      }
    }
  },
};

function isOld(version: string): boolean {
  return version === 'tls1.0' || version === 'tls1.1';
}
