//! Reports in the forms that other tools read. Each says the same: what the report of `check` holds, in its order.

mod github;
mod gitlab;
mod item;
mod junit;
mod markdown;
mod notice;
mod rdjson;
mod sarif;

pub use github::{Annotation, github, github_annotation};
pub use gitlab::gitlab;
pub use junit::junit;
pub use markdown::markdown;
pub use notice::{Notice, notices};
pub use rdjson::rdjson;
pub use sarif::{sarif, sarif_without_documents};
