//! The fields of the screen that can be typed in, each with the name its widget has.

/// A field that can be typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Search of all mail.
    Search,
    /// Search in the letter.
    Find,
    /// What is known of a letter that did not come.
    Missing,
    /// The folder a letter is to be put into.
    Folder,
    /// The name of a label.
    Label,
    /// The name of a folder.
    FolderName,
    /// The address of the receipt server.
    ReceiptServer,
    /// Its key.
    ReceiptKey,
    /// Where an archive lies, or is to lie.
    ArchivePath,
    /// The folder that it goes into, or comes from.
    ArchiveFolder,
    /// Of the how many-th who writes from the account that is changed.
    Writer(Part, usize),
    /// Of how many days letters are kept whole.
    Days,
    /// The proxy of an account.
    Proxy,
    /// That of pictures.
    PicturesProxy,
    /// Another password for an account.
    AccountPassword,
}

/// What somebody is called who writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The name.
    Name,
    /// The address.
    Address,
    /// Where answers go.
    Reply,
}

impl Field {
    /// The widget's name.
    pub fn id(self) -> iced::widget::Id {
        iced::widget::Id::new(match self {
            Self::Search => "search",
            Self::Find => "find",
            Self::Missing => "missing",
            Self::Folder => "folder",
            Self::Label => "label",
            Self::FolderName => "naming",
            Self::ReceiptServer => "receipt-server",
            Self::ReceiptKey => "receipt-key",
            Self::ArchivePath => "box-path",
            Self::ArchiveFolder => "box-folder",
            Self::Days => "days",
            Self::Proxy => "proxy",
            Self::PicturesProxy => "proxy-of-pictures",
            Self::AccountPassword => "new-password",
            Self::Writer(part, at) => {
                let part = match part {
                    Part::Name => "name",
                    Part::Address => "address",
                    Part::Reply => "reply",
                };
                return iced::widget::Id::from(format!("writer-{part}-{at}"));
            }
        })
    }
}
