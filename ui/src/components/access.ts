/** What people call whose access is used. */
import type { ModeView } from "../backend";

export const modeWords: Record<ModeView, { name: string; hint: string }> = {
  individual: { name: "Individual Access", hint: "Each user signs in, and reads and publishes with their own rights." },
  managed: { name: "Managed Access", hint: "One company account, service account or token is used by everybody who uses this installation." },
};
