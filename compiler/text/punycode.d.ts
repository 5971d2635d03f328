declare module 'punycode/punycode.es6.js' {
  /** One label without its `xn--`; throws RangeError for what RFC 3492 cannot decode. */
  export function decode(label: string): string;
  export function encode(label: string): string;
}
