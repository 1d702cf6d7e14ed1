//! Waiting for news: IDLE (RFC 2177), or NOOP every so often.

use super::answer::Answer;
use super::command::Command;
use super::error::ImapError;
use super::{Connection, Result};
use std::pin::pin;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};

/// How a wait ended.
enum End {
    /// Something was said, or who waits is wanted elsewhere.
    Over,
    /// It is to be renewed.
    Renew,
    /// The server ended it, or would not.
    Refused,
}

impl Connection {
    /// Waits until the server has something to tell, `interrupt` is ready, or `longest` has
    /// passed (IDLE; NOOP every so often where that is not offered). What was told is in
    /// [`Self::take_unsolicited`].
    ///
    /// # Errors
    /// As [`ImapError`] says.
    pub async fn idle(
        &mut self,
        longest: Duration,
        interrupt: impl Future<Output = ()> + Send,
    ) -> Result<()> {
        let mut interrupt = pin!(interrupt);
        let until = Instant::now() + longest;
        self.dialogue.ready()?;
        // What was said before is news to who did not take it.
        while !self.dialogue.has_news() && Instant::now() < until {
            let round = if self.no_idle || !self.capabilities().has("IDLE") {
                let next = until.min(Instant::now() + self.options.poll);
                tokio::select! {
                    biased;
                    () = &mut interrupt => return Ok(()),
                    () = sleep_until(next) => {}
                }
                self.noop().await?;
                End::Renew
            } else {
                let renew = match self.quirks.short_idle {
                    true => self.options.renew.min(Duration::from_secs(60)),
                    false => self.options.renew,
                };
                self.round(until.min(Instant::now() + renew), interrupt.as_mut()).await?
            };
            match round {
                End::Over => break,
                End::Renew => {}
                End::Refused => self.no_idle = true,
            }
        }
        Ok(())
    }

    /// One IDLE, from its beginning to its tagged end.
    async fn round(
        &mut self,
        until: Instant,
        mut interrupt: std::pin::Pin<&mut (impl Future<Output = ()> + Send)>,
    ) -> Result<End> {
        let wait = self.options.answer;
        let begun = Instant::now();
        let dialogue = &mut self.dialogue;
        let tag = dialogue.send(&Command::new("IDLE", wait)).await?;
        dialogue.flush().await?;
        loop {
            match dialogue.next(wait).await? {
                Answer::Continue(_) => break,
                Answer::Done(done, said) => {
                    dialogue.landed(&done)?;
                    return match dialogue.outcome(said) {
                        Err(error) if !error.is_refusal() => Err(error),
                        // Whether it would not, or ends what it never began.
                        _ => Ok(End::Refused),
                    };
                }
                other => dialogue.absorb(other)?,
            }
        }
        // It is the server's turn for as long as it likes: the end is ours to set.
        let mut end = End::Over;
        let patience = self.options.renew + wait;
        while !dialogue.has_news() {
            let said = tokio::select! {
                biased;
                said = dialogue.next(patience) => said?,
                () = &mut interrupt => break,
                () = sleep_until(until) => {
                    end = End::Renew;
                    break;
                }
            };
            match said {
                Answer::Done(done, said) => {
                    dialogue.landed(&done)?;
                    let soon = begun.elapsed() < Duration::from_secs(10);
                    return match dialogue.outcome(said) {
                        Err(error) if !error.is_refusal() => Err(error),
                        Ok(_) if !soon => Ok(End::Over),
                        _ => Ok(End::Refused),
                    };
                }
                other => {
                    dialogue.consumed();
                    dialogue.absorb(other)?;
                }
            }
        }
        dialogue.line(b"DONE", "DONE").await?;
        let done = self.options.done;
        let said = timeout(done, dialogue.finish(&tag, done, &[], Some)).await;
        match said {
            Err(_) => Err(dialogue.end(ImapError::TimedOut)),
            Ok(Err(error)) if !error.is_refusal() => Err(error),
            Ok(_) => Ok(end),
        }
    }
}
