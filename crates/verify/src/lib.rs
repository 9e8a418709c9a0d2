//! A real PostgreSQL server as the judge of what is claimed about statements.
//!
//! [`server::find`] finds the installed versions, [`Cluster`] starts one for the time being, [`Scratch`] is a database on it,
//! [`observe()`] runs statements there and says what each locked, rewrote, scanned, built and refused, and [`compare()`] holds that
//! against a [`Claim`]. A [`Player`] runs whole migrations as their tool sends them. [`schema()`] tells whether two databases
//! ended up equal.

#![forbid(unsafe_code)]

#[cfg(unix)]
mod account;
pub mod address;
mod claim;
#[cfg(unix)]
pub mod cluster;
pub mod compare;
mod error;
pub mod facts;
mod gate;
pub mod lacking;
pub mod leftovers;
mod lock_mode;
mod look;
pub mod observe;
pub mod player;
pub mod reach;
pub mod routing;
pub mod schema;
pub mod scratch;
mod seed;
pub mod server;
mod session;
mod words;
mod work;

pub use address::Address;
#[cfg(unix)]
pub use cluster::Cluster;
pub use compare::{Claim, Mismatch, compare};
pub use error::Error;
pub use lock_mode::{LockMode, UnknownLockMode};
pub use observe::{Envelope, Observation, RelationKind, Run, SeenFailure, SeenLock, observe};
pub use player::Player;
pub use postgres;
pub use schema::{difference, schema};
pub use scratch::Scratch;
pub use seed::seed;
pub use server::Server;
pub use session::Sent;
