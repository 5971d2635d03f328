import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { dovecotSasl } from '../../../compiler/catalog/modules/dovecot_sasl.ts';
import type { ModuleDefinition } from '../../module.ts';
import { endpointAddress } from '../../net/endpoint-address.ts';
import { DovecotAuthClient } from '../../sasl/dovecot-client.ts';

/** D26: a server that is silent must not hold a client for longer than it waits. */
const handshakeTimeout = 5000;
/** Dovecot delays refusals, with penalties up to 15 s. */
const answerTimeout = 25_000;

export const dovecotSaslAuth: ModuleDefinition<ConfigOf<typeof dovecotSasl>> = {
  name: 'dovecot_sasl',
  create(config, context) {
    if (config.endpoint === undefined) throw new Error('dovecot_sasl: missing server endpoint');
    const address = endpointAddress(config.endpoint, context.runtimeDir);
    const client = new DovecotAuthClient({
      address,
      handshakeTimeout,
      answerTimeout,
      ...(context.hostLookup !== undefined && { lookup: context.hostLookup }),
    });
    return {
      auth: client,
      // Nobody waits for the answer: a Dovecot that starts later is as good (D26).
      start: async () => {
        void client.trouble().then((reason) => {
          if (reason === null) return;
          context.log.message('the server is not reachable, logins are told to try again later', { reason });
        });
      },
      stop: async () => client.stop(),
    };
  },
};
