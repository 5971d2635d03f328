import { defineModule } from '../define.ts';
import { everyDialect } from '../dialects.ts';
import { debug } from '../shared/debug.ts';

export const msgpipeline = defineModule({
  name: 'msgpipeline',
  kind: 'target',
  implements: ['delivery_target'],
  doc: 'A reusable message pipeline usable wherever a delivery target is expected.',
  dialects: everyDialect,
  inlineArgs: { rule: 'ignored' },
  unknown: 'pipeline',
  directives: {
    hostname: {
      type: 'string',
      required: true,
      inheritsGlobal: true,
      doc: 'Host name for Received/Authentication-Results handling.',
      snippet: 'hostname ${1:mx.example.org}',
    },
    debug,
  },
  runtime: true,
  docPage: 'smtp-pipeline.md',
  example: `msgpipeline local_routing {
    destination example.org {
        deliver_to &local_mailboxes
    }
    default_destination {
        reject 550 5.1.1 "No such user"
    }
}`,
});
