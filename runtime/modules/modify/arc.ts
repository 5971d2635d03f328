import { resolve } from 'node:path';
import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { modifyArc } from '../../../compiler/catalog/modules/modify.arc.ts';
import { dkimKeyFile } from '../../../compiler/dns-records/dkim-key-file.ts';
import { asciiDomain, lookupDomain } from '../../../compiler/text/domain.ts';
import { sealMessage } from '../../arc/seal.ts';
import { verifyChain } from '../../arc/verify.ts';
import { SigningKeys } from '../../dkim/signing-keys.ts';
import type { Message, MessageContent, ModuleDefinition } from '../../module.ts';

type Config = ConfigOf<typeof modifyArc>;

/** `modify.arc`: puts what was found about a message under a seal, for the server that it is forwarded to (RFC 8617). */
export const arc: ModuleDefinition<Config> = {
  name: 'modify.arc',
  create(config, { stateDir, resolver, log }) {
    const { domain: written = '', selector = '', newkey_algo: algorithm } = config;
    const domain = asciiDomain(lookupDomain(written) ?? '') ?? '';
    if (domain === '') throw new Error(`${written} is no domain`);
    const hostname = asciiDomain(config.hostname ?? domain) ?? domain;
    const file = resolve(stateDir, dkimKeyFile(config.key_path, written, selector));
    const keys = new SigningKeys(new Map([[domain, file]]), selector, log.unnamed);
    return {
      start: () => keys.makeMissing(algorithm),
      modifier: {
        body: async (message) => {
          const key = keys.of(domain);
          if (key === undefined) return;
          const now = Math.floor(Date.now() / 1000);
          const found = await verifyChain(judgedContent(message), resolver, now);
          const results = resultsOf(message, hostname, found.value);
          await sealMessage(message, { domain, selector, key }, found, results, now);
        },
      },
    };
  },
};

/** Changes that were made here, a signature or the fields of a check, break no chain; a seal that was put on here counts. */
function judgedContent(message: Message): MessageContent {
  const { header, received = message } = message;
  return received.header.count('ARC-Seal') === header.count('ARC-Seal') ? received : message;
}

/** What this server has found; results that others wrote do not count, whatever name they bear. */
function resultsOf({ header, received, context }: Message, hostname: string, arcResult: string): string {
  const field = 'Authentication-Results';
  const top = header.get(field) ?? '';
  // Mail from a queue got its results before it was queued.
  const isNew = context.client === null || received === undefined || header.count(field) > received.header.count(field);
  const own = isNew && top.startsWith(`${hostname};`) ? top : hostname;
  return /; arc=/.test(own) ? own : `${own}; arc=${arcResult}`;
}
