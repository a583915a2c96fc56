/** What the screens ask of the core. The generated bindings are the truth about the types. */
import type {
  AccessView,
  AccountView,
  AgainView,
  AppearanceView,
  AskingView,
  AuditFilterView,
  AuditFormView,
  AuditVerificationView,
  AuditView,
  BackgroundView,
  BehindView,
  BlameView,
  ChoiceView,
  CodeThemesView,
  CheckedLinksView,
  CodeThemeView,
  CommitView,
  ChangesView,
  ComparisonView,
  ConsentMoveView,
  DiffLineView,
  DoctorStepView,
  FileView,
  FolderView,
  FoundView,
  GitHostView,
  HistoryView,
  KeptElsewhereView,
  LeftView,
  LogView,
  LinesView,
  MenuGroupView,
  ModeSwitchView,
  ModeView,
  NetworkView,
  NewApplication,
  NewNetwork,
  NewSignIn,
  NewSite,
  NewUpdates,
  OccurrencesView,
  NewVault,
  PdfPageView,
  PageRefView,
  PastReportView,
  PageView,
  SceneView,
  PageLookView,
  PictureView,
  PlaceView,
  PlanView,
  PolicyView,
  PublicationTargetView,
  PublishedView,
  ProgressView,
  ProviderView,
  PublishRequestView,
  PurposeView,
  ReferencesView,
  RefKindView,
  ReportView,
  SavedView,
  SavingView,
  RepositoriesView,
  RepositoryView,
  SettingsView,
  SignedInView,
  SignedOutView,
  SignInProgressView,
  SiteView,
  SourcePlaceView,
  SourceView,
  SpaceView,
  StandingView,
  StartView,
  StorageView,
  StoredKindView,
  TakenEditView,
  TargetsView,
  ThemeView,
  UpdatesView,
  UsedView,
  VisitedView,
  VisitView,
  VaultView,
  WantedView,
} from "./bindings";

export type * from "./bindings";

export type OnProgress = (progress: ProgressView) => void;
/** What ends in `-wanted` by a screen or the palette is not asked again: the tray wants it in front. */
export type ChangeEvent = "folder-changed" | "files-changed" | "visit-changed" | "sites-changed" | "publication-changed" | "accounts-changed" | "accounts-wanted" | "publications-wanted" | "settings-wanted" | "palette-wanted" | "command-wanted" | "rest-wanted" | "scene-wanted" | "link-wanted" | "link-dropped" | "colors-known" | "drawing-changed" | "update-found" | "trouble-found" | "appearance-changed";

