import type { Code } from '../../diagnostics/diagnostic.ts';
import { throughQueue } from '../../ir/codes/sample.ts';
import type { Origin } from '../../source/origin.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const relay = (words: string) =>
  throughQueue(
    `target.smtp relay {\n    targets tls://mx.example.org:465\n    starttls no\n    auth plain ${words}\n}`,
  );

const code: Code = {
  code: 'M6108',
  name: 'secret-in-file',
  severity: 'info',
  summary: 'a password stands in the configuration',
  page: () => ({
    docs: 'Whoever may read the file, a copy of it, or the repository that it is kept in, has the password. Write `{env:NAME}` and give the variable to the service: systemd reads `EnvironmentFile=`, containers have secrets. `maddyc check` does not show the word itself.',
    invalid: relay('relay@example.org hunter2'),
    valid: relay('relay@example.org {env:RELAY_PASSWORD}'),
  }),
};

export const secretInFile: Rule = {
  code,
  *check({ program }) {
    for (const { directive, spec } of program.marked) {
      const { secretFrom } = spec;
      if (secretFrom === undefined) continue;
      for (const word of directive.args.slice(secretFrom)) {
        if (!isSecret(word.value, directive.name) || cameFromEnvironment(word.origin)) continue;
        yield report(code, word.origin, 'a password stands in the file', {
          details: [
            'Whoever reads the file or a copy of it has the password.',
            'Write {env:NAME} in its place and give the variable to the service (systemd: EnvironmentFile=).',
          ],
        });
      }
    }
  },
};

/** Where a database is found is no secret as long as no password is in it. */
function isSecret(text: string, directive: string): boolean {
  if (text === '' || text.includes('{env:')) return false;
  return directive !== 'dsn' || /password=|pwd=|:[^:@/]+@/i.test(text) || hasPasswordForMysql(text);
}

/** Whatever signs it holds: `USER:PASSWORD@tcp(HOST)`. */
function hasPasswordForMysql(dsn: string): boolean {
  const [colon, at] = [dsn.indexOf(':'), dsn.lastIndexOf('@')];
  return colon >= 0 && at > colon + 1 && /^(?:tcp[46]?|unix)?\(/.test(dsn.slice(at + 1));
}

function cameFromEnvironment({ via }: Origin): boolean {
  for (let step = via; step !== null; step = step.next) if (step.kind === 'environment') return true;
  return false;
}
