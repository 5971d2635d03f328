import type { SignatureHelp } from 'vscode-languageserver';
import { signatureAt } from '../../compiler/editor/signature.ts';
import { markup } from '../client.ts';
import type { Method } from '../method.ts';
import { placeOf } from '../workspace/document-place.ts';

export const signatureHelp: Method = {
  capabilities: () => ({ signatureHelpProvider: { triggerCharacters: [' '] } }),

  register(session) {
    const { connection, client, faults } = session;
    connection.onSignatureHelp((params) =>
      faults.answer('signatureHelp', null, (): SignatureHelp | null => {
        const place = placeOf(session, params);
        const signature = place && signatureAt(place.project, place.document, place.offset);
        if (signature === null) return null;
        // Of the line that is shown, parameters are parts by their offsets: the same word may stand in it twice.
        let label = signature.name;
        const parameters = signature.parameters.map((parameter) => {
          const start = label.length + 1;
          label += ` ${parameter.label}`;
          return {
            label: client.signatureOffsets ? ([start, label.length] satisfies [number, number]) : parameter.label,
            documentation: markup(client.signatureFormat, parameter.doc),
          };
        });
        const active = signature.active ?? parameters.length;
        const documentation = markup(client.signatureFormat, signature.documentation);
        return {
          signatures: [{ label, documentation, parameters, activeParameter: active }],
          activeSignature: 0,
          activeParameter: active,
        };
      }),
    );
  },
};
