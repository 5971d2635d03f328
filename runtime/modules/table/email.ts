import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { tableEmailWithDomain } from '../../../compiler/catalog/modules/table.email_with_domain.ts';
import {
  emailLocalpartLookup,
  emailLocalpartOptionalLookup,
  emailWithDomainLookup,
} from '../../../compiler/routing/tables/email.ts';
import type { ModuleDefinition } from '../../module.ts';

export const emailLocalpart: ModuleDefinition<unknown> = {
  name: 'table.email_localpart',
  create: () => ({ table: { lookup: emailLocalpartLookup } }),
};

export const emailLocalpartOptional: ModuleDefinition<unknown> = {
  name: 'table.email_localpart_optional',
  create: () => ({ table: { lookup: emailLocalpartOptionalLookup } }),
};

export const emailWithDomain: ModuleDefinition<ConfigOf<typeof tableEmailWithDomain>> = {
  name: 'table.email_with_domain',
  create: ({ domains }) => ({ table: { lookup: emailWithDomainLookup(domains) } }),
};
