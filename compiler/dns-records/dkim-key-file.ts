/** Where the private key lies that signs for a domain; relative paths begin in the state directory. The domain is named as written. */
export function dkimKeyFile(template: string, domain: string, selector: string): string {
  return template.replaceAll('{domain}', domain).replaceAll('{selector}', selector);
}

/** The TXT record of a key lies beside it, readable for all (runtime-mta 15.1). */
export function dkimRecordFile(keyFile: string): string {
  return keyFile.endsWith('.key') ? keyFile.replace(/\.key$/, '.dns') : `${keyFile}.dns`;
}
