/** How servers are reached, without any. */
import type { Backend, DoctorStepView, NetworkView } from "./index";

export interface FakeNetwork {
  /** Whether an administrator chose the proxy. */
  policy?: boolean;
  /** Who draws what is not drawn here. */
  diagramServer?: string;
  /** What the doctor finds. */
  steps?: DoctorStepView[];
}

const found: DoctorStepView[] = [
  { subject: null, what: "Settings", state: "fine", message: "/home/you/.config/tributary/settings.toml", remedy: null },
  { subject: "https://wiki.acme.com/", what: "Proxy", state: "fine", message: "none, as the system says", remedy: null },
  { subject: "https://wiki.acme.com/", what: "Name", state: "fine", message: "`wiki.acme.com` is at 192.0.2.7", remedy: null },
];

type Part = Pick<Backend, "showNetwork" | "changeNetwork" | "chooseCertificate" | "keepCertificate" | "forgetCertificate" | "changeCrashReports" | "changeLog" | "changeDiagramServer" | "runDoctor" | "showDiagnostics">;

export function fakeNetwork(options: FakeNetwork = {}): Part {
  let now: NetworkView = {
    chosen: { proxy: options.policy ? "manual" : "system", address: options.policy ? "http://proxy.acme.com:8080/" : "", user: "", exceptions: [], caFiles: [] },
    isByPolicy: options.policy ?? false,
    certificateHosts: [],
    diagramServer: options.diagramServer ?? null,
    crashReports: false,
    crashFolder: "/home/you/.local/share/tributary/crashes",
    log: "errors",
    logFolder: "/home/you/.local/state/tributary/logs",
  };
  const refuse = (message: string, remedy: string): never => {
    throw { code: "invalidInput", message, remedy };
  };
  return {
    showNetwork: async () => now,
    changeNetwork: async (chosen) => {
      if (chosen.proxy === "manual" && !/^https?:/.test(chosen.address)) refuse("That is not the address of a proxy", "Give it like `http://proxy.example.com:8080`");
      if (chosen.proxy === "script" && !/^(https?:|\/)/.test(chosen.address)) refuse("That is not the address of a script that chooses the proxy", "Give it like `http://pac.example.com/proxy.pac`, or the whole path of a file");
      return (now = { ...now, chosen });
    },
    chooseCertificate: async () => "/home/you/certificates/ada.p12",
    keepCertificate: async (server, file, passphrase) => {
      if (passphrase === null && file.endsWith(".p12")) refuse("The client certificate cannot be used: it is behind a passphrase", "Give the passphrase too");
      return (now = { ...now, certificateHosts: [...now.certificateHosts, server] });
    },
    forgetCertificate: async (server) => (now = { ...now, certificateHosts: now.certificateHosts.filter((host) => host !== server) }),
    changeCrashReports: async (wanted) => {
      now = { ...now, crashReports: wanted };
    },
    changeLog: async (wanted) => {
      now = { ...now, log: wanted };
    },
    changeDiagramServer: async (address) => {
      if (address !== "" && !/^https?:/.test(address)) refuse("That is not the address of a server of diagrams", "Give it like `https://kroki.example.com`, without a user");
      return (now = { ...now, diagramServer: address === "" ? null : new URL(address).href });
    },
    runDoctor: async (_address, progress) => {
      for (const step of options.steps ?? found) {
        await Promise.resolve();
        progress(step);
      }
    },
    showDiagnostics: async () => "Tributary 0.1.0\nSystem: a plain browser\n",
  };
}
