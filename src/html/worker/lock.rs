//! What the drawing process takes from itself before it reads the first letter.
//! `docs/sandbox.md` says what every system gets and what is not covered.
//!
//! Everything is loaded by then: no file is opened, no thread or process started
//! and nothing called that is not on the list below. Two walls stand behind each
//! other where the kernel has both: the list of calls (seccomp) and the file system
//! closed (landlock).

use super::Lock;
use std::fs::File;
use std::sync::mpsc::{Receiver, Sender};

/// Bytes a process may take beyond what it has when it is locked.
#[cfg(target_os = "linux")]
const ROOM: u64 = 384 << 20;

/// Address space beyond that: what is reserved and never touched.
#[cfg(target_os = "linux")]
const RESERVED: u64 = 512 << 20;

/// Which walls to put up: all but in the tests of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walls {
    All,
    None,
    Limits,
    Files,
}

/// What the first thread does for the lock, because the file system is closed to
/// each thread by itself.
pub(super) fn first_thread(loaded: &Receiver<Walls>, locked: &Sender<bool>) {
    if let Ok(walls) = loaded.recv() {
        let _ = locked.send(matches!(walls, Walls::All | Walls::Files) && system::files());
    }
}

/// What must be done before anything else: die with the program that started us.
pub(super) fn die_with_parent() {
    system::die_with_parent();
}

/// Locks the process for good, when everything is loaded. `pipe` is what it may
/// still read from and write to; the first thread does its share meanwhile.
///
/// # Errors
/// Why it must not draw: the kernel is one that can filter calls, and did not.
pub(super) fn lock(
    walls: Walls,
    pipe: (&File, &File),
    loaded: &Sender<Walls>,
    locked: &Receiver<bool>,
) -> Result<Lock, String> {
    // In this order: each wall hides what the one before it needs.
    let has = |wall| walls == wall || walls == Walls::All;
    let size = system::size();
    let _ = loaded.send(walls);
    let first = locked.recv().unwrap_or(false);
    let files = has(Walls::Files) && system::files() && first;
    let limits = has(Walls::Limits) && system::limits(size);
    let calls = walls == Walls::All && system::calls(pipe)?;
    Ok(Lock { limits, calls, files })
}

