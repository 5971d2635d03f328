import { tlsVersions } from '../../catalog/values/tls.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { listener } from '../../ir/codes/sample.ts';
import { spanOf } from '../../ir/words.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { insideOf } from '../tls-settings.ts';

const protocols = (words: string) => listener(`tls self_signed {\n    protocols ${words}\n}\ndeliver_to dummy`);

const code: Code = {
  code: 'M7113',
  name: 'tls-versions-reversed',
  severity: 'error',
  summary: 'the lowest version of TLS is above the highest',
  page: () => ({
    docs: '`protocols` names the lowest version first, then the highest. The other way round no version is left: every connection with TLS fails. maddy accepts it without a word.',
    invalid: protocols('tls1.3 tls1.2'),
    valid: protocols('tls1.2 tls1.3'),
  }),
};

export const tlsVersionsReversed: Rule = {
  code,
  *check({ tlsSettings }) {
    for (const settings of tlsSettings) {
      const directive = insideOf(settings, 'protocols');
      const [low, high] = (directive?.args ?? []).map(({ value }) => indexOfVersion(value));
      if (directive === undefined || low === undefined || high === undefined || high === -1 || low <= high) continue;
      yield report(code, spanOf(directive), 'no version of TLS is left: the lowest stands first', {
        details: [
          'Every connection with TLS fails.',
          `Write protocols ${directive.args[1]?.value} ${directive.args[0]?.value}`,
        ],
      });
    }
  },
};

function indexOfVersion(text: string): number {
  const names: readonly string[] = tlsVersions;
  return names.indexOf(text);
}
