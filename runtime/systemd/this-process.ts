export interface LauncherEnvironment {
  /** Set when the launcher handed over to another Node: then it is the launcher that systemd knows. */
  readonly MADDYC_REEXEC?: string | undefined;
}

export function isHandedOver({ MADDYC_REEXEC: handedOver }: LauncherEnvironment): boolean {
  return handedOver === '1';
}

/** Whether a process id that systemd gives means this process. */
export function isThisProcess(pid: string | undefined, environment: LauncherEnvironment): boolean {
  return Number(pid) === process.pid || (isHandedOver(environment) && Number(pid) === process.ppid);
}