#[cfg(target_os = "linux")]
mod system {
    use super::{File, RESERVED, ROOM};
    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetStatus, Scope};
    use rustix::process::{DumpableBehavior, Resource, Rlimit, Signal};

    pub(super) fn die_with_parent() {
        let _ = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
    }

    /// Closes files, TCP ports, abstract sockets and signals to this thread. An older
    /// kernel closes what it knows.
    pub(super) fn files() -> bool {
        let newest = ABI::V9;
        let rules = Ruleset::default()
            .handle_access(AccessFs::from_all(newest))
            .and_then(|rules| rules.handle_access(AccessNet::from_all(newest)))
            .and_then(|rules| rules.scope(Scope::from_all(newest)))
            .and_then(Ruleset::create)
            .and_then(landlock::RulesetCreated::restrict_self);
        rules.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
    }

    /// Resident memory is bounded by what it has, [`ROOM`], and the stack it touches.
    pub(super) fn limits(size: Option<Size>) -> bool {
        // Not to be looked into by other programs of the user, and no core on disk.
        let hidden = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok();
        let Some(Size { space, data }) = size else { return false };
        [
            (Resource::As, space + ROOM + RESERVED),
            (Resource::Data, data + ROOM),
            (Resource::Core, 0),
            (Resource::Fsize, 0),
            (Resource::Memlock, 0),
            (Resource::Nofile, 0),
            (Resource::Nproc, 0),
        ]
        .into_iter()
        .map(|(resource, most)| {
            let limit = Rlimit { current: Some(most), maximum: Some(most) };
            rustix::process::setrlimit(resource, limit).is_ok()
        })
        .fold(hidden, |all, one| all && one)
    }

    /// What the process has, in bytes: address space; data with its stacks.
    pub(super) struct Size {
        space: u64,
        data: u64,
    }

    pub(super) fn size() -> Option<Size> {
        let text = std::fs::read_to_string("/proc/self/status").ok()?;
        let field = |name: &str| -> Option<u64> {
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib << 10)
        };
        Some(Size { space: field("VmSize:")?, data: field("VmData:")? })
    }

    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    pub(super) fn calls(_: (&File, &File)) -> Result<bool, String> {
        Ok(false)
    }

    /// Refuses every call in all threads but those that memory, locks, clocks, the
    /// pipe and an end need.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    pub(super) fn calls(pipe: (&File, &File)) -> Result<bool, String> {
        let refused = |error: &dyn std::fmt::Display| format!("it could not be locked ({error})");
        let program = filter(pipe).map_err(|error| refused(&error))?;
        seccompiler::apply_filter_all_threads(&program).map_err(|error| refused(&error))?;
        Ok(true)
    }

    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    fn filter(
        (requests, answers): (&File, &File),
    ) -> Result<seccompiler::BpfProgram, seccompiler::BackendError> {
        use seccompiler::{SeccompAction, SeccompFilter};
        use std::os::fd::AsRawFd;

        let own = u64::from(std::process::id());
        let number = |file: &File| u64::try_from(file.as_raw_fd()).unwrap_or(u64::MAX);
        // Memory that is ours and never code.
        let no_code = masked(2, libc::PROT_EXEC, 0)?;
        let of_no_file = masked(3, libc::MAP_ANONYMOUS, libc::MAP_ANONYMOUS);
        let with_conditions = [
            (libc::SYS_read, vec![equal(0, number(requests))?]),
            (libc::SYS_mmap, vec![no_code.clone(), of_no_file?]),
            (libc::SYS_mprotect, vec![no_code]),
            // An end by abort; nobody else is signalled.
            (libc::SYS_tgkill, vec![equal(0, own)?]),
        ];
        let mut rules: std::collections::BTreeMap<_, _> =
            ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
        for (call, conditions) in with_conditions {
            rules.insert(call, vec![seccompiler::SeccompRule::new(conditions)?]);
        }
        // Libraries complain on the standard error, which goes nowhere, and end the
        // process if they cannot.
        let written_to = [number(answers), 2]
            .map(|file| equal(0, file).and_then(|only| seccompiler::SeccompRule::new(vec![only])));
        rules.insert(libc::SYS_write, written_to.into_iter().collect::<Result<_, _>>()?);
        let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
        let arch = std::env::consts::ARCH.try_into()?;
        SeccompFilter::new(rules, refuse, SeccompAction::Allow, arch)?.try_into()
    }

    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    type Condition = Result<seccompiler::SeccompCondition, seccompiler::BackendError>;

    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    fn equal(argument: u8, value: u64) -> Condition {
        use seccompiler::{SeccompCmpArgLen, SeccompCmpOp, SeccompCondition};
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)
    }

    /// The bits of `mask` are those of `value`.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    fn masked(argument: u8, mask: i32, value: i32) -> Condition {
        use seccompiler::{SeccompCmpArgLen, SeccompCmpOp, SeccompCondition};
        let bits = |flags: i32| u64::from(flags.unsigned_abs());
        let compare = SeccompCmpOp::MaskedEq(bits(mask));
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, compare, bits(value))
    }

    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    const ALLOWED: [i64; 25] = [
        // Memory.
        libc::SYS_brk,
        libc::SYS_madvise,
        libc::SYS_mremap,
        libc::SYS_munmap,
        // Locks and the threads there are.
        libc::SYS_futex,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_membarrier,
        libc::SYS_rseq,
        libc::SYS_sched_getaffinity,
        libc::SYS_sched_yield,
        // Clocks and chance.
        libc::SYS_clock_getres,
        libc::SYS_clock_gettime,
        libc::SYS_clock_nanosleep,
        libc::SYS_getrandom,
        libc::SYS_gettimeofday,
        libc::SYS_nanosleep,
        libc::SYS_restart_syscall,
        // The pipe is closed at the end.
        libc::SYS_close,
        // How a process ends, well or badly.
        libc::SYS_exit,
        libc::SYS_exit_group,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
    ];
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::File;

    pub(super) fn die_with_parent() {}

    pub(super) fn files() -> bool {
        false
    }

    pub(super) fn size() {}

    #[cfg(unix)]
    pub(super) fn limits((): ()) -> bool {
        use rustix::process::{Resource, Rlimit};
        let none = || Rlimit { current: Some(0), maximum: Some(0) };
        [Resource::Core, Resource::Fsize, Resource::Nofile, Resource::Nproc]
            .into_iter()
            .map(|resource| rustix::process::setrlimit(resource, none()).is_ok())
            .fold(true, |all, one| all && one)
    }

    #[cfg(not(unix))]
    pub(super) fn limits((): ()) -> bool {
        false
    }

    pub(super) fn calls(_: (&File, &File)) -> Result<bool, String> {
        Ok(false)
    }
}
