import { isIpAddress } from '../../catalog/values/network.ts';
import type { Severity } from '../../diagnostics/diagnostic.ts';
import { fieldsIn, isUse, moduleOf } from '../../ir/ir.ts';
import { modulesNamed } from '../../ir/walk.ts';
import { spanOf } from '../../ir/words.ts';
import { placeOfProperty, writtenFor } from '../../ir/written.ts';
import type { Origin } from '../../source/origin.ts';
import { firstValue } from '../property-values.ts';
import type { RuleContext } from '../rule.ts';

/** A fault of some releases of maddy, and where a file meets it. */
export interface Advisory {
  /** First and last release that has it. */
  readonly from?: string;
  readonly to: string;
  readonly severity?: Severity;
  readonly what: string;
  readonly advice: string;
  readonly issue: string;
  readonly places: (context: RuleContext) => Iterable<Origin>;
}

/** lint-candidates, section 3. Only what a file shows is here. */
export const advisories: readonly Advisory[] = [
  {
    from: '0.9.4',
    to: '0.9.4',
    severity: 'error',
    what: 'the first message that meets reroute breaks the connection',
    advice:
      'The client is told "421 4.0.0 Internal server error" and mail does not get through. Deliver to a msgpipeline block instead.',
    issue: '#844',
    *places({ inventory }) {
      for (const action of inventory.actions) if (action.kind === 'reroute') yield action.header.origin;
    },
  },
  {
    to: '0.9.4',
    what: 'when the name of this server cannot be looked up, mail bounces at once',
    advice:
      'A DNS that is away for a minute counts as a permanent error. Write the IP address, or use a release after 0.9.4.',
    issue: '#845',
    *places({ addresses }) {
      for (const { module, role, word, endpoint } of addresses) {
        const isDelivery = ['target.smtp', 'target.lmtp'].includes(module.entry.name);
        if (
          isDelivery &&
          role === 'connect' &&
          endpoint.network === 'tcp' &&
          !isIpAddress(endpoint.host) &&
          endpoint.host !== 'localhost'
        )
          yield word.origin;
      }
    },
  },
  {
    from: '0.8.1',
    to: '0.8.1',
    severity: 'error',
    what: 'proxy_protocol on a tls:// address crashes the server',
    advice: 'Let the proxy end TLS, or use a release after 0.8.1.',
    issue: '#783',
    *places({ program, addresses }) {
      for (const endpoint of program.endpoints) {
        const isSecure = addresses.of(endpoint, 'listen').some((each) => each.endpoint.tls);
        if (isSecure && writtenFor(endpoint, 'proxy_protocol') !== undefined)
          yield placeOfProperty(endpoint, 'proxy_protocol');
      }
    },
  },
  {
    from: '0.7.0',
    to: '0.7.9',
    severity: 'error',
    what: 'tls_client in target.smtp crashes the server at start',
    advice: 'Use a later release.',
    issue: '#688',
    places: ({ inventory }) => writtenIn(inventory, 'target.smtp', 'tls_client'),
  },
  {
    from: '0.9.1',
    to: '0.9.1',
    severity: 'error',
    what: 'rspamd without tls_client crashes the server at start',
    advice: 'Write an empty tls_client block into it, or use 0.9.2.',
    issue: '#830',
    *places({ inventory, program }) {
      for (const module of modulesNamed(inventory, 'check.rspamd')) {
        if (writtenFor(module, 'tls_client') === undefined && !program.globals.get('tls_client')?.written.length)
          yield spanOf(module.header);
      }
    },
  },
  {
    from: '0.8.0',
    to: '0.8.0',
    what: 'with email_localpart_optional here nobody may send',
    advice: 'Use email_localpart, or a later release.',
    issue: '#751',
    *places({ inventory }) {
      for (const module of modulesNamed(inventory, 'check.authorize_sender')) {
        for (const key of ['user_to_email', 'prepare_email']) {
          const use = firstValue(module, key);
          if (isUse(use) && moduleOf(use)?.entry.name === 'table.email_localpart_optional')
            yield placeOfProperty(module, key);
        }
      }
    },
  },
  {
    to: '0.6.9',
    severity: 'error',
    what: 'auth_map is unknown',
    advice: 'The server does not start. Use 0.7.0 or later.',
    issue: '#586',
    *places({ program }) {
      const [written] = program.globals.get('auth_map')?.written ?? [];
      if (written !== undefined) yield written.origin;
      for (const endpoint of program.endpoints) {
        const own = writtenFor(endpoint, 'auth_map');
        if (own !== undefined && own !== written) yield own.origin;
      }
    },
  },
  {
    to: '0.9.3',
    severity: 'error',
    what: 'auth login is unknown',
    advice: 'The server does not start. Use auth plain if the relay takes it, or 0.9.4.',
    issue: '#839',
    *places({ inventory }) {
      for (const module of modulesNamed(inventory, 'target.smtp')) {
        if (fieldsIn(firstValue(module, 'auth'))?.mechanism === 'login') yield placeOfProperty(module, 'auth');
      }
    },
  },
  {
    from: '0.9.4',
    to: '0.9.4',
    what: 'a full mailbox is told to senders as an internal error',
    advice:
      "Dovecot's 552 becomes 452, and after that 554 5.0.0. With lmtp_rcpt_check_quota = yes in Dovecot the reply comes earlier and is passed on as it is.",
    issue: '#800',
    places: ({ inventory }) => modulesNamed(inventory, 'target.lmtp').map(({ header }) => spanOf(header)),
  },
  {
    from: '0.9.4',
    to: '0.9.4',
    what: 'a reload (SIGUSR2) crashes the server, and mail is down until somebody starts it',
    advice: 'Restart maddy after a change of the configuration or of a certificate, and do not reload it.',
    issue: '#846',
    places: ({ program }) => program.endpoints.slice(0, 1).map(({ header }) => spanOf(header)),
  },
  {
    from: '0.9.4',
    to: '0.9.4',
    severity: 'info',
    what: 'verify-config is no dry run: it makes keys and databases, or asks Dovecot',
    advice:
      'It writes DKIM keys, SQLite files and state directories, and needs the secrets, sockets and certificates of the mail server. In CI use maddyc check, which touches nothing.',
    issue: '#808',
    places: ({ inventory }) =>
      ['modify.dkim', 'dovecot_sasl', 'storage.imapsql', 'table.sql_table', 'table.sql_query']
        .flatMap((name) => modulesNamed(inventory, name))
        .slice(0, 1)
        .map(({ header }) => spanOf(header)),
  },
  {
    to: '0.5.2',
    severity: 'error',
    what: 'errors of single recipients are lost on the way from LMTP',
    advice: 'Mail is reported as delivered and is gone. Use a queue before the target, or a later release.',
    issue: '#453',
    places: ({ inventory }) => modulesNamed(inventory, 'target.lmtp').map(({ header }) => spanOf(header)),
  },
];

function writtenIn(inventory: RuleContext['inventory'], name: string, key: string): readonly Origin[] {
  return modulesNamed(inventory, name).flatMap((module) => writtenFor(module, key)?.origin ?? []);
}
