import { runtimeModuleNames } from '../../../runtime/registry.ts';
import { type ConformanceKind, field, isRecord, type Outcome } from './kind.ts';
import { runCommandCase } from './transcripts/command-case.ts';
import type { RecordedCase, RecordedCommandLines } from './transcripts/recorded.ts';
import { saneCase } from './transcripts/sane-cases.ts';
import { runSessionCase } from './transcripts/session-case.ts';
import { checkUnit } from './transcripts/units.ts';

/** Cases that need a module which the runtime does not have (yet). */
const needs: Readonly<Record<string, string>> = {
  'quarantine-remote-refused': 'target.remote',
  'mta-outbound': 'target.remote',
  openmetrics: 'openmetrics',
};

/** Recorded sessions, command lines and function results (`smtp-transcripts.json`). */
export const transcripts: ConformanceKind = {
  name: 'transcripts',
  // Cases wait more than they work.
  width: 6,
  recognises: (fileName, cases) =>
    fileName.startsWith('smtp-transcripts') || cases.some((one) => field(one, 'unit') !== undefined),
  startsProcess: (recorded) => field(recorded, 'unit') === undefined,
  check: async (recorded, surroundings): Promise<Outcome> => {
    if (field(recorded, 'unit') !== undefined) return checkUnit(recorded);
    const missing = needs[String(field(recorded, 'name'))];
    if (missing !== undefined && !runtimeModuleNames().includes(missing)) return { pending: missing };
    try {
      if (isCommandLines(recorded)) {
        // The only quirk here: what is written down is maddy's refusal, which D20 takes back.
        await runCommandCase(recorded.quirk === undefined ? recorded : accepted(recorded), surroundings);
        return null;
      }
      if (!isSession(recorded)) return 'neither a session nor command lines';
      const sane = saneCase(recorded);
      if (sane === null) return 'the recording is a defect, and what would be right is not written down';
      await runSessionCase(sane, surroundings);
      return null;
    } catch (error) {
      // A server that ended, a connection that was refused: all of it is a case that does not go as recorded.
      return error instanceof Error ? error.message : String(error);
    }
  },
};

/** D20: `verify-config` looks at no file of the host. */
function accepted(recorded: RecordedCommandLines): RecordedCommandLines {
  const steps = recorded.steps.map((step) => ({ ...step, exit: 0, stdout: '', stderr: 'No errors detected\n' }));
  return { ...recorded, steps };
}

function isCommandLines(recorded: unknown): recorded is RecordedCommandLines {
  const steps = field(recorded, 'steps');
  return Array.isArray(steps) && steps.length > 0 && field(steps[0], 'args') !== undefined;
}

function isSession(recorded: unknown): recorded is RecordedCase {
  return isRecord(recorded) && typeof recorded.config === 'string' && Array.isArray(recorded.steps);
}
