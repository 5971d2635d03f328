import { analyse } from '../compiler/analyse.ts';
import { openDocument } from '../compiler/editor/editor-document.ts';
import { createMemoryHost } from '../compiler/source/memory-host.ts';

/** Of what most configurations have a little. */
export const usualConfiguration = `$(hostname) = mx.example.org
$(local_domains) = example.org

state_dir /var/lib/maddy
hostname $(hostname)
tls off

auth.pass_table accounts {
    table file /etc/maddy/users
}

target.lmtp boxes {
    targets tcp://127.0.0.1:24
}

(limits) {
    limits {
        all rate 20 1s
    }
}

msgpipeline local_routing {
    destination postmaster $(local_domains) {
        modify {
            replace_rcpt regexp "(.+)\\+(.+)@(.+)" "$1@$3"
        }
        deliver_to &boxes
    }
    default_destination {
        reject 550 5.1.1 "User doesn't exist"
    }
}

smtp tcp://0.0.0.0:25 {
    import limits
    check {
        require_mx_record
        spf
    }
    source $(local_domains) {
        reject 501 5.1.8 "Use the submission port"
    }
    default_source {
        deliver_to &local_routing
    }
}

submission tcp://0.0.0.0:587 {
    auth &accounts
    deliver_to &outgoing
}

target.queue outgoing {
    target remote
}
`;

/** The first file that is opened need not wait until lexer, parser and rules are built: another one is judged before. */
export function warmUp(): void {
  const path = '/maddy.conf';
  openDocument(path, usualConfiguration, 'maddy').tree();
  analyse(path, createMemoryHost({ files: new Map([[path, usualConfiguration]]) }));
}
