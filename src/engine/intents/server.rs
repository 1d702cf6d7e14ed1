//! What replay asks of a server.

use crate::net::imap::{
    Appended, Connection, Copied, Fetched, ImapError, Listed, Request, Selected, Status,
    Store as Change, UidSet, Wanted,
};

type Result<T> = std::result::Result<T, ImapError>;

/// A connection to a server on which the user is logged in: [`Connection`], or what tests
/// put in its place.
pub trait Server: Send {
    /// Whether it offers this (upper case).
    fn offers(&self, word: &str) -> bool;
    /// See [`Connection::list`].
    fn list(&mut self) -> impl Future<Output = Result<Vec<Listed>>> + Send;
    /// How one folder stands.
    fn status(&mut self, mailbox: &str) -> impl Future<Output = Result<Status>> + Send;
    /// See [`Connection::select`].
    fn select(&mut self, mailbox: &str) -> impl Future<Output = Result<Selected>> + Send;
    /// Flags, or header and size, of letters of the open folder, one after the other.
    fn each(
        &mut self,
        set: UidSet,
        wanted: Wanted,
        take: &mut (dyn FnMut(Fetched) + Send),
    ) -> impl Future<Output = Result<()>> + Send;
    /// See [`Connection::search`].
    fn search(&mut self, query: &str) -> impl Future<Output = Result<Vec<u32>>> + Send;
    /// See [`Connection::store`].
    fn store(&mut self, change: &Change) -> impl Future<Output = Result<()>> + Send;
    /// See [`Connection::copy`].
    fn copy(
        &mut self,
        uids: &UidSet,
        to: &str,
    ) -> impl Future<Output = Result<Option<Copied>>> + Send;
    /// See [`Connection::move_to`].
    fn move_to(
        &mut self,
        uids: &UidSet,
        to: &str,
    ) -> impl Future<Output = Result<Option<Copied>>> + Send;
    /// See [`Connection::expunge`].
    fn expunge(&mut self, uids: &UidSet) -> impl Future<Output = Result<()>> + Send;
    /// See [`Connection::expunge_all`].
    fn expunge_all(&mut self) -> impl Future<Output = Result<()>> + Send;
    /// See [`Connection::append`].
    fn append(
        &mut self,
        mailbox: &str,
        flags: &[String],
        date: Option<i64>,
        letter: &[u8],
    ) -> impl Future<Output = Result<Option<Appended>>> + Send;
    /// See [`Connection::create`].
    fn create(&mut self, mailbox: &str) -> impl Future<Output = Result<()>> + Send;
    /// See [`Connection::delete`].
    fn delete(&mut self, mailbox: &str) -> impl Future<Output = Result<()>> + Send;
    /// See [`Connection::rename`].
    fn rename(&mut self, mailbox: &str, to: &str) -> impl Future<Output = Result<()>> + Send;
    /// See [`Connection::subscribe`].
    fn subscribe(&mut self, mailbox: &str, yes: bool) -> impl Future<Output = Result<()>> + Send;
}

impl Server for Connection {
    fn offers(&self, word: &str) -> bool {
        self.capabilities().has(word)
    }

    async fn list(&mut self) -> Result<Vec<Listed>> {
        Self::list(self).await
    }

    async fn status(&mut self, mailbox: &str) -> Result<Status> {
        let mut all = Self::status(self, &[mailbox.to_owned()]).await?;
        all.pop().unwrap_or_else(|| Err(ImapError::Protocol("no answer to STATUS".into())))
    }

    async fn select(&mut self, mailbox: &str) -> Result<Selected> {
        Self::select(self, mailbox, None).await
    }

    async fn each(
        &mut self,
        set: UidSet,
        wanted: Wanted,
        take: &mut (dyn FnMut(Fetched) + Send),
    ) -> Result<()> {
        if set.is_empty() {
            return Ok(());
        }
        let mut answers = self.fetch(vec![Request { set, by_sequence: false, wanted }]).await?;
        while let Some(fetched) = answers.next().await? {
            take(fetched);
        }
        Ok(())
    }

    async fn search(&mut self, query: &str) -> Result<Vec<u32>> {
        Self::search(self, query).await
    }

    async fn store(&mut self, change: &Change) -> Result<()> {
        Self::store(self, change).await.map(drop)
    }

    async fn copy(&mut self, uids: &UidSet, to: &str) -> Result<Option<Copied>> {
        Self::copy(self, uids, to).await
    }

    async fn move_to(&mut self, uids: &UidSet, to: &str) -> Result<Option<Copied>> {
        Self::move_to(self, uids, to).await
    }

    async fn expunge(&mut self, uids: &UidSet) -> Result<()> {
        Self::expunge(self, uids).await
    }

    async fn expunge_all(&mut self) -> Result<()> {
        Self::expunge_all(self).await
    }

    async fn append(
        &mut self,
        mailbox: &str,
        flags: &[String],
        date: Option<i64>,
        letter: &[u8],
    ) -> Result<Option<Appended>> {
        Self::append(self, mailbox, flags, date, letter).await
    }

    async fn create(&mut self, mailbox: &str) -> Result<()> {
        Self::create(self, mailbox).await
    }

    async fn delete(&mut self, mailbox: &str) -> Result<()> {
        Self::delete(self, mailbox).await
    }

    async fn rename(&mut self, mailbox: &str, to: &str) -> Result<()> {
        Self::rename(self, mailbox, to).await
    }

    async fn subscribe(&mut self, mailbox: &str, yes: bool) -> Result<()> {
        Self::subscribe(self, mailbox, yes).await
    }
}
