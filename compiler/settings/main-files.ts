import { findModule } from '../catalog/catalog.ts';

/** Other programs have `.conf` files, too, and parts that are imported are none by themselves: a configuration listens somewhere. */
export function listens(text: string): boolean {
  return [...text.matchAll(/^[ \t]*([a-z_]+)[ \t][^\n#]*(?:\b(?:tcp|tls|unix):\/\/|\$\()/gm)].some(
    ([, name = '']) => findModule(name)?.kind === 'endpoint',
  );
}

/** Whether a file is a configuration by itself, by its name; null where only its text says. */
export function isMainByName(name: string): boolean | null {
  if (name === 'maddy.conf' || name.endsWith('.maddy')) return true;
  return name.endsWith('.conf') ? null : false;
}

/** Whether a path fits one of the patterns of `mainFiles`: `*` and `?` within a name, `**` across folders. */
export function fitsPattern(pattern: string, path: string): boolean {
  const words = pattern.replace(/^\.\//, '').split(/(\*\*\/|\*\*|\*|\?)/);
  const source = words.map((word) => wildcard(word) ?? word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('');
  return new RegExp(`^${source}$`, 's').test(path);
}

function wildcard(word: string): string | null {
  switch (word) {
    case '**/':
      return '(?:.*/)?';
    case '**':
      return '.*';
    case '*':
      return '[^/]*';
    case '?':
      return '[^/]';
    default:
      return null;
  }
}
