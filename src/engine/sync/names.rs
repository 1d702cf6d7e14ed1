//! What folders are for, where the server does not say (RFC 6154): by the names that mail
//! programs and servers give them.

use crate::model::Role;
use crate::net::imap::Listed;

/// Names in lower case, without blanks and punctuation, by role. Where a word means
/// different things in different languages it is not here.
const NAMES: &[(Role, &[&str])] = &[
    (
        Role::Sent,
        &[
            "sent",
            "sentitems",
            "sentmail",
            "sentmessages",
            "보낸메일함",
            "보낸편지함",
            "보낸메일",
            "보낸메시지",
            "발신함",
            "발송메일함",
            "送信済み",
            "送信済みメール",
            "送信済みアイテム",
            "送信箱",
            "已发送",
            "已发送邮件",
            "已发邮件",
            "已傳送",
            "寄件備份",
            "寄件匣",
            "gesendet",
            "gesendeteobjekte",
            "gesendeteelemente",
            "envoyés",
            "messagesenvoyés",
            "élémentsenvoyés",
            "enviados",
            "elementosenviados",
            "mensajesenviados",
            "itensenviados",
            "postainviata",
            "inviati",
            "inviata",
            "verzonden",
            "verzondenitems",
            "skickat",
            "skickade",
            "sendt",
            "senditem",
            "lähetetyt",
            "wysłane",
            "отправленные",
            "надіслані",
            "odeslané",
            "odeslanápošta",
            "elküldött",
            "gönderilmişöğeler",
            "gönderilenler",
        ],
    ),
    (
        Role::Drafts,
        &[
            "drafts",
            "draft",
            "임시보관함",
            "임시보관",
            "작성중",
            "초안",
            "下書き",
            "草稿",
            "草稿箱",
            "草稿匣",
            "entwürfe",
            "entwurf",
            "brouillons",
            "borradores",
            "rascunhos",
            "bozze",
            "concepten",
            "utkast",
            "kladder",
            "luonnokset",
            "kopierobocze",
            "szkice",
            "черновики",
            "чернетки",
            "koncepty",
            "piszkozatok",
            "taslaklar",
        ],
    ),
    (
        Role::Trash,
        &[
            "trash",
            "deleted",
            "deleteditems",
            "deletedmessages",
            "bin",
            "휴지통",
            "지운편지함",
            "지운메일함",
            "삭제된항목",
            "삭제된메시지",
            "삭제된메일함",
            "ごみ箱",
            "ゴミ箱",
            "削除済みアイテム",
            "已删除",
            "已删除邮件",
            "垃圾桶",
            "刪除的郵件",
            "papierkorb",
            "gelöschteobjekte",
            "gelöschteelemente",
            "gelöscht",
            "corbeille",
            "élémentssupprimés",
            "papelera",
            "elementoseliminados",
            "lixeira",
            "itensexcluídos",
            "cestino",
            "postaeliminata",
            "prullenbak",
            "verwijderdeitems",
            "papperskorgen",
            "papirkurv",
            "slettetelementer",
            "roskakori",
            "kosz",
            "корзина",
            "удаленные",
            "удалённые",
            "кошик",
            "koš",
            "odstraněnápošta",
            "törölt",
            "lomtár",
            "çöpkutusu",
            "silinmişöğeler",
        ],
    ),
    (
        Role::Junk,
        &[
            "junk",
            "spam",
            "junkmail",
            "junkemail",
            "bulkmail",
            "bulk",
            "spambox",
            "스팸메일함",
            "스팸편지함",
            "스팸함",
            "스팸메일",
            "스팸",
            "정크메일",
            "迷惑メール",
            "スパム",
            "垃圾邮件",
            "垃圾郵件",
            "垃圾箱",
            "spamverdacht",
            "unerwünscht",
            "junke-mail",
            "junk-e-mail",
            "pourriel",
            "courrierindésirable",
            "indésirables",
            "correonodeseado",
            "nodeseado",
            "lixoeletrônico",
            "postaindesiderata",
            "indesiderata",
            "ongewenst",
            "ongewenstee-mail",
            "skräppost",
            "roskaposti",
            "спам",
            "нежелательнаяпочта",
            "nevyžádanápošta",
            "levélszemét",
            "gereksiz",
        ],
    ),
    (
        Role::Archive,
        &[
            "archive",
            "archives",
            "archived",
            "보관메일함",
            "보관편지함",
            "보관함",
            "보존메일함",
            "アーカイブ",
            "归档",
            "封存",
            "archiv",
            "archivo",
            "archivio",
            "arquivo",
            "archief",
            "arkiv",
            "arkisto",
            "archiwum",
            "архив",
            "архів",
            "arşiv",
        ],
    ),
];

