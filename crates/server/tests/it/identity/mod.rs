//! Accounts, sessions, roles, policies, settings, projects and sheets: the real application behind the real gate.

mod audit;
mod first_admin;
mod groups;
mod login;
mod policies;
mod projects;
mod roles;
mod second_factor;
mod service_accounts;
mod sessions;
mod settings;
mod sheets;
mod strangers;
mod throttle;
mod users;
mod world;
