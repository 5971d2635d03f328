/** Escapes with a letter of their own. */
const letters: ReadonlyMap<string, string> = new Map([
  ['\x07', 'a'],
  ['\b', 'b'],
  ['\f', 'f'],
  ['\n', 'n'],
  ['\r', 'r'],
  ['\t', 't'],
  ['\v', 'v'],
]);

const isPrintable = (character: string): boolean =>
  character === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');

/** A text in quotes as Go prints it (`%q`), as maddy shows arguments in its messages. Broken bytes are U+DC00 + byte. */
export function quoteAsGo(text: string): string {
  const parts = [...text].map((character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    if (isPrintable(character)) return character;
    const letter = letters.get(character);
    if (letter !== undefined) return `\\${letter}`;
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
    if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
    return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
  });
  return `"${parts.join('')}"`;
}
