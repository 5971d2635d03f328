export { LoadError, placed } from './load-error.ts';
export { LogTargetError } from './observe/targets.ts';
export { type ServeOptions, serve } from './serve.ts';
export { MailServer, type ServerOptions } from './server.ts';
