import type { Method } from './method.ts';
import { callHierarchy } from './methods/call-hierarchy.ts';
import { codeAction } from './methods/code-action.ts';
import { codeLens } from './methods/code-lens.ts';
import { completion } from './methods/completion.ts';
import { definition } from './methods/definition.ts';
import { diagnostic } from './methods/diagnostic.ts';
import { documentHighlight } from './methods/document-highlight.ts';
import { documentLink } from './methods/document-link.ts';
import { documentSymbol } from './methods/document-symbol.ts';
import { executeCommand } from './methods/execute-command.ts';
import { foldingRange } from './methods/folding-range.ts';
import { formatting } from './methods/formatting.ts';
import { hover } from './methods/hover.ts';
import { inlayHint } from './methods/inlay-hint.ts';
import { references } from './methods/references.ts';
import { rename } from './methods/rename.ts';
import { selectionRange } from './methods/selection-range.ts';
import { semanticTokens } from './methods/semantic-tokens.ts';
import { signatureHelp } from './methods/signature-help.ts';
import { willRenameFiles } from './methods/will-rename-files.ts';
import { workspaceSymbol } from './methods/workspace-symbol.ts';
import { registerCompile } from './requests/compile.ts';
import { registerDovecot } from './requests/dovecot.ts';
import { registerExpandedText } from './requests/expanded-text.ts';
import { registerGraph } from './requests/graph.ts';
import { registerMailTests } from './requests/mail-tests.ts';
import { registerMainFiles } from './requests/main-files.ts';
import { registerMigrate } from './requests/migrate.ts';
import { registerRoute } from './requests/route.ts';
import type { Session } from './session.ts';

/** Every feature of the server. */
export const methods: readonly Method[] = [
  executeCommand,
  willRenameFiles,
  workspaceSymbol,
  signatureHelp,
  selectionRange,
  inlayHint,
  documentLink,
  codeLens,
  callHierarchy,
  codeAction,
  completion,
  definition,
  diagnostic,
  documentHighlight,
  documentSymbol,
  foldingRange,
  formatting,
  hover,
  references,
  rename,
  semanticTokens,
];

/** What maddyc's own clients ask beyond the protocol. */
export const requests: readonly ((session: Session) => void)[] = [
  registerCompile,
  registerDovecot,
  registerExpandedText,
  registerGraph,
  registerMailTests,
  registerMainFiles,
  registerMigrate,
  registerRoute,
];
