//! Every command the window may call, by file. `permissions/app.toml` names each of them too.

#[expect(
    clippy::let_underscore_must_use,
    clippy::needless_pass_by_value,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod accounts;
#[expect(
    clippy::let_underscore_must_use,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod after;
#[expect(
    clippy::let_underscore_must_use,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod audit;
#[expect(
    clippy::let_underscore_must_use,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod background;
#[expect(
    clippy::let_underscore_must_use,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod choices;
#[expect(
    clippy::let_underscore_must_use,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod compared;
#[expect(
    clippy::let_underscore_must_use,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod edits;
#[expect(
    clippy::let_underscore_must_use,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod files;
#[expect(
    clippy::let_underscore_must_use,
    clippy::needless_pass_by_value,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod hosts;
#[expect(
    clippy::let_underscore_must_use,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod menu;
#[expect(
    clippy::let_underscore_must_use,
    clippy::needless_pass_by_value,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod network;
#[expect(
    clippy::let_underscore_must_use,
    clippy::needless_pass_by_value,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod opening;
#[expect(
    clippy::let_underscore_must_use,
    clippy::needless_pass_by_value,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod publish;
#[expect(
    clippy::let_underscore_must_use,
    clippy::needless_pass_by_value,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod published;
#[expect(
    clippy::let_underscore_must_use,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod repository;
#[expect(
    clippy::let_underscore_must_use,
    clippy::needless_pass_by_value,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod settings;
#[expect(
    clippy::let_underscore_must_use,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod sites;
#[expect(
    clippy::let_underscore_must_use,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod storage;
#[expect(
    clippy::let_underscore_must_use,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod targets;
#[expect(
    clippy::let_underscore_must_use,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod updates;
#[expect(
    clippy::let_underscore_must_use,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod vault;
#[expect(
    clippy::let_underscore_must_use,
    clippy::needless_pass_by_value,
    reason = "commands are shaped by the macro"
)]
pub(crate) mod window;

use tauri::Wry;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};

/// The commands with their types, for the handler and for the generated bindings.
pub(crate) fn builder() -> Builder<Wry> {
    Builder::<Wry>::new()
        .error_handling(ErrorHandlingMode::Throw)
        .disable_serde_phases()
        .commands(collect_commands![
            window::start_state,
            window::set_theme,
            window::show_appearance,
            window::rest,
            window::quit,
            window::close_window,
            window::open_link,
            menu::tell_menu,
            menu::take_command,
            repository::choose_folder,
            repository::open_folder,
            repository::open_sample,
            repository::list_files,
            files::show_file,
            files::show_pdf_page,
            files::find_in_file,
            files::show_page,
            files::save_file,
            files::fetch_pictures,
            hosts::list_hosts,
            hosts::list_repositories,
            hosts::list_visited,
            hosts::open_visit,
            hosts::close_visit,
            hosts::look_for_newer,
            hosts::list_references,
            hosts::list_folder,
            hosts::find_paths,
            hosts::show_history,
            hosts::show_blame,
            compared::compare_file,
            compared::list_changes,
            hosts::make_permalink,
            hosts::count_behind,
            sites::list_sites,
            sites::connect_site,
            sites::start_sandbox,
            sites::list_spaces,
            sites::list_pages,
            targets::list_targets,
            publish::plan_publish,
            publish::plan_publication,
            publish::step_diff,
            edits::show_edit,
            edits::look_at_pull,
            edits::commit_pull,
            edits::save_pull,
            publish::apply_plan,
            publish::publish_again,
            after::list_reports,
            after::plan_taking_back,
            after::check_links,
            publish::cancel,
            published::list_published,
            published::compare_published,
            published::find_published_source,
            published::find_publication,
            published::pin_publication,
            opening::show_wanted,
            opening::open_wanted,
            opening::dismiss_wanted,
            opening::take_dropped,
            settings::change_settings,
            settings::list_code_themes,
            settings::forget_past,
            settings::reset_settings,
            network::show_network,
            network::change_network,
            network::choose_certificate,
            network::keep_certificate,
            network::forget_certificate,
            network::change_crash_reports,
            network::change_log,
            network::change_diagram_server,
            storage::show_storage,
            storage::clear_cache,
            storage::open_stored,
            network::run_doctor,
            network::show_diagnostics,
            updates::show_updates,
            updates::change_updates,
            updates::look_for_update,
            updates::install_update,
            background::show_background,
            background::change_background,
            audit::list_audit,
            audit::verify_audit,
            audit::export_audit,
            accounts::list_providers,
            accounts::show_place,
            accounts::register_application,
            accounts::unregister_application,
            accounts::sign_in,
            accounts::open_sign_in_page,
            accounts::copy_sign_in_code,
            accounts::list_accounts,
            accounts::check_health,
            accounts::sign_out,
            choices::list_choices,
            choices::choose_account,
            choices::show_used,
            accounts::show_policy,
            accounts::show_mode,
            accounts::look_at_mode,
            accounts::change_mode,
            accounts::look_at_move,
            accounts::move_consent,
            vault::show_vault,
            vault::choose_vault,
            vault::unlock_vault,
            vault::lock_vault,
        ])
}
