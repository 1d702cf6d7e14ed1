//! What the system's allocator keeps of memory that was freed: little.
//!
//! glibc gives every thread an arena of its own, and raises the size from which on memory goes
//! back to the system with every large piece that is freed; a window with a dozen threads and
//! pictures of letters grows by that for hours. Both can be set by the environment alone, and
//! only before the program starts.

/// Few arenas; large pieces go back at once. Other systems pay no attention.
pub(crate) const SPARING: [(&str, &str); 3] = [
    ("MALLOC_ARENA_MAX", "2"),
    ("MALLOC_MMAP_THRESHOLD_", "262144"),
    ("MALLOC_TRIM_THRESHOLD_", "2097152"),
];

/// Becomes this program once more, with an allocator that keeps little, unless somebody has
/// set one. To be called before anything is opened or started; where it cannot be done, the
/// program goes on as it is.
pub fn spare() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        use std::os::unix::process::CommandExt;
        let mut arguments = std::env::args_os();
        let own = arguments.next().zip(std::env::current_exe().ok());
        let (Some((name, program)), false) =
            (own, SPARING.iter().any(|(name, _)| std::env::var_os(name).is_some()))
        else {
            return;
        };
        // It returns only where it could not be done.
        let _ = std::process::Command::new(program).arg0(name).args(arguments).envs(SPARING).exec();
    }
}
