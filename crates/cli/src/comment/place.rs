//! Where to comment: which change of which forge, as the job's environment or the arguments say.

use crate::args::{CommentArgs, ForgeName};
use crate::host::Host;
use serde_json::Value;
use std::path::Path;

/// A change on a forge.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) forge: ForgeName,
    /// Where its API begins, without a slash at its end.
    pub(crate) api: String,
    /// Where its pages begin, without a slash at its end.
    pub(crate) web: String,
    /// The project: `owner/name`, or GitLab's number or path.
    pub(crate) project: String,
    /// The number of the pull request or merge request.
    pub(crate) number: u64,
}

/// The environment variables that may hold a token, the first that is set counts.
pub(crate) fn token_names(forge: ForgeName) -> &'static [&'static str] {
    match forge {
        ForgeName::Github => &["GITHUB_TOKEN", "GH_TOKEN"],
        ForgeName::Gitlab => &["GITLAB_TOKEN"],
    }
}

/// The token of the environment.
pub(crate) fn token(forge: ForgeName, host: &dyn Host) -> Option<String> {
    token_names(forge).iter().find_map(|it| set(it, host))
}

/// The forge that the arguments name, or on which this job runs.
pub(crate) fn forge(args: &CommentArgs, host: &dyn Host) -> Option<ForgeName> {
    args.forge.or_else(|| match () {
        () if set("GITHUB_ACTIONS", host).is_some() => Some(ForgeName::Github),
        () if set("GITLAB_CI", host).is_some() => Some(ForgeName::Gitlab),
        () => None,
    })
}

/// The change to comment on, or what is missing.
pub(crate) fn place(forge: ForgeName, args: &CommentArgs, host: &dyn Host) -> Result<Place, String> {
    match forge {
        ForgeName::Github => github(args, host),
        ForgeName::Gitlab => gitlab(args, host),
    }
}

fn github(args: &CommentArgs, host: &dyn Host) -> Result<Place, String> {
    let project = args.project.clone().or_else(|| set("GITHUB_REPOSITORY", host));
    let project = project.ok_or("no repository: name it with `--project OWNER/NAME`")?;
    let number = args.change.or_else(|| pull_request(host));
    Ok(Place {
        forge: ForgeName::Github,
        api: address("GITHUB_API_URL", "https://api.github.com", host),
        web: address("GITHUB_SERVER_URL", "https://github.com", host),
        project,
        number: number.ok_or("this run belongs to no pull request: name one with `--change NUMBER`")?,
    })
}

/// The number in the event that started the workflow, or in the name of its ref.
fn pull_request(host: &dyn Host) -> Option<u64> {
    let event = set("GITHUB_EVENT_PATH", host).and_then(|it| host.read(Path::new(&it)).ok());
    let event: Value = event.and_then(|it| serde_json::from_slice(&it).ok()).unwrap_or_default();
    let commented = event["issue"]["pull_request"].is_object().then(|| &event["issue"]["number"]);
    let numbers =
        [Some(&event["pull_request"]["number"]), commented, event.pointer("/workflow_run/pull_requests/0/number")];
    numbers.into_iter().flatten().find_map(Value::as_u64).or_else(|| {
        let of_ref = set("GITHUB_REF", host)?;
        of_ref.strip_prefix("refs/pull/")?.split('/').next()?.parse().ok()
    })
}

fn gitlab(args: &CommentArgs, host: &dyn Host) -> Result<Place, String> {
    // A merge request from a fork belongs to the project that it is to be merged into.
    let project = args.project.clone().or_else(|| set("CI_MERGE_REQUEST_PROJECT_ID", host));
    let project = project.or_else(|| set("CI_PROJECT_ID", host));
    let number = args.change.or_else(|| set("CI_MERGE_REQUEST_IID", host)?.parse().ok());
    let web = set("CI_MERGE_REQUEST_PROJECT_URL", host).or_else(|| set("CI_PROJECT_URL", host));
    Ok(Place {
        forge: ForgeName::Gitlab,
        api: address("CI_API_V4_URL", "https://gitlab.com/api/v4", host),
        web: web.unwrap_or_default(),
        project: project.ok_or("no project: name it with `--project PATH`")?,
        number: number.ok_or(
            "this job belongs to no merge request: run it in merge request pipelines, or name one with `--change NUMBER`",
        )?,
    })
}

fn address(name: &str, usual: &str, host: &dyn Host) -> String {
    set(name, host).unwrap_or_else(|| usual.to_owned()).trim_end_matches('/').to_owned()
}

fn set(name: &str, host: &dyn Host) -> Option<String> {
    host.env(name).filter(|it| !it.is_empty())
}
