import { defineModule } from '../define.ts';
import { madmailOnly, madmailRust } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const turn = defineModule({
  name: 'turn',
  kind: 'endpoint',
  implements: ['endpoint'],
  doc: 'TURN/STUN relay for calls.',
  dialects: madmailOnly,
  inlineArgs: { rule: 'addresses', doc: 'udp://, tcp:// or tls:// listen address.' },
  unknown: 'refused',
  directives: {
    realm: { type: 'string', required: true, inheritsGlobal: true, doc: 'Realm.' },
    secret: {
      type: 'string',
      required: true,
      inheritsGlobal: true,
      secretFrom: 0,
      doc: 'Shared secret for time-limited credentials.',
    },
    relay_ip: { type: 'string', doc: 'Address used for relaying.' },
    tls: {
      type: 'tls_server',
      doc: 'Server-side TLS: `off`, or a loader name with its arguments, and/or a block with tuning directives. See shared block tls_server.',
      snippet: 'tls ${1|off,self_signed,file|}',
    },
    debug,
    relay_port_min: { type: 'int', dialects: madmailRust, doc: 'TURN relay setting.' },
    relay_port_max: { type: 'int', dialects: madmailRust, doc: 'TURN relay setting.' },
    test_force_relay: { type: 'bool', dialects: madmailRust, doc: 'TURN relay setting.' },
  },
  runtime: false,
  example: `turn udp://0.0.0.0:3478 tcp://0.0.0.0:3478 {
    realm 203.0.113.50
    secret SHARED
    relay_ip 203.0.113.50
}`,
  notes: [
    'udp:// is a valid scheme only in this dialect.',
    '"turn: TLS configured for ADDR but no tls directive found" for tls:// without tls.',
    'Version 2 parses udp:// here but drops it because only tcp:// and tls:// are recognised when addresses are extracted.',
  ],
});
