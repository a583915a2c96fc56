/** A backend without a core: a small repository, for the plain browser and for tests. */
import type {
  AccountView,
  AuditEntryView,
  Backend,
  CodeThemesView,
  FileView,
  HealthStateView,
  LanguageView,
  SpokenView,
  ModeView,
  PastReportView,
  PlanView,
  Platform,
  ProviderView,
  ReachView,
  ReportView,
  BackgroundView,
  SceneView,
  SettingsView,
  SiteView,
  StepView,
  StorageView,
  ThemeView,
  TargetsView,
  TitleChoiceView,
  VaultPlaceView,
  WantedView,
} from "./index";
import { fakeHosts, type FakeGit } from "./fakeHosts";
import { rowsOf } from "./fakeRows";
import { fakeNetwork, type FakeNetwork } from "./fakeNetwork";
import { fakeUpdates, type FakeUpdates } from "./fakeUpdates";
import { fakePublications, fakePublished, type FakePublished } from "./fakePublished";
import { asConfigured } from "../components/publishOptions";

const sandbox: SiteView = {
  url: "http://127.0.0.1:8090/wiki",
  name: "Sandbox",
  product: "Cloud",
  user: "author@example.com",
  isSandbox: true,
};

// In the order of the ids, as the core gives them.
const providers: ProviderView[] = [
  { id: "azure-devops", name: "Azure DevOps", product: "git", usualHost: "dev.azure.com", ways: ["browser", "device", "token"], tokenIsForOneSite: false, canPublish: false, canRemove: false },
  { id: "confluence-cloud", name: "Confluence Cloud", product: "confluence", usualHost: "api.atlassian.com", ways: ["browser", "token", "service"], tokenIsForOneSite: true, canPublish: true, canRemove: true },
  { id: "confluence-data-center", name: "Confluence Data Center", product: "confluence", usualHost: null, ways: ["browser", "token", "service"], tokenIsForOneSite: false, canPublish: true, canRemove: false },
  { id: "git-server", name: "Another Git server", product: "git", usualHost: null, ways: ["token"], tokenIsForOneSite: false, canPublish: false, canRemove: false },
  { id: "github", name: "GitHub", product: "git", usualHost: "github.com", ways: ["device", "browser", "token"], tokenIsForOneSite: false, canPublish: false, canRemove: false },
  { id: "gitlab", name: "GitLab", product: "git", usualHost: "gitlab.com", ways: ["browser", "device", "token"], tokenIsForOneSite: false, canPublish: false, canRemove: false },
];

/** What the core calls whose access is used. */
const modeNames: Record<ModeView, string> = { individual: "Individual Access", managed: "Managed Access" };

function account(id: string, provider: string, user: string, state: HealthStateView | null, more: Partial<AccountView> = {}): AccountView {
  const known = providers.find((one) => one.id === provider);
  const host = known?.usualHost ?? "wiki.acme.com";
  const words: Record<HealthStateView, string> = {
    ok: `Signed in as ${user}`,
    expiring: "The access ends in 12 days",
    needsSignIn: `The access of \`${user}\` to \`${host}\` is over`,
    missingScope: "It was not granted write:page:confluence",
    wrongUser: `The access is \`bob\`'s, and the account is \`${user}\`'s`,
    locked: "The keystore is locked",
    offline: `\`${host}\` could not be reached`,
    forbidden: "GitHub is not allowed, says the policy of this machine",
  };
  const remedies: Partial<Record<HealthStateView, string>> = {
    locked: "Unlock the keystore",
    offline: "Check the network",
    forbidden: "Ask it@acme.example",
  };
  return {
    id,
    provider,
    providerName: known?.name ?? provider,
    base: `https://${host}`,
    host,
    user,
    access: "browser",
    way: "browser",
    mode: "individual",
    isManaged: false,
    purpose: known?.canPublish ? "publish" : "read",
    scopes: ["read_user", "read_api", "read_repository"],
    sites: [],
    signedIn: "2026-11-01T08:00:00Z",
    lastUsed: "2026-11-27T08:00:00Z",
    ends: null,
    isUsedFirst: true,
    health: state === null ? null : { state, message: words[state], remedy: remedies[state] ?? null, checked: "2026-11-27T08:00:00Z" },
    ...more,
  };
}

const texts: Record<string, string> = {
  "README.md": "# Handbook\n\nHow we work.\n\n- [Start](guide/start.md)\n- [Missing](gone.md)\n",
  "guide/README.md": "# Guide\n\nFor newcomers.\n",
  "guide/start.md": "# Start\n\n> [!NOTE]\n> Read this first.\n\n```rust\nfn main() {}\n```\n",
};

