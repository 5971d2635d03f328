import type { Location, Position, TextDocumentIdentifier, TextEdit } from 'vscode-languageserver';
import type { EditorDocument } from '../../compiler/editor/editor-document.ts';
import type { Project } from '../../compiler/editor/scopes.ts';
import type { Range } from '../../grammar/range.ts';
import type { Session } from '../session.ts';
import { normalUri } from './locations.ts';

/** A document with the configuration that it is part of. */
export interface DocumentContext {
  /** In its normal spelling. */
  readonly uri: string;
  readonly document: EditorDocument;
  readonly project: Project;
}

export interface DocumentPlace extends DocumentContext {
  readonly offset: number;
}

/** Null for a document that nobody knows. */
export function contextOf({ workspace }: Session, { uri }: TextDocumentIdentifier): DocumentContext | null {
  const normal = normalUri(uri);
  const document = workspace.documentOf(normal);
  return document === null ? null : { uri: normal, document, project: workspace.projectOf(normal) };
}

export function placeOf(
  session: Session,
  { textDocument, position }: { readonly textDocument: TextDocumentIdentifier; readonly position: Position },
): DocumentPlace | null {
  const context = contextOf(session, textDocument);
  return context && { ...context, offset: session.positions.offsetAt(context.document.file, position) };
}

/** A range of a document that belongs to the same configuration as the one at `base`. */
export function locationOf(
  { workspace, positions }: Session,
  base: string,
  { document, range }: { readonly document: EditorDocument; readonly range: Range },
): Location {
  const uri = workspace.spelled(workspace.uriOf(document.file.path, base));
  return positions.locationOf(uri, document.file, range);
}

type Edits = readonly (Parameters<typeof locationOf>[2] & { readonly text: string })[];

/** Edits of several texts, in the form of the protocol. */
export function editsByUri(session: Session, base: string, edits: Edits): Record<string, TextEdit[]> {
  const changes: Record<string, TextEdit[]> = {};
  for (const edit of edits) {
    const { uri, range } = locationOf(session, base, edit);
    changes[uri] ??= [];
    changes[uri].push({ range, newText: edit.text });
  }
  return changes;
}
