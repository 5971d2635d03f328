import { isAscii } from './ascii.ts';
import { satisfiesBidiRule } from './bidi.ts';
import { isIdentifier } from './precis-class.ts';

/** RFC 8265 UsernameCaseMapped. Null when a character is not allowed (a blank, for instance). */
export function usernameCaseMapped(name: string): string | null {
  return enforce(name, true);
}

/** RFC 8265 UsernameCasePreserved. */
export function usernameCasePreserved(name: string): string | null {
  return enforce(name, false);
}

function enforce(name: string, mapCase: boolean): string | null {
  if (isAscii(name)) {
    if (/[^!-~]/.test(name)) return null;
    return mapCase ? name.toLowerCase() : name;
  }
  const wide = mapWidth(name);
  const prepared = (mapCase ? mapToLowerCase(wide) : wide).normalize('NFC');
  return isIdentifier(prepared) && satisfiesBidiRule(prepared) ? prepared : null;
}

/** RFC 8264 section 5.2.1: full-width and half-width characters become their ordinary forms. */
function mapWidth(text: string): string {
  return text.replace(/[\u3000\uff01-\uffee]/g, (character) => character.normalize('NFKC'));
}

/** Unicode toLowerCase(), without the final-sigma context (RFC 8264 section 5.2.3). */
function mapToLowerCase(text: string): string {
  let lowered = '';
  for (const character of text) lowered += character.toLowerCase();
  return lowered;
}
