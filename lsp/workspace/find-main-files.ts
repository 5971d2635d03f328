import { settingsName } from '../../compiler/settings/locate.ts';
import { fitsPattern, isMainByName, listens } from '../../compiler/settings/main-files.ts';
import { readSettings } from '../../compiler/settings/read-settings.ts';
import { createSourceFile } from '../../compiler/source/source-file.ts';
import { decodeText } from '../../grammar/encoding.ts';
import type { Surroundings } from '../surroundings.ts';
import { normalUri, pathOf } from './locations.ts';
import type { Snapshot } from './snapshot.ts';

const MOST_FILES = 10_000;

/** The configurations below a folder: those that `mainFiles` of the nearest `maddyc.json` names, or that look like one. */
export async function findMainFiles(
  folder: string,
  snapshot: Snapshot,
  surroundings: Pick<Surroundings, 'findFiles'>,
): Promise<readonly string[]> {
  const found = (await surroundings.findFiles(folder, ['.conf', '.maddy', settingsName], MOST_FILES))
    .map(normalUri)
    .sort();
  const patterns = new Map<string, readonly string[]>();
  for (const uri of found.filter((each) => each.endsWith(`/${settingsName}`))) {
    const text = await textOf(uri, snapshot);
    const { mainFiles } = readSettings(createSourceFile(pathOf(uri), text)).settings;
    if (mainFiles.length > 0) patterns.set(folderOf(uri), mainFiles);
  }
  const mains: string[] = [];
  for (const uri of found) {
    if (uri.endsWith(`/${settingsName}`)) continue;
    const home = nearest(uri, patterns);
    const isMain =
      home === null
        ? (isMainByName(uri.slice(uri.lastIndexOf('/') + 1)) ?? listens(await textOf(uri, snapshot)))
        : home.patterns.some((pattern) => fitsPattern(pattern, pathOf(uri).slice(pathOf(home.folder).length + 1)));
    if (isMain) mains.push(uri);
  }
  return mains;
}

function nearest(
  uri: string,
  patterns: ReadonlyMap<string, readonly string[]>,
): { readonly folder: string; readonly patterns: readonly string[] } | null {
  for (let folder = folderOf(uri); folder.includes('/'); folder = folderOf(folder)) {
    const own = patterns.get(folder);
    if (own !== undefined) return { folder, patterns: own };
  }
  return null;
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/'));
}

async function textOf(uri: string, snapshot: Snapshot): Promise<string> {
  const state = await snapshot.read(uri);
  return state.kind === 'text' ? state.text : state.kind === 'bytes' ? decodeText(state.bytes) : '';
}
