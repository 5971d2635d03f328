import type { FileState } from '../compiler/host.ts';
import type { Client } from './client.ts';
import { Faults } from './session.ts';
import type { PositionCodec } from './text/position-encoding.ts';
import { SourcePositions } from './text/source-positions.ts';
import { AnalysisCache } from './workspace/analysis-cache.ts';
import { DiagnosticReports } from './workspace/diagnostic-reports.ts';
import { OpenDocuments } from './workspace/open-documents.ts';
import { Snapshot } from './workspace/snapshot.ts';
import { Workspace } from './workspace/workspace.ts';

/** Of what most configurations have a little, and no other file: that would be judged twice, before it is read and afterwards. */
export const usualConfiguration = `$(hostname) = mx.example.org
$(local_domains) = example.org

state_dir /var/lib/maddy
hostname $(hostname)
tls off

auth.pass_table accounts {
    table sql_table {
        driver sqlite3
        dsn credentials.db
        table_name passwords
    }
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
            replace_rcpt static {
                entry postmaster admin@example.org
            }
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
    check {
        authorize_sender {
            user_to_email identity
        }
    }
    deliver_to &outgoing
}

target.queue outgoing {
    target remote
}
`;

/** The first file that is opened need not wait until lexer, parser and rules are built: another one is judged before, all by itself. */
export async function warmUp(client: Client, codec: PositionCodec): Promise<void> {
  const uri = 'file:///maddyc-warm-up/maddy.conf';
  const open = new OpenDocuments(codec);
  const snapshot = new Snapshot(open, async (each): Promise<FileState> => {
    return each === uri ? { kind: 'text', text: usualConfiguration } : { kind: 'absent' };
  });
  const analyses = new AnalysisCache(snapshot, new Faults(() => undefined));
  const workspace = new Workspace(open, snapshot, analyses, [], async () => []);
  JSON.stringify(await new DiagnosticReports(workspace, new SourcePositions(codec), client).of(uri));
  snapshot.documentOf(uri, 'maddy')?.tree();
}
