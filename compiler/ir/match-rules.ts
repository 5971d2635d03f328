import { vanishedMacro } from '../diagnostics/undefined-cause.ts';
import type { ExpandedArg, ExpandedDirective } from '../expand/expanded.ts';
import { isValidAddress, lookupAddress, splitAddress } from '../text/address.ts';
import { isValidDomain, lookupDomain } from '../text/domain.ts';
import { invalidRule, ruleWithoutAddress } from './codes/structure.ts';
import { atLine, type Finding, finding } from './finding.ts';
import { dependsOnEnvironment } from './words.ts';

/** The addresses and domains of a `source` or `destination` rule (pipeline.yaml, match_rule); those that can match. */
export function lowerRules(
  directive: ExpandedDirective,
  kind: 'source' | 'destination',
  out: Finding[],
): readonly ExpandedArg[] {
  if (directive.args.length === 0) {
    out.push(nothingToMatch(directive, kind));
    return [];
  }
  return directive.args.filter((arg) => {
    if (dependsOnEnvironment(arg.value)) return true;
    const fault = ruleFault(arg.value);
    if (fault !== null) {
      out.push(invalid(directive, arg, kind, fault));
      return false;
    }
    return true;
  });
}

interface Fault {
  /** maddy found that it cannot even be normalised; its reason. */
  readonly reason: string | null;
}

/** Why a text can be no rule; null when it can. */
export function ruleFault(rule: string): Fault | null {
  if (!rule.includes('@')) {
    const domain = lookupDomain(rule);
    if (domain === null) return { reason: 'idna: invalid label' };
    return isValidDomain(domain) ? null : { reason: null };
  }
  const parts = splitAddress(rule);
  if (typeof parts === 'string') return { reason: `address: ${parts}` };
  const address = lookupAddress(rule);
  if (address === null) return { reason: 'idna: invalid label' };
  // maddy tries both forms for either kind of rule, so that only what is neither is refused.
  return isValidAddress(address) || isValidDomain(address) ? null : { reason: null };
}

function nothingToMatch(directive: ExpandedDirective, kind: 'source' | 'destination'): Finding {
  const text =
    kind === 'source' ? 'expected at least one source matching rule' : 'expected at least one destination match rule';
  return finding(
    ruleWithoutAddress,
    directive.origin,
    {
      message: `this ${kind} rule names no address and no domain`,
      details: [vanishedMacro, `To match all other mail, use default_${kind}.`],
    },
    atLine(directive, text),
  );
}

function invalid(
  directive: ExpandedDirective,
  arg: ExpandedArg,
  kind: 'source' | 'destination',
  fault: Fault,
): Finding {
  const what =
    kind === 'source' && fault.reason === null ? 'invalid source routing rule' : `invalid ${kind} match rule`;
  const text = fault.reason === null ? `${what}: ${arg.value}` : `${what}: ${arg.value}: ${fault.reason}`;
  return finding(
    invalidRule,
    arg.origin,
    {
      message: `"${arg.value}" is neither an address nor a domain`,
      details: [
        'A rule is an address (user@example.org), a domain (example.org) or the word postmaster.',
        ...(arg.value.startsWith('@') ? ['For a whole domain, write it without the "@".'] : []),
        ...(arg.value.startsWith('.') ? ['Subdomains cannot be matched by a rule: list them, or use a table.'] : []),
      ],
    },
    atLine(directive, text),
  );
}
