/** A value inside of a search filter (RFC 4515 section 3). */
export function escapeFilterValue(text: string): string {
  return text.replace(/[\\*()\0]/g, (character) => `\\${hexByte(character)}`);
}

/** A value inside of a distinguished name (RFC 4514 section 2.4). */
export function escapeNameValue(text: string): string {
  return text
    .replace(/[",+;<=>\\]/g, '\\$&')
    .replace(/\0/g, '\\00')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ');
}

function hexByte(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, '0');
}

/** `{username}` in a template of the configuration. */
export function fillTemplate(template: string, username: string): string {
  return template.replaceAll('{username}', () => username);
}
