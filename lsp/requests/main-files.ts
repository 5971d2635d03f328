import {
  type ChooseMainFileParams,
  chooseMainFileMethod,
  type DocumentParams,
  type MainFilesAnswer,
  mainFilesMethod,
} from '../protocol.ts';
import type { Session } from '../session.ts';
import { normalUri } from '../workspace/locations.ts';
import { onAsk } from './answer.ts';

/** Which configuration a document belongs to, and the user's choice where there are several. */
export function registerMainFiles(session: Session): void {
  const { workspace, scan } = session;
  const answer = (uri: string): MainFilesAnswer => ({ mains: workspace.mainsOf(uri), chosen: workspace.mainOf(uri) });
  onAsk(session, mainFilesMethod, async ({ uri }: DocumentParams): Promise<MainFilesAnswer> => {
    const own = normalUri(uri);
    const known = answer(own);
    if (workspace.open.stateOf(own) !== undefined) return known;
    // Of a file that is not open as a configuration the scan may know more than the open documents do.
    const importers = new Set([...known.mains.filter((main) => main !== own), ...scan.importersOf(own)]);
    importers.delete(own);
    const [first] = importers;
    return first === undefined ? known : { mains: [...importers], chosen: first };
  });
  onAsk(session, chooseMainFileMethod, async ({ uri, main }: ChooseMainFileParams) => {
    workspace.choose(normalUri(uri), main === null ? null : normalUri(main));
    return answer(normalUri(uri));
  });
}
