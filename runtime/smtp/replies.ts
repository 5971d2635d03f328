import type { Reply } from '../module.ts';

function reply(code: number, enhanced: string, text: string): Reply {
  return { code, enhanced, text };
}

/** Every reply that the session gives by itself, once; texts are those of runtime-core 5 to 7 and 15.1. */
export const replies = {
  // Connection and commands (5.2)
  emptyCommand: reply(500, '5.5.2', 'Error: bad syntax'),
  malformedCommand: reply(501, '5.5.2', 'Bad command'),
  unknownCommand: (verb: string) => reply(500, '5.5.2', `Syntax errors, ${verb} command unrecognized`),
  notImplemented: (verb: string) => reply(502, '5.5.1', `${verb} command not implemented`),
  tooManyErrors: reply(500, '5.5.1', 'Too many errors. Quiting now'),
  lineTooLong: reply(500, '5.4.0', 'Too long line, closing connection'),
  idle: reply(421, '4.4.2', 'Idle timeout, bye bye'),
  fault: reply(421, '4.0.0', 'Internal server error'),
  noHandshake: reply(550, '5.0.0', 'Handshake error'),
  connectionError: reply(421, '4.4.0', 'Connection error, sorry'),
  shuttingDown: reply(421, '4.3.2', 'Service is shutting down, please come back'),
  tooManyConnections: reply(421, '4.7.0', 'Too many connections, try again later'),
  verifyNothing: reply(252, '2.5.0', 'Cannot VRFY user, but will accept message'),
  didNothing: reply(250, '2.0.0', 'I have successfully done nothing'),
  reset: reply(250, '2.0.0', 'Session reset'),
  bye: reply(221, '2.0.0', 'Bye'),

  // Greeting (5.2)
  helloMissing: reply(501, '5.5.2', 'Domain/address argument required for HELO'),
  lmtpOnly: reply(500, '5.5.1', 'This is a LMTP server, use LHLO'),
  smtpOnly: reply(500, '5.5.1', 'This is not a LMTP server'),
  hello: (name: string) => reply(250, '2.0.0', `Hello ${name}`),
  helloFirst: reply(502, '5.5.1', 'Please introduce yourself first.'),

  // STARTTLS (5.2)
  startTls: reply(220, '2.0.0', 'Ready to start TLS'),
  alreadyTls: reply(502, '5.5.1', 'Already running in TLS'),
  noTls: reply(502, '5.5.1', 'TLS not supported'),

  // AUTH (15.1, D6, D9, D32)
  alreadyAuthenticated: reply(503, '5.5.1', 'Already authenticated'),
  mechanismMissing: reply(502, '5.5.4', 'Missing parameter'),
  tlsFirst: reply(523, '5.7.10', 'TLS is required'),
  unknownMechanism: reply(504, '5.5.4', 'Unsupported authentication mechanism'),
  badBase64: reply(501, '5.5.2', 'Invalid base64 data'),
  badAuthResponse: reply(501, '5.5.2', 'Invalid authentication response'),
  authCancelled: reply(501, '5.0.0', 'Negotiation cancelled'),
  authenticated: reply(235, '2.0.0', 'Authentication succeeded'),
  badCredentials: reply(535, '5.7.8', 'Invalid credentials'),
  authUnavailable: reply(454, '4.7.0', 'Temporary authentication failure'),
  tooManyLogins: reply(421, '4.7.0', 'Too many failed logins'),
  authFirst: reply(502, '5.7.0', 'Please authenticate first'),

  // MAIL and RCPT (5.3, 5.4)
  mailSyntax: reply(501, '5.5.2', 'Was expecting MAIL arg syntax of FROM:<address>'),
  rcptSyntax: reply(501, '5.5.2', 'Was expecting RCPT arg syntax of TO:<address>'),
  unreadableParameters: (verb: string) => reply(501, '5.5.4', `Unable to parse ${verb} ESMTP parameters`),
  badSize: reply(501, '5.5.4', 'Unable to parse SIZE as an integer'),
  messageTooLarge: reply(552, '5.3.4', 'Max message size exceeded'),
  noParameter: (name: string) => reply(504, '5.5.4', `${name} is not implemented`),
  badBody: reply(501, '5.5.4', 'Unknown BODY value'),
  badAuthValue: reply(500, '5.5.4', 'Malformed AUTH parameter value'),
  badAuthMailbox: reply(500, '5.5.4', 'Malformed AUTH parameter mailbox'),
  unknownMailParameter: reply(500, '5.5.4', 'Unknown MAIL FROM argument'),
  unknownRcptParameter: reply(500, '5.5.4', 'Unknown RCPT TO argument'),
  mailAccepted: (from: string) => reply(250, '2.0.0', `Roger, accepting mail from <${from}>`),
  mailFirst: reply(502, '5.5.1', 'Missing MAIL FROM command.'),
  tooManyRecipients: (limit: number) => reply(452, '4.5.3', `Maximum limit of ${limit} recipients reached`),
  rcptAccepted: (to: string) => reply(250, '2.0.0', `I'll make sure <${to}> gets this`),

  // Content (5.5, 6.4, D1)
  duringTransfer: (verb: string) => reply(502, '5.5.1', `${verb} not allowed during message transfer`),
  dataArguments: reply(501, '5.5.4', 'DATA command should not have any arguments'),
  rcptFirst: reply(502, '5.5.1', 'Missing RCPT TO command.'),
  chunkSizeMissing: reply(501, '5.5.4', 'Missing chunk size argument'),
  chunkArguments: reply(501, '5.5.4', 'Too many arguments'),
  unknownChunkArgument: reply(501, '5.5.4', 'Unknown BDAT argument'),
  badChunkSize: reply(501, '5.5.4', 'Malformed size argument'),
  chunkAccepted: reply(250, '2.0.0', 'Continue'),
  queued: reply(250, '2.0.0', 'OK: queued'),
  headerTooLarge: reply(552, '5.3.4', 'Message header size exceeds limit'),
  brokenHeader: (what: string) => reply(554, '5.6.0', `Message header is malformed: ${what}`),
  bareLineEnds: reply(554, '5.6.0', 'Message has a bare CR or LF, lines must end with CRLF'),
  dataLineTooLong: reply(554, '5.6.0', 'Message has a line that is too long'),
  dataIdle: reply(451, '4.4.2', 'Message did not arrive in time'),
  noStorage: reply(452, '4.3.1', 'Insufficient system storage'),
  tooManyHops: (hops: number) =>
    reply(554, '5.4.6', `Too many Received header fields (${hops}), possible forwarding loop`),
};

/** Replies without an enhanced code (5.1). */
export const greetings = {
  smtp: (hostname: string) => `220 ${hostname} ESMTP Service Ready\r\n`,
  lmtp: (hostname: string) => `220 ${hostname} LMTP Service Ready\r\n`,
  dataGo: '354 Go ahead. End your data with <CR><LF>.<CR><LF>\r\n',
  challenge: (text: string) => `334 ${text}\r\n`,
};
