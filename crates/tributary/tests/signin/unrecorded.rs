//! Nothing about an account changes while the audit log cannot be written.

use tributary::ErrorKind;
use tributary::account::{Accounts, HealthState, Mode, Way, keep_elsewhere};
use tributary::audit::Audit;
use tributary::vault::{Choice, Secret, Unreadable, Vaults};
use tributary_sandbox::signin::Server;

use crate::modes::{by_token, managed, published};
use crate::renewal::{pass, token};
use crate::sites::{TOKEN, cloud, new};
use crate::{World, kind, sign_in};

#[tokio::test(flavor = "multi_thread")]
async fn without_its_record_nobody_signs_in_or_out_and_nothing_is_renewed_or_switched() {
    let mut world = World::new().await;
    let alice = world.signed_in("gitlab").await;
    managed(&world, "bob").await;
    let bob = by_token(&world, "bob", Mode::Individual).await;
    let place = world.place("gitlab");
    published(&world, &alice, "acme/handbook");
    let handing_over = world.accounts.look_at_move(&alice, &bob, &|_| true).await;
    let handing_over = handing_over.expect("looked at");
    assert!(handing_over.reach[0].trouble.is_none(), "bob reads it");
    let service_place = world.place("confluence-data-center");
    let service_secret = Secret::new("service-secret".to_owned());
    let kept = world.accounts.register(
        &service_place,
        Mode::Individual,
        "service",
        Some(&service_secret),
    );
    kept.expect("kept");
    world.give_application("github");
    let switch = world.accounts.look_at_mode(&place, Mode::Managed).await;
    let switch = switch.expect("looked at");
    let personal = world.sandbox.control().accounts().issue_personal(
        Server::Gitlab,
        "bob",
        &["read_user", "read_api", "read_repository"],
        None,
    );
    let personal = Secret::new(personal.expect("a token"));
    // All but when it was used last.
    let known = |accounts: &Accounts| {
        let list = accounts.list().expect("readable").into_iter();
        let known = list.map(|one| (one.id, one.mode, one.access, one.scopes, one.signed_out));
        known.collect::<Vec<_>>()
    };
    let before = known(&world.accounts);
    let secrets = tributary::account::secret_names(&world.setup.paths).expect("readable");

    // A file is where the log's folder was, for a program that begins now.
    let (folder, aside) = (world.audit.folder(), world.home.path().join("aside"));
    std::fs::rename(folder, &aside).expect("ours");
    tributary::store::write_atomically(folder, b"in the way").expect("ours");
    let vault = Some(std::sync::Arc::clone(&world.setup.vault));
    world.setup.audit = Audit::open(&world.setup.paths, vault, world.time.clock());
    let accounts = world.another_process();
    let control = world.sandbox.control();
    control.clear_requests();
    let given = Way::Token {
        token: personal,
        kind: None,
        user: String::new(),
        ends: None,
    };
    for (id, way) in [
        ("gitlab", Way::Browser),
        ("gitlab", given),
        ("confluence-data-center", Way::Service),
        ("github", Way::Device),
    ] {
        let wish = world.wish(id, way);
        let refused = sign_in(&accounts, &world.browser, wish, "allow").await;
        assert_eq!(kind(refused), ErrorKind::Storage, "{id}");
    }
    let refused = accounts.connect(new(cloud(&world), TOKEN)).await;
    assert_eq!(kind(refused), ErrorKind::Storage, "a site by its token");
    let other = Secret::new("other-secret".to_owned());
    for secret in [None, Some(&other)] {
        let refused = accounts.register(&service_place, Mode::Individual, "other", secret);
        assert_eq!(kind(refused), ErrorKind::Storage, "it replaces one");
        let refused = accounts.register(&service_place, Mode::Managed, "new", secret);
        assert_eq!(kind(refused), ErrorKind::Storage, "it is the first");
    }
    let refused = accounts.unregister(&service_place, Mode::Individual);
    assert_eq!(kind(refused), ErrorKind::Storage);
    let registered = |mode| accounts.registered(&service_place, mode).expect("readable");
    assert_eq!(registered(Mode::Individual).as_deref(), Some("service"));
    assert_eq!(registered(Mode::Managed), None);
    let refused = accounts.move_consent(&handing_over).await;
    assert_eq!(kind(refused), ErrorKind::Storage);
    let vaults = Vaults::open(&world.setup.paths);
    let chosen = vaults.chosen();
    let passphrase = Secret::new("a passphrase of some length".to_owned());
    let refused = keep_elsewhere(
        &world.setup.paths,
        accounts.policy(),
        &vaults,
        &world.setup.audit,
        Choice::Passphrase(&passphrase),
        Unreadable::Refuse,
    );
    assert_eq!(kind(refused), ErrorKind::Storage);
    assert_eq!(vaults.chosen(), chosen, "another place for secrets");
    assert_eq!(kind(accounts.sign_out(&alice).await), ErrorKind::Storage);
    let refused = accounts.change_mode(&switch, true).await;
    assert_eq!(kind(refused), ErrorKind::Storage);
    let refused = accounts.choose("gitlab", &alice.base, None, Some(&alice));
    assert_eq!(kind(refused), ErrorKind::Storage);
    // Longer than an access token of this server is good for.
    pass(&world);
    pass(&world);
    assert_eq!(kind(token(&accounts, &alice).await), ErrorKind::Storage);
    let asked = control.requests();
    assert!(asked.is_empty(), "{asked:?}");
    assert_eq!(known(&accounts), before);
    let kept = tributary::account::secret_names(&world.setup.paths).expect("readable");
    assert_eq!(kept, secrets);
    for name in kept {
        let is_there = world.setup.vault.get(&name).expect("open").is_some();
        assert!(is_there, "{}", name.as_str());
    }
    let still = accounts.look_at_move(&alice, &bob, &|_| true).await;
    let still = still.expect("looked at");
    assert_eq!(still.reach, handing_over.reach, "it is alice's still");
    let already = accounts.look_at_mode(&place, Mode::Individual).await;
    assert_eq!(
        kind(already),
        ErrorKind::InvalidInput,
        "the mode is as it was"
    );

    // With the log in its place the same grant is renewed, which shows that nobody withdrew it.
    std::fs::remove_file(folder).expect("ours");
    std::fs::rename(&aside, folder).expect("ours");
    let accounts = world.another_process();
    token(&accounts, &alice).await.expect("it is renewed");
    assert!(!control.requests().is_empty(), "requests are counted");
    let health = accounts.check_health(&alice).await;
    assert_eq!(health.state, HealthState::Ok, "{}", health.message);
}
