//! What an allocator keeps of memory that was freed: little.
//!
//! On Linux the program has jemalloc: glibc gives memory back only from the end of what a
//! thread has, so that a letter of many small pieces leaves all it took behind as soon as
//! something that stays was put after it. jemalloc gives back every page that is free, here
//! at once. C libraries keep glibc's: it gives every thread an arena of its own, and raises
//! the size from which on memory goes back to the system with every large piece that is
//! freed. Both are told by the environment alone, and only before the program starts.

use std::path::PathBuf;
use std::process::Command;

/// Few arenas; what is free goes back at once. Other systems pay no attention.
///
/// Nothing is retained as addresses either: the kernel counts those towards what a drawing
/// process may have.
pub(crate) const SPARING: [(&str, &str); 4] = [
    (
        "_RJEM_MALLOC_CONF",
        "narenas:1,dirty_decay_ms:0,muzzy_decay_ms:0,tcache_max:1024,retain:false",
    ),
    ("MALLOC_ARENA_MAX", "2"),
    ("MALLOC_MMAP_THRESHOLD_", "262144"),
    ("MALLOC_TRIM_THRESHOLD_", "2097152"),
];

/// This program once more, with what it was given.
pub fn once_more() -> Command {
    let given = std::env::args_os().next().map(PathBuf::from);
    // One that was replaced meanwhile has no place of its own any more.
    let program = std::env::current_exe().ok().filter(|path| path.exists()).or(given);
    let mut command = Command::new(program.unwrap_or_else(|| "goyo".into()));
    command.args(std::env::args_os().skip(1));
    command
}

/// Becomes this program once more, with an allocator that keeps little, unless somebody has
/// set one. To be called before anything is opened or started; where it cannot be done, the
/// program goes on as it is.
pub fn spare() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        use std::os::unix::process::CommandExt;
        if SPARING.iter().any(|(name, _)| std::env::var_os(name).is_some()) {
            return;
        }
        let mut program = once_more();
        if let Some(name) = std::env::args_os().next() {
            program.arg0(name);
        }
        // It returns only where it could not be done.
        let _ = program.envs(SPARING).exec();
    }
}
