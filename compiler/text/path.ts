import { isBarePostmaster, quoteLocalPart } from './address.ts';
import { isPrintable } from './ascii.ts';

export interface PathResult {
  /** Empty for the null sender; a local part keeps quotes that it needs (D8). */
  readonly address: string;
  /** What follows: the parameters. */
  readonly rest: string;
}

/** Neither controls nor what was no UTF-8: they would reach logs, headers and the next server. */
const forbidden = /[\0-\x08\x0a-\x1f\x7f\ufffd]/;
const localPartPattern = /[^()<>[\]:;\\,"@ \t]+/y;
const quotedPattern = /"((?:[^"\\]|\\.)*)"/y;
const domainPattern = /[^ \t>]+/y;

/** Argument of `FROM:` (runtime-core 5.3): as maddy takes it, brackets, source route and blanks as they come. */
export function parseReversePath(text: string): PathResult | null {
  const path = text.trim();
  return path.startsWith('<>') ? { address: '', rest: path.slice(2) } : parsePath(path, false);
}

/** Argument of `TO:`; `postmaster` needs no domain (RFC 5321 4.5.1, D24). */
export function parseForwardPath(text: string): PathResult | null {
  return parsePath(text.trim(), true);
}

/** A mailbox alone, as in the AUTH parameter of MAIL (RFC 4954 section 5). */
export function isMailbox(text: string): boolean {
  return !text.startsWith('<') && parsePath(text, false)?.rest === '';
}

function parsePath(text: string, postmasterToo: boolean): PathResult | null {
  if (!isPrintable(text) && forbidden.test(text)) return null;
  const bracketed = text.startsWith('<');
  let at = bracketed ? 1 : 0;
  if (text[at] === '@') {
    // The route of a source-routed path is ignored (RFC 5321 appendix F.2).
    at = text.indexOf(':', at) + 1;
    if (at === 0) return null;
  }
  const localPart = matchAt(localPartPattern, text, at) ?? matchAt(quotedPattern, text, at);
  if (localPart === null) return null;
  at += localPart.length;
  let address = localPart.startsWith('"') ? requote(localPart) : localPart;
  if (text[at] === '@') {
    const domain = matchAt(domainPattern, text, at + 1);
    if (domain === null || address === '') return null;
    at += 1 + domain.length;
    address += `@${domain}`;
  } else if (!postmasterToo || !isBarePostmaster(address)) {
    return null;
  }
  if (bracketed && text[at] !== '>') return null;
  return { address, rest: text.slice(bracketed ? at + 1 : at) };
}

/** `"user"` is `user` (RFC 5321 4.1.2): rules must not be passed by quotes that mean nothing. */
function requote(quoted: string): string {
  return quoteLocalPart(quoted.slice(1, -1).replace(/\\(.)/g, '$1'));
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? text.slice(at, pattern.lastIndex) : null;
}
