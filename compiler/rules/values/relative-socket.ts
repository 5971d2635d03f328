import type { Code } from '../../diagnostics/diagnostic.ts';
import { throughQueue } from '../../ir/codes/sample.ts';
import { replacement } from '../../ir/finding.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const target = (address: string) => throughQueue(`target.lmtp relay {\n    targets ${address}\n}`);

const code: Code = {
  code: 'M3121',
  name: 'relative-socket',
  severity: 'warning',
  summary: 'a socket path that begins in the runtime directory',
  page: () => ({
    docs: 'After `unix://` a path from the root needs a third slash. With two it is relative to `runtime_dir` (/run/maddy), where nobody listens: mail waits or is refused, and nothing tells why. Write `unix:///run/dovecot/lmtp`.',
    invalid: target('unix://run/dovecot/lmtp'),
    valid: target('unix:///run/dovecot/lmtp'),
  }),
};

export const relativeSocket: Rule = {
  code,
  *check({ addresses }) {
    for (const { word, endpoint, role } of addresses) {
      const relative = /^unix:(?:\/\/)?([^/].*)$/.exec(word.value)?.[1];
      // A listener may well be meant to stand in the runtime directory.
      if (endpoint.network !== 'unix' || relative === undefined || (role === 'listen' && !looksAbsolute(relative)))
        continue;
      const meant = `unix:///${relative}`;
      yield report(code, word.origin, `${word.value} is the socket ${endpoint.path}`, {
        label: 'two slashes: relative to runtime_dir',
        details: [
          role === 'connect'
            ? 'If the other program makes its socket elsewhere, nothing reaches it, and maddy says so only when mail comes.'
            : 'Other programs look for it elsewhere.',
          `Write ${meant} for the path from the root${looksAbsolute(relative) ? '' : `, or unix://${endpoint.path} if it is meant so`}.`,
        ],
        fixes: replacement(`write ${meant}`, word.origin, meant, looksAbsolute(relative)),
      });
    }
  },
};

/** Names of directories at the root: nobody has such a path below the runtime directory. */
function looksAbsolute(path: string): boolean {
  return /^(?:run|var|tmp|srv|opt|home|etc|usr)\//.test(path);
}
