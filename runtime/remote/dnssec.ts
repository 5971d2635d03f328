import type { MxPolicy } from './policy.ts';

/** `dnssec`: a name that a signed MX record gives is the domain's own. */
export const dnssec: MxPolicy = {
  name: 'dnssec',
  forDomain: () => ({
    checkExchanger: ({ authenticated }, reached) => (authenticated ? 'dnssec' : reached),
  }),
};
