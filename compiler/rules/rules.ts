import { diagnose } from '../diagnostics/diagnose.ts';
import type { Code, Diagnostic } from '../diagnostics/diagnostic.ts';
import { dmarcNotDecided } from './checks/dmarc-not-decided.ts';
import { dmarcOff } from './checks/dmarc-off.ts';
import { dnsblPublicResolver } from './checks/dnsbl-public-resolver.ts';
import { emptyDnsbl } from './checks/empty-dnsbl.ts';
import { spfActionWithDmarc } from './checks/spf-action-with-dmarc.ts';
import { contextOf } from './context.ts';
import { deprecatedDirective } from './delivery/deprecated-directive.ts';
import { multipleTargets } from './delivery/multiple-targets.ts';
import { retrySchedule } from './delivery/retry-schedule.ts';
import { starttlsInsideTls } from './delivery/starttls-inside-tls.ts';
import { strictOutboundTls } from './delivery/strict-outbound-tls.ts';
import { wrongDovecotSocket } from './delivery/wrong-dovecot-socket.ts';
import { debugLeaks } from './endpoints/debug-leaks.ts';
import { lmtpOn25 } from './endpoints/lmtp-on-25.ts';
import { logOnlyFile } from './endpoints/log-only-file.ts';
import { noLimits } from './endpoints/no-limits.ts';
import { portRole } from './endpoints/port-role.ts';
import { proxyProtocolTrust } from './endpoints/proxy-protocol-trust.ts';
import { sameListenerTwice } from './endpoints/same-listener-twice.ts';
import { daneWithoutDnssec } from './machine/dane-without-dnssec.ts';
import { tlsFile } from './machine/tls-file.ts';
import { unusableSocket } from './machine/unusable-socket.ts';
import { aliasFileLine } from './matching/alias-file-line.ts';
import { aliasNonAddress } from './matching/alias-non-address.ts';
import { keyNeverMatches } from './matching/key-never-matches.ts';
import { literalAsterisk } from './matching/literal-asterisk.ts';
import { regexpDot } from './matching/regexp-dot.ts';
import { regexpGroup } from './matching/regexp-group.ts';
import { regexpNotAnchored } from './matching/regexp-not-anchored.ts';
import { regexpWithoutValue } from './matching/regexp-without-value.ts';
import { wildcardNotSupported } from './matching/wildcard-not-supported.ts';
import { routingRules } from './routing/routing-rules.ts';
import type { Rule, RuleInput } from './rule.ts';
import { authAfterStarttls } from './security/auth-after-starttls.ts';
import { authNamespace } from './security/auth-namespace.ts';
import { authPlaintext } from './security/auth-plaintext.ts';
import { authServerInClear } from './security/auth-server-in-clear.ts';
import { dummyAuth } from './security/dummy-auth.ts';
import { relayCredentialsPlain } from './security/relay-credentials-plain.ts';
import { secretInFile } from './security/secret-in-file.ts';
import { tlsOldProtocol } from './tls/old-protocol.ts';
import { providerNotRun } from './tls/provider-not-run.ts';
import { tlsVersionsReversed } from './tls/versions-reversed.ts';
import { weakCipher } from './tls/weak-cipher.ts';
import { ignoredReply } from './values/ignored-reply.ts';
import { limitTooTight } from './values/limit-too-tight.ts';
import { oddAddress } from './values/odd-address.ts';
import { relativeSocket } from './values/relative-socket.ts';
import { replyCodeMismatch } from './values/reply-code-mismatch.ts';
import { zeroLimit } from './values/zero-limit.ts';
import { behavesOtherwise } from './versions/behaves-otherwise.ts';
import { versionAdvisory } from './versions/version-advisory.ts';

/** Every rule. */
export const rules: readonly Rule[] = [
  dmarcNotDecided,
  dmarcOff,
  dnsblPublicResolver,
  emptyDnsbl,
  spfActionWithDmarc,
  deprecatedDirective,
  multipleTargets,
  retrySchedule,
  starttlsInsideTls,
  strictOutboundTls,
  wrongDovecotSocket,
  debugLeaks,
  lmtpOn25,
  logOnlyFile,
  noLimits,
  portRole,
  proxyProtocolTrust,
  sameListenerTwice,
  aliasFileLine,
  aliasNonAddress,
  keyNeverMatches,
  literalAsterisk,
  regexpDot,
  regexpGroup,
  regexpNotAnchored,
  regexpWithoutValue,
  wildcardNotSupported,
  authAfterStarttls,
  authNamespace,
  authPlaintext,
  authServerInClear,
  dummyAuth,
  relayCredentialsPlain,
  secretInFile,
  tlsOldProtocol,
  providerNotRun,
  tlsVersionsReversed,
  weakCipher,
  ignoredReply,
  limitTooTight,
  oddAddress,
  relativeSocket,
  replyCodeMismatch,
  zeroLimit,
  behavesOtherwise,
  versionAdvisory,
  tlsFile,
  unusableSocket,
  daneWithoutDnssec,
  ...routingRules,
];

export const internalError: Code = {
  code: 'M9901',
  name: 'internal-error',
  severity: 'warning',
  summary: 'a rule of maddyc failed',
  page: () => ({
    docs: 'One of the rules broke down on this file, which is a fault of maddyc and not of the file. The other rules have run. Please report it with the file that shows it.',
    invalid: '',
    valid: '',
  }),
};

/** Findings of all rules; one that fails does not take the others with it. */
export function runRules(input: RuleInput, chosen: readonly Rule[] = rules): readonly Diagnostic[] {
  const context = contextOf(input);
  return chosen.flatMap((rule) => {
    if (!concerns(rule, input)) return [];
    try {
      return [...rule.check(context)];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the rule ${rule.code.name} failed: ${reason}`;
      return [diagnose(internalError, message, null, { details: ['This is a fault of maddyc: please report it.'] })];
    }
  });
}

/** Otherwise nothing is known about what the rule looks for. */
export function concerns(rule: Rule, { dialect, facts }: Pick<RuleInput, 'dialect' | 'facts'>): boolean {
  return (rule.dialects?.includes(dialect) ?? true) && (rule.needsHost !== true || facts !== null);
}
