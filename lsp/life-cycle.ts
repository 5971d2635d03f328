import {
  type ConnectionOptions,
  ErrorCodes,
  LSPErrorCodes,
  Message,
  MessageType,
  type NotificationMessage,
  type ResponseMessage,
} from 'vscode-languageserver';
import { faultInParams } from './message-shape.ts';

export interface LifeCycle {
  readonly options: ConnectionOptions;
  /** Whether the client asked for the end, as it should before it goes. */
  readonly hasShutDown: () => boolean;
}

/**
 * The library hands on parameters unseen, answers requests before `initialize` and after `shutdown`, and does not cancel what
 * still waits in its queue; the protocol wants errors there, and an editor that cancels expects the queue to be short afterwards.
 */
export function createLifeCycle(reply: (message: ResponseMessage | NotificationMessage) => void): LifeCycle {
  let state: 'new' | 'running' | 'shut down' = 'new';
  const refuse = (id: ResponseMessage['id'], code: number, message: string): ResponseMessage => ({
    jsonrpc: '2.0',
    id,
    error: { code, message },
  });

  const options: ConnectionOptions = {
    messageStrategy: {
      handleMessage(message, next) {
        if (Message.isRequest(message)) {
          const { id, method } = message;
          if (state === 'new' && method !== 'initialize') {
            return reply(refuse(id, ErrorCodes.ServerNotInitialized, 'initialize comes first'));
          }
          if (state === 'shut down') return reply(refuse(id, ErrorCodes.InvalidRequest, 'the server is shutting down'));
          if (state === 'running' && method === 'initialize') {
            return reply(refuse(id, ErrorCodes.InvalidRequest, 'initialize comes only once'));
          }
          const fault = faultInParams(method, message.params);
          if (fault !== null) {
            return reply(refuse(id, ErrorCodes.InvalidParams, `${method}: ${fault} is missing or malformed`));
          }
          if (method === 'initialize') state = 'running';
          else if (method === 'shutdown') state = 'shut down';
        } else if (Message.isNotification(message) && state !== 'running' && message.method !== 'exit') {
          // Out of time; only the one that ends the process counts always.
          return;
        } else if (Message.isNotification(message)) {
          const fault = faultInParams(message.method, message.params);
          if (fault !== null) {
            const text = `${message.method} was not understood: ${fault} is missing or malformed`;
            const params = { type: MessageType.Warning, message: text };
            return reply({ jsonrpc: '2.0', method: 'window/logMessage', params } satisfies NotificationMessage);
          }
        }
        return next(message);
      },
    },
    connectionStrategy: {
      cancelUndispatched: (message) =>
        Message.isRequest(message) ? refuse(message.id, LSPErrorCodes.RequestCancelled, 'cancelled') : undefined,
    },
  };
  return { options, hasShutDown: () => state === 'shut down' };
}
