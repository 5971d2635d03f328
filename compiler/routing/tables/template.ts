/** Groups of a match by number (0 is the whole match) or by name; `null` for a group that took no part. */
export interface Groups {
  readonly count: number;
  group(at: number | string): string | null;
}

type Part = string | { readonly group: number | string };

/**
 * Go's replacement syntax (pkg.go.dev/regexp, `Regexp.Expand`), which is what configurations are written in: `$1`, `${1}`, `$name`, `$$`. The name
 * is as long as it can be, so `$1x` is the group named `1x`, and an unknown group is empty.
 */
export function parseTemplate(template: string): (groups: Groups) => string {
  const parts = splitTemplate(template);
  return (groups) => parts.map((part) => (typeof part === 'string' ? part : expandGroup(part.group, groups))).join('');
}

const reference = /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

function splitTemplate(template: string): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of template.matchAll(reference)) {
    parts.push(template.slice(end, match.index));
    const name = match[1] ?? match[2];
    parts.push(name === undefined ? '$' : { group: isNumber(name) ? Number(name) : name });
    end = match.index + match[0].length;
  }
  parts.push(template.slice(end));
  return parts.filter((part) => part !== '');
}

/** A leading zero makes it a name. */
function isNumber(name: string): boolean {
  return /^(?:0|[1-9][0-9]{0,7})$/.test(name);
}

function expandGroup(group: number | string, groups: Groups): string {
  if (typeof group === 'number' && group > groups.count) return '';
  return groups.group(group) ?? '';
}
