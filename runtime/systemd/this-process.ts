export interface LauncherEnvironment {
  /** Set when the launcher handed over to another Node: then it is the launcher that systemd knows. */
  readonly MADDYC_REEXEC?: string | undefined;
}

/** Whether a process id that systemd gives means this process. */
export function isThisProcess(pid: string | undefined, { MADDYC_REEXEC: handedOver }: LauncherEnvironment): boolean {
  return Number(pid) === process.pid || (handedOver === '1' && Number(pid) === process.ppid);
}
