import { diagnose } from '../../diagnostics/diagnose.ts';
import type { Code, Diagnostic } from '../../diagnostics/diagnostic.ts';
import { provenance } from '../../diagnostics/provenance.ts';
import type { ExpandedArg } from '../../expand/expanded.ts';
import { listener } from '../../ir/codes/sample.ts';
import { placeOf } from '../../ir/finding.ts';
import type { Rule } from '../rule.ts';

const code: Code = {
  code: 'M4103',
  name: 'wildcard-not-supported',
  severity: 'error',
  summary: 'a wildcard in a match rule',
  page: () => ({
    docs: 'Rules match one address or exactly one domain; `*.example.org` matches nothing at all, not even subdomains. maddy accepts it without a word, and the mail goes to the default block. List the domains, or use `destination_in regexp "(.+)@(.+\\.)?example\\.org" ""`.',
    invalid: listener(
      'destination postmaster *.example.org {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}',
    ),
    valid: listener(
      'destination postmaster example.net {\n    deliver_to dummy\n}\ndestination example.org {\n    deliver_to dummy\n}\ndefault_destination {\n    reject\n}',
    ),
  }),
};

export const wildcardNotSupported: Rule = {
  code,
  *check({ inventory }) {
    for (const { word, kind } of inventory.matchWords) if (looksLikePattern(word.value)) yield unsupported(word, kind);
  },
};

/** Nginx and Postfix write subdomains so. A lone asterisk is `literal-asterisk`. */
function looksLikePattern(rule: string): boolean {
  if (!rule.includes('*') && !rule.includes('@.') && !rule.startsWith('.')) return false;
  const domain = rule.slice(rule.lastIndexOf('@') + 1);
  return /^\*?\../.test(domain) || /.\*/.test(domain);
}

function unsupported(address: ExpandedArg, kind: 'source' | 'destination'): Diagnostic {
  const domain = address.value.slice(address.value.lastIndexOf('@') + 1).replace(/^\*?\.?/, '');
  const table = `${kind}_in regexp "(.+)@(.+\\.)?${domain.replaceAll('.', '\\.')}" ""`;
  return diagnose(code, `"${address.value}" matches nothing: rules have no wildcards`, placeOf(address.origin), {
    label: address.value.includes('*') ? 'the asterisk stands for itself' : 'the dot stands for itself',
    details: [
      'maddy accepts it without a word, and the mail that was meant goes to the default block.',
      `List the domains, or use a table: ${table}`,
    ],
    related: provenance(address.origin),
  });
}
