//! What git knows of the files: what changed since a commit, what is staged, what they were at a commit.
//!
//! All of it comes from the program `git`, asked through the [`Host`].

mod changes;

pub(crate) use changes::{Change, Changes};

use crate::host::{Host, PathKind};
use crate::path;
use std::path::{Path, PathBuf};

/// The name of the tree without files.
const EMPTY_TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/// Why git cannot answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    #[error("`{flag}` needs the program git: {source}")]
    NoProgram { flag: String, source: std::io::Error },
    #[error("`{flag}` needs a git repository: {message}")]
    NoRepository { flag: String, message: String },
    #[error("`{reference}` is not a commit of this repository{}", unshallow(*.shallow))]
    NoCommit { reference: String, shallow: bool },
    #[error("`{reference}` and the current commit have no common ancestor{}", unshallow(*.shallow))]
    NoMergeBase { reference: String, shallow: bool },
    #[error("git {command}: {message}")]
    Failed { command: String, message: String },
}

/// What to do about a clone without its history.
fn unshallow(is_shallow: bool) -> &'static str {
    if is_shallow {
        ": the clone is shallow; fetch its history with `git fetch --unshallow` (`fetch-depth: 0` in actions/checkout, \
         `GIT_DEPTH: 0` in GitLab CI)"
    } else {
        ""
    }
}

/// A repository.
pub(crate) struct Repository<'h> {
    host: &'h dyn Host,
    /// Its top folder.
    pub(crate) top: PathBuf,
}

impl<'h> Repository<'h> {
    /// The repository around a folder; `flag` is what needs it.
    pub(crate) fn around(folder: &Path, flag: &str, host: &'h dyn Host) -> Result<Self, GitError> {
        let run = host.git(folder, &["rev-parse", "--show-toplevel"]);
        let run = run.map_err(|source| GitError::NoProgram { flag: flag.to_owned(), source })?;
        if !run.success {
            return Err(GitError::NoRepository { flag: flag.to_owned(), message: run.message() });
        }
        let top = String::from_utf8_lossy(&run.stdout).trim_end_matches(['\n', '\r']).to_owned();
        Ok(Self { host, top: PathBuf::from(top) })
    }

    /// The commit where the current branch left `reference`.
    pub(crate) fn merge_base(&self, reference: &str) -> Result<String, GitError> {
        // A name that looks like an option is none.
        let commit = format!("{reference}^{{commit}}");
        let verified = self.git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]);
        let reference = || reference.to_owned();
        if verified.is_err() {
            return Err(GitError::NoCommit { reference: reference(), shallow: self.is_shallow() });
        }
        match self.text(&["merge-base", &commit, "HEAD"]) {
            Ok(base) => Ok(base),
            Err(_) => Err(GitError::NoMergeBase { reference: reference(), shallow: self.is_shallow() }),
        }
    }

    /// What changed since a commit, in the working tree: committed since, staged, unstaged and untracked.
    pub(crate) fn changes_since(&self, base: &str) -> Result<Changes, GitError> {
        let args = ["diff", "--name-status", "-z", "-M", "--no-ext-diff", "--ignore-submodules=none", base, "--"];
        let mut changes = self.changes(&args)?;
        let untracked = self.git(&["ls-files", "--others", "--exclude-standard", "-z"])?;
        for name in changes::names(&untracked) {
            changes.add(self.absolute(name), Change::Added);
        }
        self.submodules(base, &mut changes);
        Ok(changes)
    }

    /// Adds what changed inside of submodules that changed. One that cannot be asked has nothing to add.
    fn submodules(&self, base: &str, changes: &mut Changes) {
        let is_folder = |it: &PathBuf| matches!(self.host.kind(it), Ok(PathKind::Folder));
        for top in changes.files().filter(|it| is_folder(it)).cloned().collect::<Vec<_>>() {
            let module = Repository { host: self.host, top: top.clone() };
            let Ok(below) = top.strip_prefix(&self.top) else { continue };
            // A submodule that is new is compared with nothing.
            let before = self.text(&["rev-parse", "--verify", "--quiet", &format!("{base}:{}", path::shown(below))]);
            let before = before.unwrap_or_else(|_| EMPTY_TREE.to_owned());
            if let Ok(inside) = module.changes_since(&before) {
                changes.extend(inside);
            }
        }
    }

    /// What is staged.
    pub(crate) fn staged(&self) -> Result<Changes, GitError> {
        // Before the first commit everything is new.
        let head = self.text(&["rev-parse", "--verify", "--quiet", "HEAD"]).unwrap_or_else(|_| EMPTY_TREE.to_owned());
        self.changes(&["diff", "--cached", "--name-status", "-z", "-M", "--no-ext-diff", &head, "--"])
    }

    /// The content of a file at a commit; of the index, if that is empty.
    pub(crate) fn content(&self, commit: &str, file: &Path) -> Option<Vec<u8>> {
        let below = file.strip_prefix(&self.top).ok()?;
        let own = self.git(&["cat-file", "blob", &format!("{commit}:{}", path::shown(below))]).ok();
        own.or_else(|| self.content_of_submodule(commit, file))
    }

    /// The same of a file in a submodule, at the commit that this repository names of it.
    fn content_of_submodule(&self, commit: &str, file: &Path) -> Option<Vec<u8>> {
        let folders: Vec<&Path> = file.ancestors().skip(1).take_while(|it| *it != self.top).collect();
        let top = folders.into_iter().rev().find(|it| self.host.kind(&it.join(".git")).is_ok())?;
        let below = path::shown(top.strip_prefix(&self.top).ok()?);
        let before = self.text(&["rev-parse", "--verify", "--quiet", &format!("{commit}:{below}")]).ok()?;
        Repository { host: self.host, top: top.to_owned() }.content(&before, file)
    }

    /// The branch that others start from: what `origin` points at, else `main` or `master`.
    pub(crate) fn default_branch(&self) -> Option<String> {
        let remote = self.text(&["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]).ok();
        let known = |name: &&str| self.git(&["rev-parse", "--verify", "--quiet", name]).is_ok();
        remote.or_else(|| {
            ["origin/main", "origin/master", "main", "master"].iter().find(|it| known(it)).map(|it| (*it).to_owned())
        })
    }

    fn is_shallow(&self) -> bool {
        self.text(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|it| it == "true")
    }

    fn changes(&self, args: &[&str]) -> Result<Changes, GitError> {
        let listed = self.git(args)?;
        Ok(changes::parse(&listed, &|name| self.absolute(name)))
    }

    fn absolute(&self, name: &str) -> PathBuf {
        self.top.join(name)
    }

    fn text(&self, args: &[&str]) -> Result<String, GitError> {
        self.git(args).map(|it| String::from_utf8_lossy(&it).trim_end().to_owned())
    }

    fn git(&self, args: &[&str]) -> Result<Vec<u8>, GitError> {
        let failed = |message| GitError::Failed { command: args[0].to_owned(), message };
        let run = self.host.git(&self.top, args).map_err(|error| failed(error.to_string()))?;
        if run.success { Ok(run.stdout) } else { Err(failed(run.message())) }
    }
}
