/** Strict base64 (RFC 4648 section 4): null for anything else, padding included. */
export function decodeBase64(text: string): Buffer | null {
  const quads = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  return quads.test(text) ? Buffer.from(text, 'base64') : null;
}

export function encodeBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
