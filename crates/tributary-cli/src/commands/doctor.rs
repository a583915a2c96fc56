//! `tributary doctor`: what is missing on this machine, which step to a server fails, and how to
//! mend it.

use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use serde_json::{Value, json};
use tributary::Error;
use tributary::account::{Named, Policy, site_settings};
use tributary::doctor::{self, Check, Expected, Machine, State, Step};
use tributary::http::Http;
use tributary::settings::SiteSettings;
use tributary::store::Paths;
use url::Url;

use super::{accounts, blocking, network, vault};
use crate::output::{Exit, Output};

/// What to look at.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Do not ask any server
    #[arg(long)]
    pub offline: bool,
    /// Go the way to this address alone, whoever is signed in where; may be given several times
    #[arg(long, value_name = "URL", conflicts_with = "offline")]
    pub url: Vec<String>,
    /// Print what somebody who helps wants to know, as a text without secrets
    #[arg(long)]
    pub diagnostics: bool,
}

/// What was found, told as it is found.
struct Findings<'o> {
    output: &'o Output,
    is_quiet: bool,
    exit: Exit,
    subject: Option<String>,
    steps: Vec<Step>,
}

impl Findings<'_> {
    fn take(&mut self, step: Step) {
        self.exit = self.exit.or_worse(exit_of(&step));
        if !self.is_quiet {
            self.say(&step);
        }
        self.steps.push(step);
    }

    fn say(&mut self, step: &Step) {
        if self.subject != step.subject {
            if let Some(subject) = &step.subject {
                self.output.say(&format!("\n{subject}"));
            }
            self.subject.clone_from(&step.subject);
        }
        let sign = match step.state {
            State::Fine => "ok",
            State::Notice => "note",
            State::Failed(_) => "failed",
        };
        let what = step.check.in_words();
        self.output
            .say(&format!("{sign:<8} {what}: {}", step.message));
        if let Some(remedy) = &step.remedy {
            self.output
                .say(&format!("         {}", remedy.for_command()));
        }
    }
}

/// What a step that failed leads to.
fn exit_of(step: &Step) -> Exit {
    let State::Failed(kind) = step.state else {
        return Exit::Done;
    };
    match step.check {
        Check::Settings | Check::Policy | Check::Network => Exit::Usage,
        // Nobody is signed out by what is missing here.
        Check::Keystore | Check::Clock => Exit::Attention,
        _ => Exit::of(kind),
    }
}

/// Carries the command out.
pub(crate) async fn run(options: &Options, output: &Output) -> Result<Exit, Error> {
    let mut findings = Findings {
        output,
        is_quiet: options.diagnostics,
        exit: Exit::Done,
        subject: None,
        steps: Vec::new(),
    };
    let paths = Paths::of_user()?;
    let here = paths.clone();
    let machine = blocking(move || {
        Ok(doctor::machine(&here, &Policy::of_machine, &|| {
            Ok(vault::open()?.1)
        }))
    })
    .await?;
    for step in &machine.steps {
        findings.take(step.clone());
    }
    let machine = Arc::new(machine);
    let mut has_servers = true;
    if !options.offline {
        let http = client(&machine, &mut findings).await?;
        has_servers = match options.url.is_empty() {
            true => ask_all(&http, &machine, &paths, &mut findings).await?,
            false => {
                for url in &options.url {
                    go(
                        &http,
                        &doctor::address(url)?,
                        Expected::Anything,
                        &mut findings,
                    )
                    .await;
                }
                true
            }
        };
    }
    let none = "none connected; connect one with `tributary login confluence --host URL`";
    if options.diagnostics {
        let text = doctor::diagnostics(&machine.settings, &findings.steps, &[]);
        output.result(text.as_bytes())?;
        return Ok(findings.exit);
    }
    if !has_servers {
        output.say(&format!("ok       Sites: {none}"));
    }
    output.say(&format!("\n{}", in_short(&findings.steps)));
    if output.is_json() {
        let mut list: Vec<Value> = findings.steps.iter().map(as_json).collect();
        if !has_servers {
            list.push(json!({"what": "Sites", "ok": true, "message": none, "remedy": null}));
        }
        output.json(&json!({"schema": "tributary.doctor/1", "findings": list}))?;
    }
    Ok(findings.exit)
}

