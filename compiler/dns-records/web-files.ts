import type { MailSetup } from './mail-setup.ts';

/** A file that a web server has to give. */
export interface WebFile {
  readonly kind: 'mta-sts' | 'autoconfig';
  readonly domain: string;
  readonly url: string;
  readonly content: string;
  /** Changes with the content. */
  readonly id: string;
}

/** RFC 8461 section 3.2. */
export function mtaStsPolicy(domain: string, hostname: string, mode: 'testing' | 'enforce'): WebFile {
  const content = ['version: STSv1', `mode: ${mode}`, `mx: ${hostname}`, 'max_age: 604800', ''].join('\r\n');
  return {
    kind: 'mta-sts',
    domain,
    url: `https://mta-sts.${domain}/.well-known/mta-sts.txt`,
    content,
    id: idOf(content),
  };
}

/** The settings that Thunderbird and others look for. */
export function autoconfigFile(
  domain: string,
  hostname: string,
  { imap, submission }: Pick<MailSetup, 'imap' | 'submission'>,
): WebFile {
  const server = (tag: string, type: string, port: number, implicitTls: boolean): string =>
    [
      `    <${tag} type="${type}">`,
      `      <hostname>${hostname}</hostname>`,
      `      <port>${port}</port>`,
      `      <socketType>${implicitTls ? 'SSL' : 'STARTTLS'}</socketType>`,
      '      <authentication>password-cleartext</authentication>',
      '      <username>%EMAILADDRESS%</username>',
      `    </${tag}>`,
    ].join('\n');
  const content = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<clientConfig version="1.1">',
    `  <emailProvider id="${domain}">`,
    `    <domain>${domain}</domain>`,
    `    <displayName>${domain}</displayName>`,
    ...imap.map(({ port, implicitTls }) => server('incomingServer', 'imap', port, implicitTls)),
    ...submission.map(({ port, implicitTls }) => server('outgoingServer', 'smtp', port, implicitTls)),
    '  </emailProvider>',
    '</clientConfig>',
    '',
  ].join('\n');
  const url = `https://autoconfig.${domain}/mail/config-v1.1.xml`;
  return { kind: 'autoconfig', domain, url, content, id: idOf(content) };
}

/** FNV-1a over the characters, twice with different beginnings: an id of up to 32 letters and digits that tells contents apart. */
function idOf(content: string): string {
  const hash = (seed: number): string => {
    let value = seed;
    for (let at = 0; at < content.length; at += 1) value = Math.imul(value ^ content.charCodeAt(at), 0x01000193);
    return (value >>> 0).toString(16).padStart(8, '0');
  };
  return hash(0x811c9dc5) + hash(0x01234567);
}
