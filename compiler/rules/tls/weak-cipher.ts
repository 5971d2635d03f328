import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { insideOf } from '../tls-settings.ts';

const ciphers = (words: string) => listener(`tls self_signed {\n    ciphers ${words}\n}\ndeliver_to dummy`);

const code: Code = {
  code: 'M7115',
  name: 'weak-cipher',
  severity: 'warning',
  summary: 'a cipher that is broken, and that OpenSSL does not have any more',
  page: () => ({
    docs: 'RC4 (RFC 7465) and 3DES can be broken. maddy knows their names; the OpenSSL that maddyc runs with does not have them, so they are left out (docs/differences.md, D31). If nothing else is in the list, nobody can connect. Remove them.',
    invalid: ciphers('ECDHE-RSA-WITH-RC4128-SHA ECDHE-RSA-WITH-AES128-GCM-SHA256'),
    valid: ciphers('ECDHE-RSA-WITH-AES128-GCM-SHA256'),
  }),
};

export const weakCipher: Rule = {
  code,
  *check({ tlsSettings }) {
    for (const settings of tlsSettings) {
      const words = insideOf(settings, 'ciphers')?.args ?? [];
      const weak = words.filter(({ value }) => /RC4|3DES/.test(value));
      const isNothingLeft = weak.length === words.length;
      for (const word of weak) {
        yield report(code, word.origin, `${/RC4/.test(word.value) ? 'RC4' : '3DES'} is broken`, {
          ...(isNothingLeft ? { severity: 'error' as const } : {}),
          details: [
            isNothingLeft
              ? 'Nothing else is in the list, and OpenSSL does not have it any more: nobody can connect with TLS 1.2.'
              : 'OpenSSL does not have it any more: maddyc leaves it out, maddy uses it.',
            'Remove it.',
          ],
        });
      }
    }
  },
};
