import { createHash, type X509Certificate } from 'node:crypto';
import type { TlsaRecord } from '../../dns/records.ts';

const usages = { trustAnchor: 2, ownCertificate: 3 } as const;

/** RFC 7672 section 3.1: usages 0 and 1 say nothing about SMTP. */
export function isUsable({ usage, selector, matchingType }: TlsaRecord): boolean {
  return (usage === usages.trustAnchor || usage === usages.ownCertificate) && selector <= 1 && matchingType <= 2;
}

/** Whether one of the usable records stands for the certificates that a server has shown, its own first. */
export function matchesChain(
  records: readonly TlsaRecord[],
  chain: readonly X509Certificate[],
  host: string,
  now: Date,
): boolean {
  const [own] = chain;
  if (own === undefined) return false;
  return records.some((record) =>
    record.usage === usages.ownCertificate
      ? // Names and dates do not count: the record itself says both (RFC 7672 section 3.1.1).
        matches(record, own)
      : leadsTo(record, chain, host, now),
  );
}

/** The chain is whole, in time and for this host, up to a certificate that the record names (RFC 7672 section 3.1.2). */
function leadsTo(record: TlsaRecord, chain: readonly X509Certificate[], host: string, now: Date): boolean {
  const [own] = chain;
  if (own?.checkHost(host) === undefined) return false;
  for (const [at, certificate] of chain.entries()) {
    if (!isInTime(certificate, now)) return false;
    const issued = chain[at - 1];
    if (issued !== undefined && !(issued.checkIssued(certificate) && issued.verify(certificate.publicKey)))
      return false;
    if (certificate.ca && matches(record, certificate)) return true;
  }
  return false;
}

function isInTime({ validFrom, validTo }: X509Certificate, now: Date): boolean {
  return Date.parse(validFrom) <= now.getTime() && now.getTime() <= Date.parse(validTo);
}

/** RFC 6698 section 2.1. */
function matches({ selector, matchingType, data }: TlsaRecord, certificate: X509Certificate): boolean {
  const selected = selector === 0 ? certificate.raw : certificate.publicKey.export({ type: 'spki', format: 'der' });
  if (matchingType === 0) return selected.equals(data);
  const hash = matchingType === 1 ? 'sha256' : 'sha512';
  return createHash(hash).update(selected).digest().equals(data);
}
