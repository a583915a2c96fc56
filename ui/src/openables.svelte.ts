/** What the palette opens beside commands, settings and files. What hosts and sites say is asked when it is first looked for. */
import type { Backend, GitHostView, PublishedPageView, RepositoriesView, VisitedView } from "./backend";

type Listed = RepositoriesView["items"][number];

export class Openables {
  /** The published pages that were seen last. */
  pages = $state.raw<PublishedPageView[]>([]);
  /** The repositories that were opened before. */
  visited = $state.raw<VisitedView[]>([]);
  /** Those that the hosts list first, with the account each was listed for. */
  repositories = $state.raw<{ repository: Listed; host: GitHostView }[]>([]);

  readonly #backend: Backend;
  #areHostsAsked = false;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Finds out what there is; screens say what is wrong where something is, and everything else is found all the same. */
  look(): void {
    void this.#backend.listVisited().then((found) => (this.visited = found), () => undefined);
    void this.#lookForPages().catch(() => undefined);
    void this.#lookForRepositories().catch(() => (this.#areHostsAsked = false));
  }

  /** Has hosts asked anew: another account sees other repositories. */
  forgetHosts(): void {
    this.#areHostsAsked = false;
    this.repositories = [];
  }

  async #lookForPages(): Promise<void> {
    if (this.pages.length > 0) return;
    const sites = await this.#backend.listSites();
    const found = await Promise.all(sites.map(({ url }) => this.#backend.listPublished(url, false).then(({ pages }) => pages, () => [])));
    if (this.pages.length === 0) this.pages = found.flat();
  }

  async #lookForRepositories(): Promise<void> {
    if (this.#areHostsAsked) return;
    this.#areHostsAsked = true;
    const hosts = await this.#backend.listHosts();
    const found = await Promise.all(
      hosts.map((host) =>
        this.#backend.listRepositories(host.account, "").then(
          ({ items }) => items.map((repository) => ({ repository, host })),
          () => [],
        ),
      ),
    );
    if (this.#areHostsAsked) this.repositories = found.flat();
  }
}
