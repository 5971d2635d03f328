import { type CallHierarchyItem, SymbolKind } from 'vscode-languageserver';
import {
  callsFrom,
  callsTo,
  type FlowCall,
  type FlowItem,
  findFlowItem,
  flowItemsAt,
} from '../../compiler/editor/flow.ts';
import type { Method } from '../method.ts';
import type { Session } from '../session.ts';
import { contextOf, type DocumentContext, locationOf, placeOf } from '../workspace/document-place.ts';

/** Who delivers to whom. */
export const callHierarchy: Method = {
  capabilities: () => ({ callHierarchyProvider: true }),

  register(session) {
    const { callHierarchy: hierarchy } = session.connection.languages;
    const { faults, positions } = session;
    hierarchy.onPrepare((params) =>
      faults.answer('prepareCallHierarchy', null, () => {
        const place = placeOf(session, params);
        if (place === null) return null;
        return flowItemsAt(place.project, place.document, place.offset).map((item) =>
          translate(session, place.uri, item),
        );
      }),
    );
    hierarchy.onOutgoingCalls(({ item }) =>
      faults.answer('outgoingCalls', null, () => {
        const found = read(session, item);
        if (found === null) return null;
        const { context, flow } = found;
        return callsFrom(context.project, flow).map((call) => ({
          to: translate(session, context.uri, call.item),
          fromRanges: rangesIn(flow, call),
        }));
      }),
    );
    hierarchy.onIncomingCalls(({ item }) =>
      faults.answer('incomingCalls', null, () => {
        const found = read(session, item);
        if (found === null) return null;
        const { context, flow } = found;
        return callsTo(context.project, flow).map((call) => ({
          from: translate(session, context.uri, call.item),
          fromRanges: rangesIn(call.item, call),
        }));
      }),
    );

    /** Where the caller names the other. */
    function rangesIn({ document }: FlowItem, { places }: FlowCall) {
      return places.map((place) => positions.rangeOf(document.file, place));
    }
  },
};

const kinds = { endpoint: SymbolKind.Event, block: SymbolKind.Class, snippet: SymbolKind.Module } as const;

function translate(session: Session, base: string, item: FlowItem): CallHierarchyItem {
  const { uri, range } = locationOf(session, base, item);
  return {
    name: item.name,
    kind: kinds[item.kind],
    detail: item.detail,
    uri,
    range,
    selectionRange: session.positions.rangeOf(item.document.file, item.nameRange),
    data: item.kind,
  };
}

/** The item that a client holds, in the texts as they are now. */
function read(
  session: Session,
  { uri, name, data, range }: CallHierarchyItem,
): { readonly context: DocumentContext; readonly flow: FlowItem } | null {
  const context = contextOf(session, { uri });
  if (context === null) return null;
  const start = session.positions.offsetAt(context.document.file, range.start);
  const flow = findFlowItem(context.project, String(data), name, start);
  return flow && { context, flow };
}
