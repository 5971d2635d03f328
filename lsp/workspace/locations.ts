import { URI, Utils } from 'vscode-uri';

/**
 * Stages know paths, editors know URIs. The path of a file is the path of its URI, also where the scheme is not `file`:
 * imports stay within the scheme and authority of the file that they stand in.
 */
export function pathOf(uri: string): string {
  const { path } = URI.parse(uri);
  return path === '' ? uri : path;
}

/** The URI of a path that the file `base` leads to, spelled as editors spell it. */
export function uriOf(path: string, base: string): string {
  const uri = URI.parse(base);
  // Some schemes tell texts of the same path apart by what stands behind it, as that of old versions does.
  if (path === uri.path) return uri.toString();
  // Several slashes would be read as the start of an authority, and after one there must be a slash.
  const rooted = path.replace(/^\/+/, '/').replace(/^(?!\/)/, uri.authority === '' ? '' : '/');
  return uri.with({ path: rooted, query: '', fragment: '' }).toString();
}

/** Editors spell the same URI differently (`file:///c%3A/x`, `file:///C:/x`); keys use one spelling. */
export function normalUri(uri: string): string {
  return URI.parse(uri).toString();
}

/** What a file that stands beside `uri` calls `path`. */
export function beside(uri: string, path: string): string {
  return Utils.resolvePath(Utils.dirname(URI.parse(uri)), path).toString();
}