/// The name as it is compared.
fn plain(name: &str) -> String {
    let dropped = |c: &char| !(c.is_whitespace() || matches!(c, '_' | '.' | '\'' | '’'));
    name.chars().filter(dropped).flat_map(char::to_lowercase).collect()
}

fn by_name(name: &str) -> Option<Role> {
    let name = plain(name);
    NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(role, _)| *role)
}

/// What each folder is for: what the server says, else what its name says, each role
/// given once. Folders at the top, or right below INBOX, are meant; those deeper down are
/// somebody's own.
pub(super) fn roles(listed: &[Listed]) -> Vec<Option<Role>> {
    let mut roles: Vec<Option<Role>> = Vec::with_capacity(listed.len());
    let mut given: Vec<Role> = Vec::new();
    for folder in listed {
        let inbox = match folder.levels.as_slice() {
            [only] => only.eq_ignore_ascii_case("inbox"),
            _ => false,
        };
        let role = if inbox { Some(Role::Inbox) } else { folder.role };
        let role = role.filter(|role| !given.contains(role));
        given.extend(role);
        roles.push(role);
    }
    // The nearest to the top has the name first.
    let mut order: Vec<usize> = (0..listed.len()).collect();
    order.sort_by_key(|index| listed.get(*index).map_or(0, |folder| folder.levels.len()));
    for index in order {
        let (Some(folder), Some(role)) = (listed.get(index), roles.get_mut(index)) else {
            continue;
        };
        let name = match folder.levels.as_slice() {
            [name] => name,
            [top, name]
                if top.eq_ignore_ascii_case("inbox")
                    || top.eq_ignore_ascii_case("[gmail]")
                    || top.eq_ignore_ascii_case("[google mail]") =>
            {
                name
            }
            _ => continue,
        };
        if role.is_none()
            && folder.selectable
            && let Some(named) = by_name(name)
            && !given.contains(&named)
        {
            *role = Some(named);
            given.push(named);
        }
    }
    roles
}

/// In which order folders are brought in: what the user looks at first.
pub(super) fn rank(role: Option<Role>) -> u8 {
    match role {
        Some(Role::Inbox) => 0,
        Some(Role::Sent) => 1,
        Some(Role::Drafts) => 2,
        None => 3,
        Some(Role::Archive) => 4,
        Some(Role::All) => 5,
        Some(Role::Junk) => 6,
        Some(Role::Trash) => 7,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn listed(path: &str, role: Option<Role>) -> Listed {
        Listed {
            mailbox: path.into(),
            levels: path.split('/').map(str::to_owned).collect(),
            delimiter: Some('/'),
            role,
            selectable: true,
            subscribed: true,
        }
    }

    fn of(paths: &[&str]) -> Vec<Option<Role>> {
        roles(&paths.iter().map(|path| listed(path, None)).collect::<Vec<_>>())
    }

    #[test]
    fn names_of_several_languages_are_known() {
        let naver = ["INBOX", "보낸메일함", "임시보관함", "휴지통", "스팸메일함", "내게쓴메일함"];
        assert_eq!(
            of(&naver),
            [
                Some(Role::Inbox),
                Some(Role::Sent),
                Some(Role::Drafts),
                Some(Role::Trash),
                Some(Role::Junk),
                None
            ]
        );
        let others = ["inbox", "Gesendete Objekte", "Brouillons", "ゴミ箱", "Junk E-mail", "Архив"];
        assert_eq!(
            of(&others),
            [
                Some(Role::Inbox),
                Some(Role::Sent),
                Some(Role::Drafts),
                Some(Role::Trash),
                Some(Role::Junk),
                Some(Role::Archive)
            ]
        );
        assert_eq!(of(&["INBOX/Sent Items", "INBOX/보관 메일함"])[0], Some(Role::Sent));
        assert_eq!(of(&["INBOX/Sent Items", "INBOX/보관 메일함"])[1], Some(Role::Archive));
    }

    #[test]
    fn what_the_server_says_comes_first_and_each_role_is_given_once() {
        let folders = [
            listed("Sent", None),
            listed("Sent Messages", Some(Role::Sent)),
            listed("Work/Sent", None),
            listed("INBOX/Trash", None),
            listed("Trash", None),
        ];
        let expected = [None, Some(Role::Sent), None, None, Some(Role::Trash)];
        assert_eq!(roles(&folders), expected);
    }
}
