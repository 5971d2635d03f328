import { ReplyError } from '../module.ts';
import { type MxLevel, reachesMxLevel, reachesTlsLevel, type TlsLevel } from './levels.ts';
import type { MxPolicy } from './policy.ts';

/** `local_policy`: what the operator asks of every server. */
export function localPolicy(least: { readonly mx: MxLevel; readonly tls: TlsLevel }): MxPolicy {
  return {
    name: 'local_policy',
    forDomain: () => ({
      checkExchanger: (_exchanger, reached) => {
        if (reachesMxLevel(reached, least.mx)) return reached;
        const text = 'Failed to establish the MX record authenticity';
        throw new ReplyError({ code: 451, enhanced: '4.7.0', text });
      },
      checkConnection: (_exchanger, security, { tls }) => {
        if (reachesTlsLevel(tls, least.tls)) return tls;
        const text = 'TLS it not available or unauthenticated but required';
        throw new ReplyError({ code: 451, enhanced: '4.7.1', text }, { tls_err: security?.failure ?? null });
      },
    }),
  };
}
