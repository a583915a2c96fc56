/** Everything that the first screen does without: read and set up once that one can be used. */
export { default as CommandPalette } from "../components/CommandPalette.svelte";
export { default as ShortcutSheet } from "../components/ShortcutSheet.svelte";
export { default as SignInDialog } from "../components/SignInDialog.svelte";
export { default as Accounts } from "./Accounts.svelte";
export { default as Audit } from "./Audit.svelte";
export { default as Browse } from "./Browse.svelte";
export { default as Publications } from "./Publications.svelte";
export { default as Publish } from "./Publish.svelte";
export { default as Settings } from "./Settings.svelte";
export { default as Visit } from "./Visit.svelte";
