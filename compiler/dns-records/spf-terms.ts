import type { Opinion } from './compare.ts';
import type { DnsChoices, WantedRecord } from './records.ts';

/** Whether an SPF record allows what the configuration does, as far as its own text tells (RFC 7208). */
export function judgeSpf(record: WantedRecord, texts: readonly string[], { addresses }: DnsChoices): Opinion | null {
  const [text, second] = texts;
  if (text === undefined) return { severity: 'error', message: `there is no SPF record: ${record.says}` };
  if (second !== undefined) {
    return {
      severity: 'error',
      message: `there are ${texts.length} SPF records, which is an error for all who look (RFC 7208 section 4.5)`,
    };
  }
  const terms = text
    .toLowerCase()
    .split(/\s+/)
    .slice(1)
    .filter((term) => term !== '');
  if (terms.some((term) => term === 'all' || term === '+all')) {
    return { severity: 'error', message: 'it allows everybody (+all)' };
  }
  const allowed = new Set(terms.filter((term) => !/^[-~?]/.test(term)).map((term) => term.replace(/^\+/, '')));
  const missing = wantedTerms(record).filter((term) => !allows(allowed, term, record.name, addresses));
  if (missing.length === 0) return null;
  const elsewhere = [...allowed].filter((term) => /^(include:|redirect=|exists:|ip[46]:|a:|a$|mx)/.test(term));
  if (elsewhere.length > 0) {
    return {
      severity: 'warning',
      message: `it does not name ${missing.join(', ')}; whether ${elsewhere.join(', ')} covers it is not looked at`,
      decided: false,
    };
  }
  return { severity: 'error', message: `it does not allow ${missing.join(', ')}: mail from here fails SPF` };
}

function wantedTerms({ data }: WantedRecord): readonly string[] {
  return (data?.[0] ?? '').split(' ').filter((term) => /^(mx|a:|ip[46]:)/.test(term));
}

function allows(allowed: ReadonlySet<string>, term: string, domain: string, addresses: readonly string[]): boolean {
  if (allowed.has(term)) return true;
  if (term === `a:${domain}` && allowed.has('a')) return true;
  const own = term === 'mx' || term.startsWith('a:');
  return own && addresses.some((address) => allowed.has(`${address.includes(':') ? 'ip6' : 'ip4'}:${address}`));
}
