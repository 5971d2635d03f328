import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { mxAuthDane } from '../../../compiler/catalog/modules/mx_auth.dane.ts';
import type { mxAuthDnssec } from '../../../compiler/catalog/modules/mx_auth.dnssec.ts';
import type { mxAuthLocalPolicy } from '../../../compiler/catalog/modules/mx_auth.local_policy.ts';
import type { mxAuthStsPreload } from '../../../compiler/catalog/modules/mx_auth.sts_preload.ts';
import type { ModuleDefinition } from '../../module.ts';
import { dane } from '../../remote/dane/dane.ts';
import { dnssec } from '../../remote/dnssec.ts';
import { localPolicy } from '../../remote/local-policy.ts';

export const danePolicy: ModuleDefinition<ConfigOf<typeof mxAuthDane>> = {
  name: 'mx_auth.dane',
  create: (_config, { resolver }) => ({ mxPolicies: [dane(resolver, Date.now)] }),
};

export const dnssecPolicy: ModuleDefinition<ConfigOf<typeof mxAuthDnssec>> = {
  name: 'mx_auth.dnssec',
  create: () => ({ mxPolicies: [dnssec] }),
};

export const operatorPolicy: ModuleDefinition<ConfigOf<typeof mxAuthLocalPolicy>> = {
  name: 'mx_auth.local_policy',
  create: ({ min_mx_level: mx, min_tls_level: tls }) => ({ mxPolicies: [localPolicy({ mx, tls })] }),
};

/** The list has ended: nothing is asked of anybody (runtime-mta 6). */
export const stsPreload: ModuleDefinition<ConfigOf<typeof mxAuthStsPreload>> = {
  name: 'mx_auth.sts_preload',
  create(_config, { log }) {
    log.message('sts_preload module is deprecated and is no-op as the list is expired and unmaintained');
    return { mxPolicies: [] };
  },
};
