import { analyse } from '../compiler/analyse.ts';
import { findModule } from '../compiler/catalog/catalog.ts';
import { openDocument } from '../compiler/editor/editor-document.ts';
import { createMemoryHost } from '../compiler/source/memory-host.ts';

/** The first file that is opened need not wait until lexer and parser are built: an example of the catalog is read before. */
export function warmUp(): void {
  const path = '/maddy.conf';
  const text = findModule('smtp')?.example ?? '';
  openDocument(path, text, 'maddy').tree();
  analyse(path, createMemoryHost({ files: new Map([[path, text]]) }));
}
