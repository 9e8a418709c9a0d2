//! Rule documents: every heading starts from the setup blocks above it, and its blocks are successive migrations.

use crate::account::Account;
use crate::ground::Ground;
use crate::{claims, fixes};
use lockkeeper_model::Version;
use lockkeeper_rules::DOCUMENTS;
use lockkeeper_rules::document::{Block, BlockKind, Document, Language, Section, parse};
use lockkeeper_verify::{Cluster, Error};

/// Every rule document.
pub(crate) fn all() -> Vec<Document<'static>> {
    DOCUMENTS
        .iter()
        .map(|(name, text)| parse(name, text).unwrap_or_else(|error| panic!("rules/{name}.md:{error}")))
        .collect()
}

/// Runs every example of a document.
pub(crate) fn check(document: &Document<'_>, cluster: &Cluster, account: &mut Account) {
    let path = format!("rules/{}.md", document.name);
    if let Err(error) = sections(document, &path, cluster, account) {
        account.complain(&path, 1, format!("the examples cannot be run: {error}"));
    }
}

fn sections(document: &Document<'_>, path: &str, cluster: &Cluster, account: &mut Account) -> Result<(), Error> {
    let Some(version) = Version::new(account.major()) else { return Ok(()) };
    // Files of a project run through Alembic itself: see `alembic.rs`.
    let is_of = |it: &&Block<'_>| it.language == Language::Sql && it.versions.contains(version.major());
    let of_version = |section: &Section<'_>| section.blocks().any(|it| is_of(&it));
    let sections: Vec<&Section<'_>> = document.sections.iter().filter(|it| of_version(it)).collect();
    let mut above = Ground::new(cluster, version)?;
    for (at, section) in sections.iter().enumerate() {
        let blocks: Vec<&Block<'_>> = section.blocks().filter(is_of).collect();
        if at + 1 == sections.len() {
            // Nothing starts from what is above any more.
            return history(document, path, &blocks, &mut above, account);
        }
        history(document, path, &blocks, &mut above.copy()?, account)?;
        for setup in blocks.iter().filter(|it| it.kind == BlockKind::Setup) {
            above.run(setup.text, setup.sending)?;
        }
    }
    Ok(())
}

/// The blocks of one heading, in their order.
fn history(
    document: &Document<'_>,
    path: &str,
    blocks: &[&Block<'_>],
    ground: &mut Ground,
    account: &mut Account,
) -> Result<(), Error> {
    // The state that the bad block above has found: what its fix starts from.
    let mut found: Option<Ground> = None;
    for (at, block) in blocks.iter().enumerate() {
        match block.kind {
            BlockKind::Setup | BlockKind::Good => {
                claims::run(path, block, ground, account)?;
            }
            BlockKind::Bad => {
                let offers = ground.offers(block.text, block.sending);
                let is_fixed = blocks.get(at + 1).is_some_and(|it| it.kind == BlockKind::Fixed);
                found = if is_fixed || !offers.is_empty() { Some(ground.copy()?) } else { None };
                let original = claims::run(path, block, ground, account)?;
                let Some(found) = &found else { continue };
                for offer in &offers {
                    fixes::offered(path, block, &original, offer, found, ground, account)?;
                }
            }
            BlockKind::Fixed => {
                let Some(mut fixed) = found.take() else { continue };
                claims::run(path, block, &mut fixed, account)?;
                fixes::shown(path, block, document.front_matter.fix, &fixed, ground, account)?;
            }
        }
    }
    Ok(())
}
