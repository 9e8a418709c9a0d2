//! Tests against every PostgreSQL server at hand: those of the machine, and those of `tests/servers` once `npm ci` has run there.
//!
//! Without a server they say so and pass, unless `LOCKKEEPER_REQUIRE_SERVERS` lists majors (`13,14,15`) that must be there.

mod known_truth;
mod lifecycle;
mod scripts;
mod secured;
mod servers;
mod waiting;