export interface Backend {
  startState(): Promise<StartView>;
  setTheme(theme: ThemeView): Promise<void>;
  showAppearance(): Promise<AppearanceView>;
  /** Ends this page, which nobody sees; the next begins there. */
  rest(scene: SceneView): Promise<void>;
  /** Ends the program, and not only the window. */
  quit(): Promise<void>;
  /** Closes the window, which may leave the program in the tray. */
  closeWindow(): Promise<void>;
  openLink(url: string): Promise<void>;
  /** What the bar of menus at the top of the screen says, where the system has one. */
  tellMenu(groups: MenuGroupView[]): Promise<void>;
  /** What was chosen there and not carried out yet; `command-wanted` says when something was. */
  takeCommand(): Promise<string | null>;
  chooseFolder(): Promise<string | null>;
  openFolder(path: string): Promise<RepositoryView>;
  openSample(): Promise<RepositoryView>;
  listFiles(): Promise<FileView[]>;
  /** Without an id, of the opened folder. `colors-known` says when guessed colors are known. */
  showFile(id: string | null, path: string, codeTheme: CodeThemeView, first: number, count: number): Promise<SourceView>;
  /** Without an id, of the opened folder. Of a PDF a page, counted from 0, as wide as so many pixels. */
  showPdfPage(id: string | null, path: string, page: number, width: number): Promise<PdfPageView>;
  /** Without an id, of the opened folder. */
  findInFile(id: string | null, path: string, words: string): Promise<OccurrencesView>;
  /** Without an id, of the opened folder. Nothing for what has no such look. */
  showPage(id: string | null, path: string, look: PageLookView): Promise<PageView | null>;
  /** Of other servers, which learn of it; that somebody allowed it is recorded, once for all of them. */
  fetchPictures(addresses: string[]): Promise<PictureView[]>;
  /** Without an id, of the opened folder. Where to is asked in the system's dialog; nothing when nothing was
   * chosen, or when `save` was cancelled. */
  saveFile(id: string | null, path: string, progress: (now: SavingView) => void): Promise<SavedView | null>;
  listHosts(): Promise<GitHostView[]>;
  /** Those whose names have a text in them. */
  listRepositories(account: string, search: string): Promise<RepositoriesView>;
  listVisited(): Promise<VisitedView[]>;
  /** Of a link, a repository or a folder; with a ref, that in place of what the address shows. */
  openVisit(address: string, reference: string | null): Promise<VisitView>;
  closeVisit(): Promise<void>;
  /** What a link from elsewhere names that nobody has opened yet; `link-wanted` says when one came. */
  showWanted(): Promise<WantedView | null>;
  /** At a host that nobody was at before, only `agreed`. */
  openWanted(id: string, agreed: boolean): Promise<VisitView>;
  dismissWanted(id: string): Promise<void>;
  /** The link that was dropped on a rendered page; `link-dropped` says when one was. */
  takeDropped(): Promise<string | null>;
  lookForNewer(id: string): Promise<CommitView | null>;
  listReferences(id: string, kind: RefKindView, beginning: string): Promise<ReferencesView>;
  listFolder(id: string, folder: string): Promise<FolderView>;
  findPaths(id: string, words: string): Promise<FoundView>;
  showHistory(id: string, path: string, most: number): Promise<HistoryView>;
  /** With which commit each line of a file came. */
  showBlame(id: string | null, path: string): Promise<BlameView>;
  /** The files of a folder that differ from a branch, tag or commit. */
  listChanges(id: string, folder: string, reference: string): Promise<ChangesView>;
  /** With a branch, tag or commit. */
  compareFile(id: string, path: string, reference: string): Promise<ComparisonView>;
  makePermalink(id: string, path: string, lines: LinesView | null): Promise<string | null>;
  countBehind(planId: string): Promise<BehindView[]>;
  listSites(): Promise<SiteView[]>;
  connectSite(site: NewSite): Promise<SiteView>;
  startSandbox(): Promise<SiteView>;
  listSpaces(siteUrl: string): Promise<SpaceView[]>;
  listPages(siteUrl: string, spaceKey: string): Promise<PageRefView[]>;
  /** Of the opened folder, or of what is opened at a commit. */
  listTargets(visit: string | null): Promise<TargetsView>;
  planPublish(request: PublishRequestView, progress: OnProgress): Promise<PlanView>;
  stepDiff(planId: string, index: number): Promise<DiffLineView[]>;
  /** Of a remembered publication some sources, wherever they are; nothing is opened for it. */
  planPublication(part: AgainView, progress: OnProgress): Promise<PlanView>;
  /** What somebody changed on the page of a step; nothing where that cannot be told any more. */
  showEdit(planId: string, index: number): Promise<DiffLineView[] | null>;
  /** What that edit makes of the source; changes nothing. */
  lookAtPull(planId: string, index: number): Promise<TakenEditView>;
  /** Of what was looked at last, on a new branch; gives the commit. */
  commitPull(id: string, branch: string): Promise<string>;
  /** To a file that is chosen in a dialog; gives its path. */
  savePull(id: string, branch: string): Promise<string | null>;
  applyPlan(planId: string, digest: string, progress: OnProgress): Promise<ReportView>;
  publishAgain(progress: OnProgress): Promise<ReportView>;
  /** The last publishes to a site whose reports are kept, the last first. */
  listReports(siteUrl: string): Promise<PastReportView[]>;
  /** What taking one of them back would do; changes nothing. */
  planTakingBack(id: string, progress: OnProgress): Promise<PlanView>;
  /** Within the site; `spaces` are those that the pages are in. */
  checkLinks(siteUrl: string, spaces: string[], pages: string[]): Promise<CheckedLinksView>;
  listPublished(siteUrl: string, everywhere: boolean): Promise<PublishedView>;
  /** Of the pages that were listed last those from one repository. */
  comparePublished(siteUrl: string, repository: string): Promise<StandingView[]>;
  findPublishedSource(repository: string): Promise<SourcePlaceView>;
  findPublication(id: string): Promise<PublicationTargetView>;
  /** One that is pinned may be published by itself when something of it changed. */
  pinPublication(id: string, pinned: boolean, keptUp: boolean): Promise<void>;
  changeSettings(settings: SettingsView): Promise<void>;
  showNetwork(): Promise<NetworkView>;
  /** A password goes one way only. */
  changeNetwork(network: NewNetwork, password: string | null): Promise<NetworkView>;
  /** The path of a file; null where none was chosen. */
  chooseCertificate(): Promise<string | null>;
  keepCertificate(server: string, file: string, passphrase: string | null): Promise<NetworkView>;
  forgetCertificate(server: string): Promise<NetworkView>;
  /** Reads a person's own anew. */
  listCodeThemes(): Promise<CodeThemesView>;
  changeCrashReports(wanted: boolean): Promise<void>;
  changeLog(wanted: LogView): Promise<void>;
  /** None for an empty address. */
  changeDiagramServer(address: string): Promise<NetworkView>;
  /** Where the program keeps what, and how much room what can be made again takes. */
  showStorage(): Promise<StorageView>;
  /** But for what may be in use. */
  clearCache(): Promise<StorageView>;
  openStored(what: StoredKindView): Promise<void>;
  /** To how they came. Accounts, publications and certificates stay. */
  resetSettings(): Promise<void>;
  /** Without an address, this machine and every server that is used. */
  runDoctor(address: string | null, progress: (step: DoctorStepView) => void): Promise<void>;
  /** What somebody who helps wants to know, without secrets. */
  showDiagnostics(): Promise<string>;
  /** What was opened and published, but for what is pinned. */
  forgetPast(): Promise<void>;
  /** Asks nobody. */
  showUpdates(): Promise<UpdatesView>;
  changeUpdates(updates: NewUpdates): Promise<UpdatesView>;
  lookForUpdate(): Promise<UpdatesView>;
  /** The next start is the newer version. */
  installUpdate(): Promise<UpdatesView>;
  showBackground(): Promise<BackgroundView>;
  /** Gives what is in force then. */
  changeBackground(background: BackgroundView): Promise<BackgroundView>;
  cancel(operation: "plan" | "publish" | "save" | "sign-in"): Promise<void>;
  listAudit(filter: AuditFilterView, most: number): Promise<AuditView>;
  verifyAudit(): Promise<AuditVerificationView>;
  exportAudit(filter: AuditFilterView, form: AuditFormView): Promise<string | null>;
  listProviders(): Promise<ProviderView[]>;
  showPlace(provider: string, host: string | null, purpose: PurposeView): Promise<PlaceView>;
  registerApplication(application: NewApplication): Promise<void>;
  unregisterApplication(provider: string, host: string | null, mode: ModeView): Promise<void>;
  signIn(request: NewSignIn, progress: (now: SignInProgressView) => void): Promise<SignedInView>;
  openSignInPage(): Promise<void>;
  copySignInCode(): Promise<void>;
  listAccounts(): Promise<AccountView[]>;
  /** Of one account, or of all. */
  checkHealth(id: string | null): Promise<AccountView[]>;
  /** `again` asks a keystore once more that could not be used. */
  showVault(again: boolean): Promise<VaultView>;
  chooseVault(wanted: NewVault): Promise<KeptElsewhereView>;
  lockVault(): Promise<AccountView[]>;
  /** Gives the accounts as they are then. */
  unlockVault(passphrase: string): Promise<AccountView[]>;
  signOut(id: string): Promise<SignedOutView>;
  /** Where several accounts could be used, and which is. */
  listChoices(): Promise<ChoiceView[]>;
  /** Without an account, whichever is used where nobody chose. */
  chooseAccount(provider: string, base: string, name: string | null, id: string | null): Promise<void>;
  /** Whose access publishing to a space uses, and reading what is opened at a commit. */
  showUsed(siteUrl: string | null, spaceKey: string, visit: string | null): Promise<UsedView>;
  showPolicy(): Promise<PolicyView>;
  showMode(provider: string, host: string | null): Promise<AccessView>;
  lookAtMode(provider: string, host: string | null, mode: ModeView): Promise<ModeSwitchView>;
  /** Of what was shown last; `despite` accepts what cannot be read any more. */
  changeMode(id: string, despite: boolean): Promise<LeftView[]>;
  lookAtMove(from: string, to: string): Promise<ConsentMoveView>;
  /** Of what was shown last, by its numbers there; gives the names of what was handed over. */
  moveConsent(id: string, chosen: number[]): Promise<string[]>;
  /** Calls back when something changed elsewhere; gives the way to stop. */
  onChange(event: ChangeEvent, call: () => void): Promise<() => void>;
}

/** What an error says, and the code where the window acts on it. */
export interface Words {
  message: string;
  remedy: string | null;
  code: string | null;
  /** The Git server that asks who somebody is, where it is known which. */
  asking?: AskingView | null;
}

/** The words of an error, whatever was thrown. */
export function wordsOf(error: unknown): Words {
  if (typeof error === "object" && error !== null && "message" in error) {
    const message = String(error.message);
    const remedy = "remedy" in error && typeof error.remedy === "string" ? error.remedy : null;
    const code = "code" in error && typeof error.code === "string" ? error.code : null;
    const asking = "asking" in error && error.asking !== null ? (error.asking as AskingView) : null;
    return { message, remedy, code, asking };
  }
  return { message: String(error), remedy: null, code: null };
}
