// What can be decided in Settings, so that the palette finds each by the words that stand beside it.
// `tests/palette.test.ts` holds the list against the screen.

import type { Messages } from "./messages";

/** A message into which nothing is put. */
export type Plain = { [Id in keyof Messages]: Messages[Id] extends undefined ? Id : never }[keyof Messages];

export interface Setting {
  /** The control, by its `data-testid`. */
  control: string;
  words: Plain;
  /** The part of Settings that it stands in. */
  section: Plain;
}

const within = (section: Plain, controls: Record<string, Plain>): Setting[] =>
  Object.entries(controls).map(([control, words]) => ({ control, words, section }));

export const SETTINGS: readonly Setting[] = [
  ...within("settings-section-Appearance", {
    "settings-language": "settings-language",
    "settings-theme": "theme",
    "settings-contrast": "settings-contrast",
    "settings-code": "settings-code",
    "settings-motion": "settings-motion",
    "settings-zoom": "settings-zoom",
  }),
  ...within("settings-section-Publishing", {
    "settings-conflict": "settings-conflict",
    "settings-orphan": "settings-orphan",
    "settings-width": "settings-width",
    "settings-editor": "settings-editor",
    "settings-message": "settings-message",
    "settings-concurrency": "settings-concurrency",
    "settings-labels": "settings-labels",
    "settings-minor": "settings-minor",
    "settings-verify": "settings-verify",
  }),
  ...within("settings-section-Background", {
    "settings-autostart": "background-autostart",
    "settings-watch": "background-watch",
    "settings-every": "background-every",
    "settings-pause": "background-pause",
    "settings-stay": "background-stay",
  }),
  ...within("settings-section-Notifications", {
    "settings-notify-publishing": "background-notify-publishing",
    "settings-notify-behind": "background-notify-behind",
    "settings-notify-accounts": "background-notify-accounts",
  }),
  ...within("settings-section-Network", {
    "network-proxy": "network-proxy",
    "network-files": "network-files",
    "certificate-host": "certificates",
    "diagram-server": "diagram-server",
    "doctor-run": "doctor",
  }),
  ...within("settings-section-Updates", {
    "update-look": "update-look",
    "update-schedule": "update-schedule",
    "update-address": "update-address",
    "update-key": "update-key",
  }),
  ...within("settings-section-Privacy", { "crash-reports": "crash-reports", "settings-forget": "settings-forget" }),
  ...within("settings-section-Advanced", {
    "log-level": "log-level",
    "diagnostics-copy": "diagnostics-copy",
    "cache-clear": "advanced-clear",
    "settings-reset": "advanced-reset",
  }),
];
