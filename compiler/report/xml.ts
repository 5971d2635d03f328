import { visibleText } from './display-width.ts';

/** Attributes of an element, each with a blank before it. */
export function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 has no place for control characters: they are shown as in the other reports. */
export function escapeXml(text: string): string {
  const shown = text.split('\n').map(visibleText).join('\n');
  return shown.replace(/[&<>"]/g, (character) => entities[character] ?? character).replace(/[\uFFFE\uFFFF]/g, '\uFFFD');
}
