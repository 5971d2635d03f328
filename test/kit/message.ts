import { parseHeader } from '../../runtime/message/header.ts';
import type { Message, MessageContext } from '../../runtime/module.ts';
import { messageContext } from './modules.ts';

/** A message as a client sent it, its body in pieces of that size. */
export function messageOf(
  content: string | Buffer,
  { pieces = 65_536, ...context }: Partial<MessageContext> & { readonly pieces?: number } = {},
): Message {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const end = bytes.indexOf('\r\n\r\n');
  const header = parseHeader(end === -1 ? bytes : bytes.subarray(0, end + 2));
  if ('fault' in header) throw new Error(`the test's header ${header.fault}`);
  const body = end === -1 ? Buffer.alloc(0) : bytes.subarray(end + 4);
  return {
    context: messageContext(context),
    header,
    body: {
      size: body.length,
      *chunks() {
        for (let at = 0; at < body.length; at += pieces) yield body.subarray(at, at + pieces);
      },
    },
  };
}

/** All bytes of a message as it is now. */
export function bytesOf({ header, body }: Message): Buffer {
  const pieces = [header.bytes(), Buffer.from('\r\n')];
  const chunks = body.chunks();
  if (!(Symbol.iterator in chunks)) throw new Error('the test reads bodies at once');
  pieces.push(...chunks);
  return Buffer.concat(pieces);
}
