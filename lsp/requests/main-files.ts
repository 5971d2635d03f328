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
  const { workspace } = session;
  const answer = (uri: string): MainFilesAnswer => ({ mains: workspace.mainsOf(uri), chosen: workspace.mainOf(uri) });
  onAsk(session, mainFilesMethod, async ({ uri }: DocumentParams) => answer(normalUri(uri)));
  onAsk(session, chooseMainFileMethod, async ({ uri, main }: ChooseMainFileParams) => {
    workspace.choose(normalUri(uri), main === null ? null : normalUri(main));
    return answer(normalUri(uri));
  });
}
