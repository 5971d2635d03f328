/** What a milter may do to a message (SMFIF_…). */
export const actions = { addHeader: 0x01, changeHeader: 0x10, quarantine: 0x20 } as const;

/** What of the dialogue may be left out (SMFIP_…): commands, and answers to commands. */
export const steps = {
  connect: { skip: 0x01, silent: 0x1000 },
  helo: { skip: 0x02, silent: 0x2000 },
  mail: { skip: 0x04, silent: 0x4000 },
  recipient: { skip: 0x08, silent: 0x8000 },
  header: { skip: 0x20, silent: 0x80 },
  endOfHeader: { skip: 0x40, silent: 0x40000 },
  body: { skip: 0x10, silent: 0x80000 },
} as const;

export type StepName = keyof typeof steps;

/** Values of fields keep the blank after the colon: a signature of the simple form needs it. */
export const leadingSpace = 0x100000;
/** A milter may say that it has seen enough of the body. */
export const skipBody = 0x400;

const offeredActions = actions.addHeader | actions.changeHeader | actions.quarantine;
const offeredSteps =
  Object.values(steps).reduce((all, { skip, silent }) => all | skip | silent, 0) | leadingSpace | skipBody;
/** About DATA, unknown commands and refused recipients (SMFIP_NODATA, …), which are not told here anyhow. */
const aboutOtherSteps = 0x100 | 0x200 | 0x800 | 0x10000 | 0x20000;

const newestVersion = 6;
const oldestVersion = 2;

/** What both sides have agreed on. */
export interface Agreement {
  readonly version: number;
  /** Flags of steps and of the forms above. */
  readonly protocol: number;
}

export function offer(): Buffer {
  return threeNumbers(newestVersion, offeredActions, offeredSteps);
}

/**
 * Throws when the milter wants another dialogue than it was offered. What it wants to change is its own affair: rspamd names all
 * that it could do, offered or not, and a change that cannot be made is told when it comes.
 */
export function readAgreement(answer: Buffer): Agreement {
  if (answer.length < 12) throw new Error('the milter does not say what it wants');
  const version = answer.readUInt32BE(0);
  if (version < oldestVersion || version > newestVersion) {
    throw new Error(
      `the milter speaks version ${version} of the protocol; ${oldestVersion} to ${newestVersion} are known`,
    );
  }
  const protocol = answer.readUInt32BE(8);
  // A milter that gives the offer back as it was does not mean that it wants to be told nothing.
  if (protocol === offeredSteps) return { version, protocol: 0 };
  const unknown = protocol & ~(offeredSteps | aboutOtherSteps);
  if (unknown !== 0) throw new Error(`the milter wants another protocol: flags 0x${(unknown >>> 0).toString(16)}`);
  return { version, protocol };
}

function threeNumbers(...numbers: readonly [number, number, number]): Buffer {
  const data = Buffer.alloc(12);
  for (const [at, number] of numbers.entries()) data.writeUInt32BE(number >>> 0, at * 4);
  return data;
}
