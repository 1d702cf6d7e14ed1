//! Fail points: named places at which tests make the program die as `kill -9` would.
//!
//! They are at every write of the store, at every command of IMAP, and where letters are
//! handed over. Builds without debug assertions, those that users have, know none of this:
//! there [`point`] is empty and its name is never put together.
//!
//! `GOYO_FAIL_AT=NAME#N` dies at the Nth time that the point NAME is passed;
//! `GOYO_FAIL_TRACE=FILE` appends the name of each point that is passed, a line each.

/// A place where the program may die.
#[cfg(debug_assertions)]
pub(crate) fn point(name: impl FnOnce() -> String) {
    if let Some(plan) = plan() {
        plan.pass(&name());
    }
}

/// Nothing.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub(crate) fn point(_: impl FnOnce() -> String) {}

/// The name of the function in which a closure of this type was written.
pub(crate) fn function<F>() -> String {
    let name = std::any::type_name::<F>();
    let name = name.split("::{{closure}}").next().unwrap_or(name);
    name.rsplit("::").next().unwrap_or(name).to_owned()
}

#[cfg(debug_assertions)]
fn plan() -> Option<&'static Plan> {
    static PLAN: std::sync::OnceLock<Option<Plan>> = std::sync::OnceLock::new();
    PLAN.get_or_init(Plan::from_environment).as_ref()
}

/// What a test wants.
#[cfg(debug_assertions)]
#[derive(Debug, Default)]
struct Plan {
    /// To die at this point, when it is passed so often.
    at: Option<(String, u32)>,
    passed: std::sync::atomic::AtomicU32,
    trace: Option<std::sync::Mutex<std::fs::File>>,
}

#[cfg(debug_assertions)]
impl Plan {
    fn from_environment() -> Option<Self> {
        let at = std::env::var("GOYO_FAIL_AT").ok().and_then(|at| {
            let (name, count) = at.rsplit_once('#')?;
            Some((name.to_owned(), count.parse().ok()?))
        });
        let trace = std::env::var_os("GOYO_FAIL_TRACE")
            .and_then(|path| std::fs::File::options().create(true).append(true).open(path).ok());
        if at.is_none() && trace.is_none() {
            return None;
        }
        Some(Self { at, trace: trace.map(std::sync::Mutex::new), ..Self::default() })
    }

    fn pass(&self, name: &str) {
        if let Some(trace) = &self.trace {
            use std::io::Write as _;
            let mut trace = trace.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            // One write a line: what was passed before the end is in the file.
            let _ = trace.write_all(format!("{name}\n").as_bytes());
        }
        let Some((at, count)) = &self.at else { return };
        if at == name && self.passed.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1 == *count
        {
            die();
        }
    }
}

/// Ends the process with nothing put in order.
#[cfg(debug_assertions)]
fn die() {
    #[cfg(unix)]
    {
        let _ =
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        // The signal may reach another thread first.
        std::thread::sleep(std::time::Duration::from_secs(5));
    }
    std::process::abort();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closures_are_named_after_the_function_they_are_in() {
        fn outer() -> String {
            name_of(|| ())
        }
        fn name_of<F>(_: F) -> String {
            function::<F>()
        }
        assert_eq!(outer(), "outer");
    }
}
