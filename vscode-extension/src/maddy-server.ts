import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  type ChooseMainFileParams,
  type CompileAnswer,
  chooseMainFileMethod,
  compileMethod,
  type DocumentParams,
  type DovecotAnswer,
  type DovecotParams,
  dovecotMethod,
  type ExpandedTextAnswer,
  expandedTextMethod,
  type GraphAnswer,
  type GraphParams,
  graphMethod,
  type MailTestOutlineAnswer,
  type MailTestParams,
  type MainFilesAnswer,
  type MigrateAnswer,
  type MigrateParams,
  mailTestOutlineMethod,
  mainFilesMethod,
  migrateMethod,
  type RouteAnswer,
  type RouteFormAnswer,
  type RouteParams,
  type RunMailTestAnswer,
  type RunMailTestParams,
  routeFormMethod,
  routeMethod,
  runMailTestMethod,
} from '../../lsp/protocol.ts';

/** What the language server is asked beyond the protocol, on the desktop and in the web alike. */
export class MaddyServer {
  readonly #client: BaseLanguageClient;

  constructor(client: BaseLanguageClient) {
    this.#client = client;
  }

  mainFiles(params: DocumentParams): Promise<MainFilesAnswer> {
    return this.#client.sendRequest(mainFilesMethod, params);
  }

  chooseMainFile(params: ChooseMainFileParams): Promise<MainFilesAnswer> {
    return this.#client.sendRequest(chooseMainFileMethod, params);
  }

  expandedText(params: DocumentParams): Promise<ExpandedTextAnswer> {
    return this.#client.sendRequest(expandedTextMethod, params);
  }

  dovecot(params: DovecotParams): Promise<DovecotAnswer> {
    return this.#client.sendRequest(dovecotMethod, params);
  }

  compile(params: DocumentParams): Promise<CompileAnswer> {
    return this.#client.sendRequest(compileMethod, params);
  }

  routeForm(params: DocumentParams): Promise<RouteFormAnswer> {
    return this.#client.sendRequest(routeFormMethod, params);
  }

  route(params: RouteParams): Promise<RouteAnswer> {
    return this.#client.sendRequest(routeMethod, params);
  }

  graph(params: GraphParams): Promise<GraphAnswer> {
    return this.#client.sendRequest(graphMethod, params);
  }

  migrate(params: MigrateParams): Promise<MigrateAnswer> {
    return this.#client.sendRequest(migrateMethod, params);
  }

  mailTestOutline(params: MailTestParams): Promise<MailTestOutlineAnswer> {
    return this.#client.sendRequest(mailTestOutlineMethod, params);
  }

  runMailTest(params: RunMailTestParams): Promise<RunMailTestAnswer> {
    return this.#client.sendRequest(runMailTestMethod, params);
  }
}
