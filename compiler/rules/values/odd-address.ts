import type { Code } from '../../diagnostics/diagnostic.ts';
import { throughQueue } from '../../ir/codes/sample.ts';
import { replacement } from '../../ir/finding.ts';
import { utf8Length } from '../../text/ascii.ts';
import type { ConfiguredAddress } from '../configured-address.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const target = (address: string) => throughQueue(`target.smtp relay {\n    targets ${address}\n}`);

const code: Code = {
  code: 'M3120',
  name: 'odd-address',
  severity: 'warning',
  summary: 'an address with parts that mean nothing, or that cannot be reached',
  page: () => ({
    docs: 'Of an address only host and port count; a user name, a path or a query is read over, and so are credentials in it: give them with `auth`. Nobody listens on port 0. The path of a socket may have 107 bytes at most.',
    invalid: target('tcp://user@mx.example.org:25'),
    valid: target('tcp://mx.example.org:25'),
  }),
};

export const oddAddress: Rule = {
  code,
  *check({ addresses }) {
    for (const address of addresses) {
      const { word, role } = address;
      const oddity = oddityOf(address);
      if (oddity === null) continue;
      const { message, advice, meant } = oddity;
      yield report(code, word.origin, message, {
        ...(role === 'listen' && meant === undefined ? { severity: 'info' as const } : {}),
        details: advice,
        fixes: meant === undefined ? [] : replacement(`write ${meant}`, word.origin, meant, false),
      });
    }
  },
};

interface Oddity {
  readonly message: string;
  readonly advice: readonly string[];
  readonly meant?: string;
}

function oddityOf({ word, endpoint, role }: ConfiguredAddress): Oddity | null {
  if (endpoint.network === 'unix') {
    const bytes = utf8Length(endpoint.path);
    if (bytes <= LONGEST_SOCKET_PATH) return null;
    return {
      message: `the path of the socket has ${bytes} bytes`,
      advice: [
        `Linux allows ${LONGEST_SOCKET_PATH}: nothing can be reached there. Use a shorter path, or a link to the directory.`,
      ],
    };
  }
  const plain = `${endpoint.scheme}://${endpoint.address}`;
  const surplus = /^\w+:\/\/(?:([^/?#]*)@)?[^/?#]*([/?#].+)?$/.exec(word.value);
  if (surplus?.[1] !== undefined) {
    return {
      message: `"${surplus[1]}@" in the address means nothing`,
      advice: [`Only host and port count. Write ${plain}; a user name and a password go into auth.`],
      meant: plain,
    };
  }
  if (surplus?.[2] !== undefined) {
    return {
      message: `"${surplus[2]}" in the address means nothing`,
      advice: [`Only host and port count: write ${plain}`],
      meant: plain,
    };
  }
  if (!/^0+$/.test(endpoint.port)) return null;
  return role === 'connect'
    ? {
        message: 'nobody listens on port 0',
        advice: ['Mail for it fails each time. Write the port of the other server.'],
      }
    : {
        message: 'port 0 is another port at each start',
        advice: ['No client can know it. Write the port that clients use.'],
      };
}

/** What `sun_path` holds, without the zero at the end. */
const LONGEST_SOCKET_PATH = 107;
