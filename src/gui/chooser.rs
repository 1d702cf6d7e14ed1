//! The desktop's own file chooser (the XDG portal), asked for off the window's thread.
//!
//! Promise: whether there is one is found out before anybody wants it, so that nobody waits for
//! one that there is not: paths are typed then, as ever. See docs/decisions/0020-file-chooser.md.

#[cfg(not(target_os = "linux"))]
use std::path::PathBuf;

/// What is to be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One or several files.
    Files,
    /// A directory.
    Directory,
    /// Where a file is written, which is to have this name. Before one is written over, the
    /// desktop asks.
    Save(String),
}

#[cfg(target_os = "linux")]
pub use portal::{choose, is_there};

#[cfg(target_os = "linux")]
mod portal {
    use super::Kind;
    use ashpd::desktop::ResponseError;
    use ashpd::desktop::file_chooser::{FileChooserProxy, SelectedFiles};
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    /// A desktop that does not say in this time whether it has one has none.
    const LONGEST: Duration = Duration::from_secs(5);

    /// The first version of it that lets directories be chosen.
    const VERSION: u32 = 3;

    /// Whether the desktop has one.
    pub async fn is_there() -> bool {
        let asked = tokio::time::timeout(LONGEST, FileChooserProxy::new()).await;
        // Where nobody answers, the first version is taken.
        matches!(asked, Ok(Ok(chooser)) if chooser.version() >= VERSION)
    }

    /// Lets files be chosen. Nothing is chosen where the user changed their mind; `None`:
    /// there is no chooser after all. `first`: the folder that is shown first.
    pub async fn choose(
        kind: Kind,
        title: String,
        yes: String,
        first: Option<PathBuf>,
    ) -> Option<Vec<PathBuf>> {
        let asked = async {
            let request = match &kind {
                Kind::Save(name) => {
                    let request = SelectedFiles::save_file()
                        .title(title.as_str())
                        .accept_label(yes.as_str())
                        .modal(true)
                        .current_name(name.as_str());
                    request.current_folder::<&Path>(first.as_deref())?.send().await?
                }
                Kind::Files | Kind::Directory => {
                    let request = SelectedFiles::open_file()
                        .title(title.as_str())
                        .accept_label(yes.as_str())
                        .modal(true)
                        .multiple(kind == Kind::Files)
                        .directory(kind == Kind::Directory);
                    request.current_folder::<&Path>(first.as_deref())?.send().await?
                }
            };
            request.response()
        };
        let chosen = match asked.await {
            Ok(chosen) => chosen,
            Err(ashpd::Error::Response(ResponseError::Cancelled)) => return Some(Vec::new()),
            Err(_) => return None,
        };
        let path = |uri: &ashpd::Uri| url::Url::parse(uri.as_str()).ok()?.to_file_path().ok();
        Some(chosen.uris().iter().filter_map(path).collect())
    }
}

/// Elsewhere paths are typed.
#[cfg(not(target_os = "linux"))]
pub async fn is_there() -> bool {
    false
}

/// Elsewhere there is none.
#[cfg(not(target_os = "linux"))]
pub async fn choose(_: Kind, _: String, _: String, _: Option<PathBuf>) -> Option<Vec<PathBuf>> {
    None
}
