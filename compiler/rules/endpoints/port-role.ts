import { isLoopback } from '../../catalog/values/network.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { replacement } from '../../ir/finding.ts';
import type { ConfiguredAddress } from '../configured-address.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const submission = (address: string) =>
  `hostname mx.example.org\ntls self_signed\nsubmission ${address} {\n    auth dovecot_sasl unix:///run/dovecot/auth-maddy-client\n    deliver_to dummy\n}\n`;

const code: Code = {
  code: 'M4112',
  name: 'port-role',
  severity: 'warning',
  summary: 'an endpoint on a port that clients use otherwise',
  page: () => ({
    docs: 'Programs choose a port by what they expect there. Port 25: other servers, without login. Port 587: users, who log in after STARTTLS. Port 465: users, TLS from the first byte. On port 465 without `tls://` and on port 587 with it clients wait for each other until they give up.',
    invalid: submission('tls://127.0.0.1:587'),
    valid: submission('tls://127.0.0.1:465'),
  }),
};

export const portRole: Rule = {
  code,
  *check({ addresses }) {
    for (const address of addresses) {
      const fault = address.role === 'listen' ? listenFault(address) : connectFault(address);
      if (fault === null) continue;
      const { message, advice, meant } = fault;
      yield report(code, address.word.origin, message, {
        details: advice,
        fixes: meant === undefined ? [] : replacement(`write ${meant}`, address.word.origin, meant, false),
      });
    }
  },
};

interface Fault {
  readonly message: string;
  readonly advice: readonly string[];
  readonly meant?: string;
}

function listenFault({ module, word, endpoint }: ConfiguredAddress): Fault | null {
  const kind = module.entry.name;
  if (endpoint.network !== 'tcp' || (kind !== 'smtp' && kind !== 'submission')) return null;
  if (kind === 'submission' && endpoint.port === '25') {
    return {
      message: 'submission on port 25, where other servers deliver',
      advice: [
        'They cannot log in, so all mail from outside is refused.',
        'Use smtp for port 25, and 465 or 587 for submission.',
      ],
    };
  }
  const isUserPort = endpoint.port === '587' || endpoint.port === '465';
  if (kind === 'smtp' && isUserPort && !module.config.get('auth')?.written.length && !isLoopback(endpoint.host)) {
    return {
      message: `smtp on port ${endpoint.port}, where users log in`,
      advice: [
        'Mail programs find no login here. Use submission with auth for users, and smtp on port 25 for other servers.',
      ],
    };
  }
  return tlsFault(word.value, endpoint);
}

/** On the way to a relay: TLS where the server begins in clear text, and the other way round. */
function connectFault({ module, word, endpoint }: ConfiguredAddress): Fault | null {
  return module.entry.name === 'target.smtp' ? tlsFault(word.value, endpoint) : null;
}

function tlsFault(word: string, { network, port, tls }: ConfiguredAddress['endpoint']): Fault | null {
  if (network !== 'tcp') return null;
  if (port === '465' && !tls) {
    const meant = word.replace(/^tcp:/, 'tls:');
    return {
      message: 'port 465 without TLS from the first byte',
      advice: ['Both sides expect TLS to begin at once on this port, and wait for each other.', `Write ${meant}`],
      meant,
    };
  }
  if ((port === '587' || port === '25') && tls) {
    const meant = word.replace(/^tls:/, 'tcp:');
    return {
      message: `port ${port} with TLS from the first byte`,
      advice: [
        'Clients begin in clear text on this port and then ask for STARTTLS; here both wait for each other.',
        `Write ${meant}`,
      ],
      meant,
    };
  }
  return null;
}