export interface FakeOptions {
  files?: number;
  failPlan?: { message: string; remedy: string };
  /** Whether tokens can be kept; `locked` behind a passphrase, which is `open sesame`. */
  keystore?: boolean | "locked";
  opened?: boolean;
  /** Whether a page of somebody else has the title of one that is planned. */
  takenTitle?: boolean;
  /** Where somebody was in the window whose page ended. */
  scene?: SceneView;
  /** Whether the audit log has records. */
  records?: boolean;
  /** Whether somebody changed the audit log. */
  tampered?: boolean;
  /** Where the audit log is sent on to. */
  forwarding?: { to: string; waiting: number };
  /** The states of the accounts that are signed in; null for one that was not looked at yet. */
  accounts?: (HealthStateView | null)[];
  /** Whether the administrator decided something. */
  policy?: boolean;
  /** The mode that the administrator locked everywhere. */
  lockedMode?: ModeView;
  /** What was published with every account; a trouble for what others do not reach. */
  reach?: ReachView[];
  /** Whether an application is registered everywhere. */
  application?: boolean;
  /** When the person in the browser has allowed it; at once if not said. */
  allowed?: Promise<void>;
  /** What the Git hosts are like. */
  git?: FakeGit;
  /** Files of a person's own that cannot be used as themes or languages. */
  unusable?: CodeThemesView["unusable"];
  /** The shortcuts that somebody chose. */
  shortcuts?: Record<string, string>;
  /** What somebody chose to be spoken, and what the desktop speaks. */
  language?: LanguageView;
  systemLanguage?: SpokenView;
  /** What a publish is like unless somebody says otherwise. */
  defaults?: Partial<SettingsView["publish"]>;
  /** Whether the sandbox runs already. */
  running?: boolean;
  /** What was published before. */
  published?: FakePublished;
  /** What a link from elsewhere named before the start. */
  linked?: WantedView;
  /** How servers are reached. */
  network?: FakeNetwork;
  updates?: FakeUpdates;
  platform?: Platform;
  /** Whether the desktop shows tray icons. */
  tray?: boolean;
  /** The targets of the opened repository. */
  targets?: TargetsView;
}

function step(index: number, kind: string, title: string, path: string, more: Partial<StepView> = {}): StepView {
  return {
    index,
    kind,
    title,
    titleBefore: null,
    path,
    depth: path.includes("/") ? 1 : 0,
    url: null,
    moves: false,
    moved: null,
    reason: null,
    conflict: null,
    titleChoice: null,
    holdsEdit: false,
    attachments: [],
    labels: [],
    takesOff: [],
    content: "page",
    format: ["create", "update"].includes(kind) ? "storage" : null,
    readBy: null,
    editBy: null,
    problems: [],
    ...more,
  };
}

/** A page whose title a page of somebody else has, as somebody decided about it. */
function entitled(index: number, titles: TitleChoiceView[]): StepView {
  const decided = titles.find((one) => one.path === "guide/setup.md");
  const holder = { pageId: "77", url: "http://localhost/wiki/pages/77" };
  if (decided?.pageId) return step(index, "update", "Setup", "guide/setup.md");
  if (decided?.title) return step(index, "create", decided.title, "guide/setup.md", { titleChoice: { wanted: "Setup", isChosen: true, ...holder } });
  return step(index, "create", "Setup (Guide)", "guide/setup.md", { titleChoice: { wanted: "Setup", isChosen: false, ...holder } });
}

/** A page whose source is gone, and that goes only once somebody said that it really is. */
function lost(index: number, isAgreed: boolean): StepView {
  const message = "`Lost` stays although its source is gone: 1 of 4 pages would go, which is more than 20 %. If their sources are really gone, publish with an orphan limit of 100";
  const stays = [{ severity: "warning" as const, code: "orphan.too_many", message, line: 0, column: 0 }];
  return step(index, isAgreed ? "trash" : "orphan", "Lost", "guide/lost.md", { problems: isAgreed ? [] : stays });
}

