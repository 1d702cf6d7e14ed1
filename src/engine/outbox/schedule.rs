//! When what was not taken is tried again (RFC 5321, 4.5.4.1).

/// Minutes between attempts that a server put off; the last goes on.
const PUT_OFF: [i64; 8] = [1, 5, 10, 20, 30, 60, 120, 240];
/// Seconds between attempts without a connection; the last goes on.
const OFFLINE: [i64; 6] = [10, 20, 30, 60, 120, 300];
/// Where the user has to do something first, it is tried this often, in seconds.
const HOPELESS: i64 = 30 * 60;
/// A server that says "later" is believed so long, in seconds.
const BELIEVED: i64 = 5 * 24 * 60 * 60;

/// After the attempt of this number, from 1, which a server put off: when to try again, in
/// seconds since 1970; nothing when it has been tried long enough.
pub(super) fn put_off(number: u32, since: i64, now: i64) -> Option<i64> {
    if now.saturating_sub(since) >= BELIEVED {
        return None;
    }
    Some(now + 60 * step(&PUT_OFF, number))
}

/// The same without a connection: never given up.
pub(super) fn offline(number: u32, now: i64) -> i64 {
    now + step(&OFFLINE, number)
}

/// The same where the user has to do something first.
pub(super) fn hopeless(now: i64) -> i64 {
    now + HOPELESS
}

fn step(steps: &[i64], number: u32) -> i64 {
    let at = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
    steps.get(at).or(steps.last()).copied().unwrap_or(HOPELESS)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_ends_after_five_days() {
        let (mut now, mut last, mut tries) = (1_000, 0, 0);
        for number in 1.. {
            let Some(next) = put_off(number, 1_000, now) else { break };
            assert!(next - now >= last, "{number}");
            (last, now, tries) = (next - now, next, number);
        }
        assert!(now - 1_000 >= BELIEVED && now - 1_000 < BELIEVED + 5 * 60 * 60);
        assert!((30..50).contains(&tries), "{tries}");
        assert_eq!(put_off(1, 0, 0), Some(60));
    }

    #[test]
    fn being_offline_is_never_given_up() {
        assert_eq!(offline(1, 0), 10);
        assert_eq!(offline(u32::MAX, 10 * BELIEVED), 10 * BELIEVED + 300);
    }
}