/// How all of it went, in a sentence.
fn in_short(steps: &[Step]) -> String {
    let count = |is: fn(&State) -> bool| steps.iter().filter(|step| is(&step.state)).count();
    let failed = count(|state| matches!(state, State::Failed(_)));
    let notes = count(|state| matches!(state, State::Notice));
    let ended = match failed {
        0 => "Everything works.".to_owned(),
        1 => "One step failed.".to_owned(),
        _ => format!("{failed} steps failed."),
    };
    match notes {
        0 => ended,
        1 => format!("{ended} One note."),
        _ => format!("{ended} {notes} notes."),
    }
}

fn as_json(step: &Step) -> Value {
    json!({
        "what": step.check.in_words().as_str(),
        "step": step.check.name(),
        "subject": step.subject,
        "ok": step.is_fine(),
        "state": match step.state {
            State::Fine => "ok",
            State::Notice => "notice",
            State::Failed(_) => "failed",
        },
        "message": step.message.as_str(),
        "remedy": step.remedy.as_ref().map(|remedy| remedy.for_command()),
    })
}

/// The client over the network in force; over the system's where that cannot be used.
async fn client(machine: &Arc<Machine>, findings: &mut Findings<'_>) -> Result<Http, Error> {
    let read = Arc::clone(machine);
    let network = blocking(move || {
        let policy = read.policy.clone().unwrap_or_default();
        network::in_force(&read.settings, &policy)
    });
    match network.await {
        Ok(network) => Arc::new(network).use_from_now(),
        Err(error) => findings.take(Step::of_error(Check::Network, &error)),
    }
    Http::new()
}

async fn go(http: &Http, url: &Url, expected: Expected, findings: &mut Findings<'_>) -> bool {
    let found = Mutex::new(findings);
    doctor::server(http, url, expected, &mut |step| {
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        found.take(step);
    })
    .await
}

/// Goes to every site and host that somebody is signed in to or connected; says whether there are
/// any.
async fn ask_all(
    http: &Http,
    machine: &Machine,
    paths: &Paths,
    findings: &mut Findings<'_>,
) -> Result<bool, Error> {
    let mut sites: Vec<SiteSettings> = machine.settings.sites.clone();
    let known = match tributary::account::known(paths) {
        Ok(known) => known,
        Err(error) => {
            findings.take(Step::of_error(Check::SignIn, &error));
            Vec::new()
        }
    };
    for account in &known {
        for site in &account.sites {
            let site = site_settings(account, site);
            if !sites.iter().any(|listed| listed.url == site.url) {
                sites.push(site);
            }
        }
    }
    for site in &sites {
        if !go(http, &site.url, Expected::Confluence(site.flavor), findings).await {
            continue;
        }
        let mut steps = Vec::new();
        match accounts::credential_for(site, Named::ByPerson, None, None, true).await {
            Ok((credential, site)) => {
                doctor::site(http, &site, credential, &mut |step| steps.push(step)).await;
            }
            Err(error) => {
                let step = Step::of_error(Check::SignIn, &error);
                steps.push(step.about(site.url.as_str()));
            }
        }
        steps.into_iter().for_each(|step| findings.take(step));
    }
    let mut asked: Vec<&str> = Vec::new();
    let hosts: Vec<_> = known
        .iter()
        .filter(|account| account.sites.is_empty())
        .collect();
    for account in &hosts {
        let base = account.base.as_str();
        let url = doctor::address(base)?;
        if !asked.contains(&base) && !go(http, &url, Expected::Anything, findings).await {
            continue;
        }
        asked.push(base);
        let mut steps = Vec::new();
        match accounts::open().await {
            Ok(accounts) => {
                doctor::account(&accounts, account, &mut |step| steps.push(step)).await;
            }
            Err(error) => steps.push(Step::of_error(Check::SignIn, &error).about(base)),
        }
        steps.into_iter().for_each(|step| findings.take(step));
    }
    Ok(!sites.is_empty() || !hosts.is_empty())
}
