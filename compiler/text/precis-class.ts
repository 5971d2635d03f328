/** Characters of the PRECIS IdentifierClass, RFC 8264 section 8, from the Unicode properties of the running engine. */

// Functions, since an engine looks up the properties as soon as it meets an expression (1 ms for those below).

/** RFC 8264 section 9.6 (the exceptions of RFC 5892 section 2.6). */
const exceptionsValid = (): RegExp => /^[\u00df\u03c2\u06fd\u06fe\u0f0b\u3007]$/u;
const exceptionsDisallowed = (): RegExp => /^[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]$/u;
const contextual = (): RegExp => /^[\u00b7\u0375\u05f3\u05f4\u30fb\u0660-\u0669\u06f0-\u06f9\u200c\u200d]$/u;

const printableAscii = /^[!-~]$/;
const oldHangulJamo = (): RegExp => /^[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7c6\ud7cb-\ud7fb]$/u;
const ignorable = (): RegExp => /^[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]$/u;
const letterOrDigit = (): RegExp => /^[\p{Ll}\p{Lu}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}]$/u;

/** Canonical combining class 9 (virama), which a joiner must follow (RFC 5892 appendix A.1 and A.2). */
const virama = (): RegExp =>
  /^[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84\u1039\u103a\u1714\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f\ua806\ua8c4\ua953\ua9c0\uaaf6\uabed\u{10a3f}\u{11046}\u{1107f}\u{110b9}\u{11133}\u{11134}\u{111c0}\u{11235}\u{112ea}\u{1134d}\u{11442}\u{114c2}\u{115bf}\u{1163f}\u{116b6}\u{1172b}\u{11839}\u{1193d}\u{1193e}\u{119e0}\u{11a34}\u{11a47}\u{11a99}\u{11c3f}\u{11d44}\u{11d45}\u{11d97}]$/u;

/** Every character may stand in an identifier, where it stands. */
export function isIdentifier(text: string): boolean {
  const characters = [...text];
  return characters.every((character, at) =>
    contextual().test(character) ? fitsContext(character, characters, at) : isValidAnywhere(character),
  );
}

function isValidAnywhere(character: string): boolean {
  if (printableAscii.test(character) || exceptionsValid().test(character)) return true;
  if (exceptionsDisallowed().test(character) || oldHangulJamo().test(character) || ignorable().test(character))
    return false;
  return character.normalize('NFKC') === character && letterOrDigit().test(character);
}

/** RFC 5892 appendix A. The joining-type alternative for U+200C (A.1) is not accepted: only after a virama. */
function fitsContext(character: string, characters: readonly string[], at: number): boolean {
  const before = characters[at - 1] ?? '';
  const after = characters[at + 1] ?? '';
  switch (character) {
    case '\u200c':
    case '\u200d':
      return virama().test(before);
    case '\u00b7':
      return before === 'l' && after === 'l';
    case '\u0375':
      return /^\p{Script=Greek}$/u.test(after);
    case '\u05f3':
    case '\u05f4':
      return /^\p{Script=Hebrew}$/u.test(before);
    case '\u30fb':
      return characters.some((other) => /^[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]$/u.test(other));
    default: {
      const otherDigits = character < '\u06f0' ? /^[\u06f0-\u06f9]$/ : /^[\u0660-\u0669]$/;
      return !characters.some((other) => otherDigits.test(other));
    }
  }
}
