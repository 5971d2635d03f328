/** How far the name of a server can be trusted to be the recipient domain's own; each more than the one before. */
export const mxLevels = ['none', 'mtasts', 'dnssec'] as const;
export type MxLevel = (typeof mxLevels)[number];

/** How far a connection can be trusted; each more than the one before. */
export const tlsLevels = ['none', 'encrypted', 'authenticated'] as const;
export type TlsLevel = (typeof tlsLevels)[number];

export function reachesMxLevel(level: MxLevel, least: MxLevel): boolean {
  return mxLevels.indexOf(level) >= mxLevels.indexOf(least);
}

export function reachesTlsLevel(level: TlsLevel, least: TlsLevel): boolean {
  return tlsLevels.indexOf(level) >= tlsLevels.indexOf(least);
}
