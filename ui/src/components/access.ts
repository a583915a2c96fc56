import type { ModeView } from "../backend";

/** Whether a site tells if one may write there before it is tried; Data Center does not. */
export const tellsWriting = (provider: string): boolean => provider !== "confluence-data-center";

/** What people call whose access is used. */
export const modeWords: Record<ModeView, { name: string; hint: string }> = {
  individual: { name: "Individual Access", hint: "Each user signs in, and reads and publishes with their own rights." },
  managed: { name: "Managed Access", hint: "One company account, service account or token is used by everybody who uses this installation." },
};
