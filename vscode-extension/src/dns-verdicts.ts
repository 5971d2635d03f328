/** A bundle of its own (scripts/bundle-extension.ts): only who runs a mail test that gives DNS records needs the server's checks. */
export { dnsVerdicts } from '../../runtime/mailtest/dns-verdicts.ts';