export function fake(options: FakeOptions = {}): Backend {
  let open = options.opened ?? false;
  let sites: SiteView[] = options.running ? [sandbox] : [];
  let cancelled = false;
  let plans = 0;
  const past = (id: string, created: number, changed: number, takesBack: boolean, isTakenBack: boolean): PastReportView => ({
    id,
    finished: `2026-11-2${id}T08:00:00Z`,
    space: "DOCS",
    repository: "gitlab.acme.com/acme/handbook",
    created,
    changed,
    takesBack,
    isByItself: id === "2",
    isTakenBack,
  });
  const reports = [past("3", 0, 2, true, false), past("2", 1, 4, false, true), past("1", 12, 0, false, false)];
  let application = options.application ?? true;
  let managedApplication = false;
  const kinds = ["confluence-cloud", "gitlab", "github", "confluence-data-center"];
  let accounts = (options.accounts ?? []).map((state, index) =>
    account(String(index), kinds[index % kinds.length] ?? "gitlab", index % 2 === 0 ? "ada" : "grace", state, {
      ends: state === "expiring" ? "2026-12-09T08:00:00Z" : null,
      isUsedFirst: index < kinds.length,
    }),
  );
  let locked = options.keystore === "locked";
  let place: VaultPlaceView = locked ? "passphrase" : "keystore";
  const modes = new Map<string, ModeView>();
  const accessOf = (provider: string, host: string) => ({
    mode: options.lockedMode ?? modes.get(provider) ?? ("individual" as const),
    place: host.replace("https://", ""),
    isLocked: options.lockedMode !== undefined,
  });
  /** The accounts that were chosen for a repository or a space, by its base and name. */
  const chosen = new Map<string, string>();
  let shown = 0;
  let switching: { provider: string; mode: ModeView; leaving: AccountView[] } | null = null;
  let handing: ReachView[] = [];
  const calls = new Map<string, () => void>();
  let giveUp: (() => void) | null = null;
  const repository = {
    path: "/home/you/handbook",
    name: "handbook",
    isGit: true,
    branch: "main",
    shortCommit: "1a2b3c4d",
    webUrl: null,
    documents: Object.keys(texts).length,
  };
  const files: FileView[] = Object.keys(texts).map((path) => ({
    path,
    size: 100,
    kind: "document" as const,
    skipped: null,
  }));
  files.push({ path: "guide/logo.png", size: 2048, kind: "image", skipped: null });
  for (let number = 0; number < (options.files ?? 0); number += 1) {
    const name = String(number).padStart(5, "0");
    files.push({ path: `many/file-${name}.md`, size: 10, kind: "document", skipped: null });
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const report = (): ReportView => ({
    kept: "1",
    outcomes: [
      {
        path: "README.md",
        title: "Handbook",
        pageId: "1",
        outcome: cancelled ? "not_reached" : "updated",
        needsAttention: cancelled,
        url: `${sandbox.url}/spaces/DOCS/pages/1`,
        version: 3,
        uploaded: 0,
        reason: cancelled ? "publishing was cancelled before" : null,
        problems: [],
      },
      {
        path: "guide/start.md",
        title: "Start",
        pageId: "2",
        outcome: "created",
        needsAttention: false,
        url: `${sandbox.url}/spaces/DOCS/pages/2`,
        version: 2,
        uploaded: 1,
        reason: null,
        problems: [],
      },
    ],
    cancelled,
    stoppedBy: null,
    milliseconds: 1200,
    requests: 14,
    siteUrl: sandbox.url,
    space: "DOCS",
  });
  const record = (number: string, action: string, outcome: string, object: AuditEntryView["object"]): AuditEntryView => ({
    number,
    when: "2026-11-27T08:00:00Z",
    action,
    outcome,
    who: "ada@acme.com (ada)",
    object,
    reason: outcome === "failure" ? "The site could not be reached" : null,
    changes: [{ name: "version", before: "3", after: "4" }],
    operation: action.startsWith("publish") ? "0123456789abcdef" : null,
    credential: "fedcba9876543210fedcba9876543210",
  });
  const records = options.records === false ? [] : [
    record("3", "publish.update", "failure", { kind: "page", name: "123", host: "acme.atlassian.net" }),
    record("2", "publish.run", "success", { kind: "space", name: "DOCS", host: "acme.atlassian.net" }),
    record("1", "token.add", "success", { kind: "account", name: "https://acme.atlassian.net/wiki", host: null }),
  ];
  let linked = options.linked ?? null;
  const hosts = fakeHosts(options, (event) => calls.get(event)?.());
  let recent = [{ path: "/home/you/handbook", name: "handbook" }];
  const usualBackground = (): BackgroundView => ({
    autostart: false,
    watch: false,
    pause: false,
    every: "hour",
    quitsWhenClosed: false,
    hasTray: options.tray ?? true,
    asksWhatClosingDoes: options.platform !== "macos",
    notifications: { publishing: true, behind: true, accounts: true },
  });
  let background = usualBackground();
  let held = 700 * 1024;
  let theme: ThemeView = "system";
  const usual = (): SettingsView => ({
    window: { language: "system", highContrast: null, codeTheme: null, reducedMotion: null, zoom: 100, panes: ["source", "page"], shortcuts: {} },
    publish: { onConflict: "refuse", onOrphan: "report", message: null, pageWidth: null, editor: null, setsLabels: false, minorEdit: false, verify: false, concurrency: 32 },
  });
  const storage = (): StorageView => ({
    held,
    most: 1600 * 1024,
    folders: [
      { what: "settings", path: "/home/you/.config/tributary" },
      { what: "data", path: "/home/you/.local/share/tributary" },
      { what: "cache", path: "/home/you/.cache/tributary" },
      { what: "log", path: "/home/you/.local/state/tributary/logs" },
    ],
  });
  let settings: SettingsView = {
    window: { language: options.language ?? "system", highContrast: null, codeTheme: null, reducedMotion: null, zoom: 100, panes: ["source", "page"], shortcuts: options.shortcuts ?? {} },
    publish: { onConflict: "refuse", onOrphan: "report", message: null, pageWidth: null, editor: null, setsLabels: false, minorEdit: false, verify: false, concurrency: 32, ...options.defaults },
  };
  const publications = fakePublications(options.published ?? { nothing: true });
  const published = fakePublished(options.published ?? { nothing: true }, publications, sandbox, () => calls.get("publication-changed")?.());
  const backend: Backend = {
    ...hosts.backend,
    ...published,
    ...fakeNetwork(options.network),
    ...fakeUpdates(options.updates),
    showWanted: async () => linked,
    openWanted: async (id, agreed) => {
      if (linked?.id !== id) throw { code: "conflict", message: "This link is no longer known", remedy: "Open the link again" };
      if (!linked.isKnown && !agreed) throw { code: "forbidden", message: "Nobody agreed", remedy: null };
      const address = `https://${linked.place}/${linked.name}`;
      linked = null;
      return hosts.backend.openVisit(address, null);
    },
    dismissWanted: async () => {
      linked = null;
    },
    takeDropped: async () => null,
    startState: async () => ({
      version: "0.1.0",
      theme,
      platform: options.platform ?? "linux",
      isPaletteWanted: false,
      window: settings.window,
      systemLanguage: options.systemLanguage ?? "en",
      pseudo: null,
      publishDefaults: settings.publish,
      recent,
      opened: open ? repository : null,
      visit: hosts.visited(),
      keystore:
        locked
          ? {
              available: false,
              name: "",
              message: "The vault is locked",
              remedy: "Unlock it with its passphrase",
              canUnlock: true,
            }
          : options.keystore === false
          ? {
              available: false,
              name: "",
              message: "There is no Secret Service on this desktop",
              remedy: "Install gnome-keyring, or keep tokens for this session only",
              canUnlock: false,
            }
          : { available: true, name: "the Secret Service", message: "", remedy: "", canUnlock: false },
      publications: publications.map((one) => ({ ...one })).sort((a, b) => Number(b.isPinned) - Number(a.isPinned)),
      publishing: false,
      sandbox: sites[0] ?? null,
      trouble: null,
      scene: options.scene ?? null,
      attention: accounts.flatMap(({ user, host, health }) => (health?.state === "expiring" ? [`The access of \`${user}\` to \`${host}\` ends in 12 days`] : [])),
    }),
    setTheme: async (wanted) => {
      theme = wanted;
    },
    showAppearance: async () => ({ moreContrast: false, lessMotion: false }),
    rest: async () => undefined,
    quit: async () => undefined,
    closeWindow: async () => undefined,
    tellMenu: async () => undefined,
    takeCommand: async () => null,
    changeSettings: async (changed) => {
      settings = changed;
    },
    resetSettings: async () => {
      settings = usual();
      background = usualBackground();
      theme = "system";
      await backend.changeNetwork({ proxy: "system", address: "", user: "", exceptions: [], caFiles: [] }, null);
      await backend.changeUpdates({ address: "", key: "", schedule: "byHand" });
      await backend.changeDiagramServer("");
      await backend.changeLog("errors");
      await backend.changeCrashReports(false);
    },
    showStorage: async () => storage(),
    clearCache: async () => {
      held = 0;
      return storage();
    },
    openStored: async () => undefined,
    listCodeThemes: async () => ({
      folder: "/home/you/.config/tributary/highlighting",
      own: ["Solarized"],
      languages: 252,
      unusable: options.unusable ?? [],
    }),
    forgetPast: async () => {
      recent = [];
      publications.splice(0, publications.length, ...publications.filter((one) => one.isPinned));
      calls.get("publication-changed")?.();
    },
    showBackground: async () => background,
    changeBackground: async (changed) => {
      background = changed;
      return background;
    },
    openLink: async () => undefined,
    chooseFolder: async () => "/home/you/handbook",
    openFolder: async (path) => {
      hosts.leave();
      if (path.includes("nowhere")) {
        throw { code: "notFound", message: `\`${path}\` does not exist`, remedy: "Check the path" };
      }
      open = true;
      return repository;
    },
    openSample: async () => {
      open = true;
      return repository;
    },
    listFiles: async () => files,
    showFile: async (id, path, codeTheme, first, count) => {
      if (id !== null) return hosts.backend.showFile(id, path, codeTheme, first, count);
      return {
        kind: path.endsWith(".png") ? "image" : "text",
        language: "Markdown",
        background: codeTheme.isDark ? "#0d1117" : "#ffffff",
        ...rowsOf(texts[path] ?? "", first, count, codeTheme.isDark),
        isGuessed: false,
        imageUrl: null,
        pages: [],
        size: 100,
        notes: [],
        target: null,
        address: null,
      };
    },
    showPdfPage: async (id, path, page) => {
      if (id !== null) return hosts.backend.showPdfPage(id, path, page);
      throw { code: "invalidInput", message: `\`${path}\` is no PDF`, remedy: null };
    },
    listChanges: async (id, folder, reference) => hosts.backend.listChanges(id, folder, reference),
    compareFile: async (id, path, reference) => hosts.backend.compareFile(id, path, reference),
    showPage: async (id, path, look) => {
      if (id !== null) return hosts.backend.showPage(id, path, look);
      if (!path.endsWith(".md")) return null;
      if (look === "host") return { title: path, html: `<h1 data-line="1">${path}</h1>`, problems: [], labels: [], hasHostLook: true };
      const lines = (texts[path] ?? "").split("\n");
      const title = (lines[0] ?? "").replace(/^# /, "");
      return {
        title,
        html: lines
          .slice(1)
          .map((text, index) => (text === "" ? "" : `<p data-line="${index + 2}">${text.replace(/[<>&]/g, "")}</p>`))
          .join(""),
        problems:
          path === "README.md"
            ? [
                {
                  severity: "warning",
                  code: "link.target_missing",
                  message: "the link `gone.md` leads nowhere",
                  line: 6,
                  column: 3,
                },
              ]
            : [],
        labels: [],
        hasHostLook: true,
      };
    },
    fetchPictures: async (addresses) =>
      addresses.map((address) =>
        address.includes("gone")
          ? { carried: null, trouble: "`img.example` has no such picture (status 404)" }
          : { carried: "data:image/png;base64,iVBORw0KGgo=", trouble: null },
      ),
    listSites: async () => sites,
    connectSite: async (site) => {
      if (site.token === "wrong") {
        throw {
          code: "signedOut",
          message: `\`${site.url}\` does not accept the token`,
          remedy: "Sign in again with a token that is still valid",
        };
      }
      const made: SiteView = {
        url: site.url,
        name: site.url.replace(/^https?:\/\//, ""),
        product: "Cloud",
        user: site.user,
        isSandbox: false,
      };
      sites = [...sites, made];
      return made;
    },
    startSandbox: async () => {
      if (!sites.includes(sandbox)) sites = [sandbox, ...sites];
      return sandbox;
    },
    listSpaces: async () => [
      { key: "DOCS", name: "Documentation" },
      { key: "TEAM", name: "Team" },
    ],
    listPages: async () => [{ id: "10", title: "Engineering", parentId: null }],
    listTargets: async () => options.targets ?? { targets: [], trouble: null },
    planPublication: ({ publication, only, conflicts, titles, orphansAreGone, beside }, progress) => {
      const spaceKey = publication === "a" ? "DOCS" : "TEAM";
      const request = { visit: null, paths: [], siteUrl: sandbox.url, spaceKey, parentId: null, target: null, onConflict: null, conflicts, titles, onOrphan: null, orphansAreGone, message: null, title: null, only, beside, options: asConfigured };
      return backend.planPublish(request, progress);
    },
    planPublish: async (request, progress) => {
      progress({ phase: "planning", done: 0, total: 1, current: null });
      if (options.failPlan) throw { code: "offline", ...options.failPlan };
      const target = options.targets?.targets.find((one) => one.name === request.target);
      if (target?.trouble) throw target.trouble;
      const how = request.conflicts.find((choice) => choice.path === "guide/old.md")?.onConflict ?? request.onConflict ?? "refuse";
      plans += 1;
      const plan: PlanView = {
        id: String(plans),
        digest: "d",
        steps: [
          step(0, "update", "Handbook", "README.md", {
            format: "adf",
            readBy: { everybody: false, users: ["ada"], groups: ["writers"] },
            editBy: { everybody: true, users: [], groups: [] },
            problems: [
              {
                severity: "warning",
                code: "link.target_missing",
                message: "the link `gone.md` leads nowhere",
                line: 6,
                column: 3,
              },
            ],
          }),
          step(1, "create", "Start", "guide/start.md", { attachments: ["logo.png"], content: "blogPost", editBy: { everybody: true, users: [], groups: [] } }),
          step(2, "leave", "Guide", "guide/README.md"),
          step(3, { refuse: "refuse", merge: "merge", overwrite: "update" }[how], "Old page", "guide/old.md", {
            conflict: how,
            reason: how === "refuse" ? "somebody edited the page in Confluence (version 4) since it was published" : null,
          }),
          ...(options.takenTitle ? [entitled(4, request.titles)] : []),
          ...(request.onOrphan === "trash" ? [lost(4, request.orphansAreGone)] : []),
        ],
        skipped: [],
        siteUrl: target ? `https://${target.site}` : request.siteUrl,
        space: target?.space ?? request.spaceKey,
        reference: "main",
        commit: "1a2b3c4d5e6f708192a3b4c5d6e7f80912345678",
        tellsWatchers: request.options.minorEdit ?? options.defaults?.minorEdit ?? false,
      };
      return plan;
    },
    stepDiff: async (_planId, index) =>
      index === 0
        ? [
            { kind: "same", text: "# Handbook", emphasis: [] },
            { kind: "removed", text: "How we worked.", emphasis: [[11, 13]] },
            { kind: "added", text: "How we work.", emphasis: [] },
          ]
        : [{ kind: "added", text: "Read this first.", emphasis: [] }],
    showEdit: async () => [
      { kind: "removed", text: "An old page.", emphasis: [] },
      { kind: "added", text: "An old page that somebody mended.", emphasis: [[12, 31]] },
    ],
    lookAtPull: async () => ({
      id: "1",
      lines: [{ kind: "added", text: "An old page that somebody mended.", emphasis: [] }],
      isCertain: true,
      left: null,
      branch: "edit-of-old",
      canCommit: hosts.visited() === null,
    }),
    commitPull: async (_id, branch) => {
      if (branch === "main") throw { code: "invalidInput", message: "The branch `main` is there already", remedy: "Choose another name" };
      return "0123456789abcdef0123456789abcdef01234567";
    },
    saveFile: async (_id, path, progress) => {
      cancelled = false;
      for (const bytes of [0, 12_000_000, 40_000_000]) {
        progress({ bytes, total: bytes === 0 ? null : 40_000_000 });
        await new Promise((resolve) => setTimeout(resolve, 0));
        if (cancelled) return null;
      }
      return { path: `/home/you/${path.split("/").at(-1)}`, bytes: 40_000_000 };
    },
    savePull: async (_id, branch) => `/home/you/${branch}.patch`,
    applyPlan: async (_planId, _digest, progress) => {
      cancelled = false;
      for (let done = 0; done <= 2; done += 1) {
        progress({ phase: "publishing", done, total: 2, current: "Handbook" });
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      return report();
    },
    publishAgain: async () => report(),
    listReports: async () => reports,
    planTakingBack: async (id, progress) => {
      progress({ phase: "planning", done: 0, total: 1, current: null });
      if (!reports.some((one) => one.id === id)) throw { code: "notFound", message: "The report of this publish is not kept any more", remedy: null };
      plans += 1;
      return {
        id: String(plans),
        digest: "d",
        steps: [
          step(0, "update", "Handbook", "README.md", {
            titleBefore: "Handbook of all",
            moves: true,
            moved: { from: "Teams", to: null },
            labels: ["old"],
            takesOff: ["new"],
          }),
          step(1, "trash", "Start", "guide/start.md"),
          step(2, "refuse", "Old page", "guide/old.md", { reason: "the page was changed since. Compare the versions in its history, and restore one there" }),
        ],
        skipped: [],
        siteUrl: sandbox.url,
        space: "DOCS",
        reference: null,
        commit: null,
        tellsWatchers: false,
      };
    },
    checkLinks: async (_siteUrl, _spaces, pages) => ({
      pages: pages.length,
      checked: 2 * pages.length,
      notChecked: 1,
      broken: pages.includes("2") ? [{ pageId: "2", target: "Gone", reason: "no page of the space is called so" }] : [],
    }),
    listAudit: async (filter, most) => {
      const wanted = records.filter(
        (record) =>
          (filter.action === null || record.action.startsWith(filter.action)) &&
          (filter.outcome === null || record.outcome === filter.outcome) &&
          (filter.account === null || record.who.includes(filter.account)) &&
          (filter.operation === null || record.operation === filter.operation),
      );
      return { folder: "/home/you/.local/share/tributary/audit", total: wanted.length, entries: wanted.slice(0, most), forwarding: options.forwarding ?? null };
    },
    verifyAudit: async () =>
      options.tampered
        ? {
            intact: false,
            message: "The log was changed. The first bad record is 2, in `audit-000000000001.jsonl` line 2: its hash is another",
            details: ["It was compared with the keystore, which knows record 3. Records up to 0 are signed.", "The public key is 8f1d0c"],
          }
        : {
            intact: true,
            message: "The log is intact: 3 records",
            details: ["It was compared with the keystore, which knows record 3. Records up to 3 are signed.", "The public key is 8f1d0c"],
          },
    exportAudit: async (_filter, form) => `/home/you/audit.${form}`,
    listProviders: async () => providers,
    showPlace: async (provider, host, purpose) => {
      const known = providers.find((one) => one.id === provider);
      const at = host || known?.usualHost;
      if (!at) throw { code: "invalidInput", message: `${known?.name} can be anywhere, and no address was given`, remedy: null };
      if (at.includes("forbidden")) {
        throw { code: "forbidden", message: `\`${at}\` is not one of the hosts that are allowed, says the policy of this machine`, remedy: "Ask it@acme.example" };
      }
      return {
        host: at,
        hasApplication: application,
        hasManagedApplication: application || managedApplication,
        registered: application ? "own" : null,
        registeredManaged: managedApplication ? "company" : null,
        access: accessOf(provider, at),
        registration: {
          page: `https://${at}/-/user_settings/applications`,
          steps: "Add an application, not confidential, with these scopes, and set the redirect URI",
          redirects: [`http://127.0.0.1/callback/${provider}`],
          scopes: purpose !== "read" ? ["READ", "WRITE"] : ["read_user", "read_api"],
          needsSecret: provider === "confluence-cloud" ? ["browser", "device"] : [],
        },
        service: known?.ways.includes("service")
          ? {
              page: `https://${at}/service-accounts`,
              steps: "Create a service account, and a credential for it with these scopes",
              redirects: [],
              scopes: purpose !== "read" ? ["READ", "WRITE"] : ["READ"],
              needsSecret: ["service"],
            }
          : null,
        tokens: provider === "git-server" ? [{ kind: "password", name: "Password", user: "the user name", tried: "a repository there", page: `https://${at}` }] : [
          {
            kind: provider === "confluence-cloud" ? "api_token" : "personal_access_token",
            name: provider === "confluence-cloud" ? "API token" : "Personal access token",
            user: provider === "confluence-cloud" ? "the email address of your Atlassian account" : null,
            tried: null,
            page: `https://${at}/tokens`,
          },
        ],
      };
    },
    registerApplication: async (given) => {
      if (given.clientId.includes(" ")) throw { code: "invalidInput", message: "That is not the id of an application", remedy: null };
      if (given.mode === "managed") managedApplication = true;
      else application = true;
    },
    unregisterApplication: async (_provider, _host, mode) => {
      if (mode === "managed") managedApplication = false;
      else application = false;
    },
    signIn: async (request, progress) => {
      const given = new Promise<void>((resolve, reject) => {
        giveUp = () => reject({ code: "signedOut", message: "The sign-in was cancelled", remedy: "Nothing was changed" });
        void (options.allowed ?? Promise.resolve()).then(resolve);
      });
      if (request.way === "browser") progress({ at: "browser", page: null });
      if (request.way === "device") progress({ at: "code", code: "WDJB-MJHT", page: "https://github.com/login/device", minutes: 15 });
      await given;
      giveUp = null;
      progress({ at: "checking" });
      if (request.provider === "git-server" && request.token?.repository) hosts.letIn(`${request.host}/${request.token.repository}`);
      if (request.token?.token === "wrong") throw { code: "signedOut", message: "The token is not accepted", remedy: "Make another one" };
      const known = accounts.find((one) => one.id === request.again);
      const made = known
        ? account(known.id, known.provider, known.user, "ok")
        : account(String(accounts.length), request.provider, "ada", "ok", {
            way: request.way,
            ...(request.way === "service" ? { user: "publisher", access: "service" } : {}),
            purpose: request.purpose,
            mode: request.mode ?? accessOf(request.provider, "").mode,
            isManaged: (request.mode ?? accessOf(request.provider, "").mode) === "managed",
          });
      accounts = known ? accounts.map((one) => (one.id === made.id ? made : one)) : [...accounts, made];
      return { account: made, missing: request.purpose !== "read" ? ["write:page:confluence"] : [], isKnown: known !== undefined };
    },
    openSignInPage: async () => undefined,
    copySignInCode: async () => undefined,
    listAccounts: async () => accounts,
    checkHealth: async (id) => {
      accounts = accounts.map((one) => (id === null || one.id === id ? account(one.id, one.provider, one.user, one.health?.state ?? "ok", { ends: one.ends, isUsedFirst: one.isUsedFirst }) : one));
      return accounts;
    },
    showVault: async () => ({
      chosen: place,
      places: [
        { place: "keystore", name: "system's keystore", forbidden: null },
        { place: "passphrase", name: "passphrase vault", forbidden: null },
        { place: "session", name: "memory of this session", forbidden: options.policy ? "Tokens may not be kept in the place `session`, says the policy of this machine" : null },
      ],
      isUsable: options.keystore !== false && !locked,
      canUnlock: locked,
      message: locked ? "The passphrase vault is locked." : options.keystore === false ? "There is no Secret Service on this desktop." : `Tokens are kept in the ${place}.`,
      remedy: options.keystore === false ? "Install gnome-keyring; or choose another place for tokens." : null,
      lockAfterMinutes: 10,
      leftBehind: [],
    }),
    chooseVault: async (wanted) => {
      if (options.keystore === false && !wanted.leaveBehind) throw { code: "vaultUnavailable", message: "What is kept in the place chosen so far cannot be read", remedy: "Leave it behind, where nothing is deleted" };
      if (wanted.passphrase !== null && wanted.passphrase.length < 12) throw { code: "invalidInput", message: "The passphrase is too short", remedy: "Choose a longer one" };
      place = wanted.place;
      calls.get("accounts-changed")?.();
      return { sentences: [`Tokens are kept in the ${place} from now on.`, "3 secrets were moved."], isLeft: false };
    },
    lockVault: async () => {
      locked = true;
      calls.get("accounts-changed")?.();
      return accounts;
    },
    unlockVault: async (passphrase) => {
      if (passphrase !== "open sesame") throw { code: "invalidInput", message: "That is not the passphrase of the vault", remedy: "Try again" };
      locked = false;
      accounts = accounts.map((one) => account(one.id, one.provider, one.user, "ok"));
      calls.get("accounts-changed")?.();
      return accounts;
    },
    signOut: async (id) => {
      accounts = accounts.filter((one) => one.id !== id);
      return { message: "The access is gone here and useless everywhere.", page: null };
    },
    listChoices: async () => {
      const bases = [...new Set(accounts.map((one) => one.base))];
      return bases.flatMap((base) => {
        const able = accounts.filter((one) => one.base === base);
        const [first] = able;
        if (!first || able.length < 2) return [];
        const usual = able.find((one) => one.isUsedFirst) ?? first;
        const choice = (name: string | null) => {
          const own = able.find((one) => one.id === chosen.get(`${base} ${name}`));
          return { provider: first.provider, base, place: base.replace("https://", ""), name, able: able.map(({ id, user }) => ({ id, user, access: null })), used: (own ?? usual).id, isChosen: own !== undefined };
        };
        const names = [...chosen.keys(), ...(options.reach ?? []).map((one) => `${one.base} ${one.name}`)].filter((key) => key.startsWith(`${base} `)).map((key) => key.slice(base.length + 1));
        return [choice(null), ...[...new Set(names)].sort().map(choice)];
      });
    },
    chooseAccount: async (_provider, base, name, id) => {
      if (name === null) accounts = accounts.map((one) => (one.base === base ? { ...one, isUsedFirst: one.id === id } : one));
      else if (name.includes(" ")) throw { code: "invalidInput", message: `\`${name}\` is not a repository of GitLab`, remedy: "Give it as `owner/name`" };
      else if (id === null) chosen.delete(`${base} ${name}`);
      else chosen.set(`${base} ${name}`, id);
    },
    showUsed: async (siteUrl, spaceKey, visit) => {
      const of = (one: AccountView | undefined) => one && { user: one.user, host: one.host, mode: one.mode, isOneOfSeveral: accounts.filter(({ base }) => base === one.base).length > 1 };
      const site = accounts.filter((one) => siteUrl !== null && one.sites.includes(siteUrl));
      const own = site.find((one) => chosen.get(`${one.base} ${spaceKey}`) === one.id);
      return {
        publishes: of(own ?? site.find((one) => one.isUsedFirst)) ?? null,
        reads: visit === null ? null : (of(accounts.find((one) => one.provider === "gitlab" && one.isUsedFirst)) ?? null),
      };
    },
    showPolicy: async () => ({
      isThere: options.policy ?? false,
      path: "/etc/tributary/policy.json",
      sentences: options.policy ? ["github: only at git.acme.com", "every provider: tokens live 30 days at most"] : [],
    }),
    showMode: async (provider, host) => accessOf(provider, host ?? ""),
    lookAtMode: async (provider, host, mode) => {
      const here = accounts.filter((one) => one.provider === provider);
      const used = here.filter((one) => one.mode === mode);
      const leaving = here.filter((one) => one.mode !== mode);
      if (used.length === 0) {
        throw { code: "signedOut", message: `Nobody is signed in for ${modeNames[mode]} of \`${host}\` yet`, remedy: "Nothing was changed. Sign in first" };
      }
      switching = { provider, mode, leaving };
      shown += 1;
      return { id: String(shown), reach: options.reach ?? [], used, leaving };
    },
    changeMode: async (id, despite) => {
      const lost = options.reach?.some((one) => one.trouble !== null) ?? false;
      if (switching === null || id !== String(shown) || (lost && !despite)) throw { code: "conflict", message: "What was shown is no longer known", remedy: "Look at it again" };
      const { provider, mode, leaving } = switching;
      switching = null;
      modes.set(provider, mode);
      accounts = accounts.filter((one) => !leaving.includes(one));
      return leaving.map((who) => ({ who, isGone: true, became: { message: "The access is gone here and useless everywhere.", page: null } }));
    },
    lookAtMove: async () => {
      handing = options.reach ?? [];
      shown += 1;
      return { id: String(shown), reach: handing };
    },
    moveConsent: async (id, chosen) => {
      if (id !== String(shown)) throw { code: "conflict", message: "What was shown is no longer known", remedy: "Look at it again" };
      return handing.filter((one, number) => one.trouble === null && chosen.includes(number)).map((one) => one.name);
    },
    cancel: async (operation) => {
      if (operation === "sign-in") giveUp?.();
      else cancelled = true;
    },
    onChange: async (event, call) => {
      const before = calls.get(event);
      calls.set(event, () => {
        before?.();
        call();
      });
      return () => undefined;
    },
  };
  return backend;
}
