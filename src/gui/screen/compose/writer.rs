//! Who writes: a letter shows their name, address and signature as they are now.

use super::{Action, State};
use crate::engine::protocol::Command;
use crate::model::{AccountId, Identity};

impl State {
    /// Name, address and signature are others: a preview shows them at once.
    pub(super) fn written_as_another(&mut self) -> Vec<Action> {
        let mut actions = self.edited();
        if let Some(doc) = self.preview.as_ref().map(|preview| preview.doc) {
            actions.extend(self.save());
            let again = self.draft.map(|draft| Command::OpenDraft(doc, draft, self.how));
            actions.extend(again.map(Action::Ask));
        }
        actions
    }

    /// Who one can write as is another now: whoever writes here does so under their name and
    /// with their signature of now.
    pub fn writers_known(&mut self, writers: Vec<(AccountId, Identity)>) -> Vec<Action> {
        if !self.is_writing() || self.identities == writers {
            return Vec::new();
        }
        // Whose signature was left out on purpose gets none now either.
        let before = std::mem::replace(&mut self.identities, writers);
        let signed = find(&before, self.account, &self.kept.identity)
            .is_none_or(|(_, before)| before.signature == self.kept.identity.signature);
        match self.write_as_known(signed) {
            true => self.written_as_another(),
            false => Vec::new(),
        }
    }

    /// Takes name, signature and address for answers of whoever writes as they are now; an
    /// address nobody writes from any more becomes that of the account. Whether that changed
    /// anything.
    pub(super) fn write_as_known(&mut self, signed: bool) -> bool {
        let kept = &self.kept.identity;
        let known = find(&self.identities, self.account, kept);
        let gone = known.is_none() && !kept.from.addr.is_empty();
        let own = self.identities.iter().find(|(account, _)| *account == self.account);
        let own = known.or(own.or(self.identities.first()).filter(|_| gone));
        let Some((account, mut own)) = own.cloned() else { return false };
        if gone {
            self.gone = Some(kept.from.addr.clone());
        }
        if !signed {
            own.signature.clone_from(&kept.signature);
        }
        let other = (account, &own) != (self.account, kept);
        (self.account, self.kept.identity) = (account, own);
        other
    }
}

/// Who writes from this address of an account.
fn find<'i>(
    known: &'i [(AccountId, Identity)],
    of: AccountId,
    identity: &Identity,
) -> Option<&'i (AccountId, Identity)> {
    let addr = &identity.from.addr;
    known.iter().find(|(account, own)| *account == of && own.from.addr.eq_ignore_ascii_case(addr))
}
