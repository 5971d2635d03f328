import { resolve } from 'node:path';
import { lookupAddress, splitAddress } from '../../../compiler/text/address.ts';

/**
 * Directory of a recipient's Maildir: placeholders are filled with the address in lookup form, so that all spellings of an address
 * share one mailbox. Null when the address has no such form.
 */
export function maildirPath(template: string, stateDirectory: string, recipient: string): string | null {
  const address = lookupAddress(recipient);
  const parts = address === null ? 'empty domain' : splitAddress(address);
  if (address === null || typeof parts === 'string') return null;
  const values: Readonly<Record<string, string>> = { address, user: parts.localPart, domain: parts.domain };
  const path = template.replace(/\{(address|user|domain)\}/g, (_, name: string) => safeFileName(values[name] ?? ''));
  return resolve(stateDirectory, path);
}

/** One path component, whatever the text: no separator, no `.` or `..`, nothing hidden, no control character. Reversible. */
export function safeFileName(text: string): string {
  return text.toWellFormed().replace(/^\.|[/\\%\0-\x1f\x7f]/g, (unit) => {
    return `%${unit.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}
