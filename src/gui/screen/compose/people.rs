//! A list of people: those entered, and what is being typed.

use crate::engine::writing;
use crate::model::Address;

/// Most people of a list: more than any server takes.
const MOST: usize = 2_000;
/// Longest text that is typed, in bytes; what is pasted becomes people first.
const LONGEST: usize = 100_000;

/// A list of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// Those entered.
    pub list: Vec<Address>,
    /// What is being typed.
    pub typed: String,
    /// How many of what was typed or pasted last found no room.
    pub left_out: usize,
}

impl People {
    /// Typed: what stands before a comma becomes people. Backspace where nothing is typed
    /// takes the last one out.
    pub fn type_in(&mut self, mut text: String) {
        self.left_out = 0;
        if text.is_empty() && self.typed.is_empty() {
            self.list.pop();
            return;
        }
        self.bound(&mut text);
        self.take_in(text);
    }

    /// Cuts what is too long where a person ends: half an address is another one.
    fn bound(&mut self, text: &mut String) {
        let longest = text.floor_char_boundary(LONGEST);
        let Some((kept, rest)) =
            text.split_at_checked(longest).filter(|(_, rest)| !rest.is_empty())
        else {
            return;
        };
        let end = kept.rfind(['\n', '\r']).or_else(|| kept.rfind(is_between)).unwrap_or(0);
        let gone = kept.get(end..).unwrap_or_default().matches('@').count();
        self.left_out += (gone + rest.matches('@').count()).max(1);
        text.truncate(end);
    }

    fn take_in(&mut self, mut text: String) {
        // A comma inside quotes belongs to a name.
        let mut quoted = false;
        let mut whole = 0;
        for (at, c) in text.char_indices() {
            match c {
                '"' => quoted = !quoted,
                c if is_between(c) && !quoted => whole = at + c.len_utf8(),
                _ => {}
            }
        }
        if let Some((before, rest)) = text.split_at_checked(whole).filter(|_| whole > 0) {
            writing::people(before).into_iter().for_each(|person| self.add(person));
            text = rest.trim_start().to_owned();
        }
        self.typed = text;
    }

    /// The same after something was pasted: an address at the end is whole.
    pub fn paste(&mut self, mut text: String) {
        self.left_out = 0;
        self.bound(&mut text);
        self.take_in(named(&text));
        if self.typed.trim().contains('@') {
            self.enter();
        }
    }

    /// What was typed becomes people. Whether it did.
    pub fn enter(&mut self) -> bool {
        let people = writing::people(&self.typed);
        self.typed.clear();
        let some = !people.is_empty();
        people.into_iter().for_each(|person| self.add(person));
        some
    }

    /// Adds somebody, once.
    pub fn add(&mut self, person: Address) {
        let there = self.list.iter().any(|known| known.addr.eq_ignore_ascii_case(&person.addr));
        match self.list.len() < MOST {
            _ if there => {}
            true => self.list.push(person),
            false => self.left_out += 1,
        }
    }

    /// Everybody, with what is being typed where that is an address already.
    pub fn all(&self) -> Vec<Address> {
        let mut all = self.list.clone();
        let typed = writing::people(&self.typed);
        all.extend(typed.into_iter().filter(|person| writing::is_address(&person.addr)));
        all
    }

    /// Nobody, and nothing typed.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty() && self.typed.trim().is_empty()
    }

    /// Puts another address in the place of one.
    pub fn correct(&mut self, wrong: &str, right: &str) {
        for person in &mut self.list {
            if person.addr.eq_ignore_ascii_case(wrong) {
                right.clone_into(&mut person.addr);
            }
        }
    }
}

/// Whether it stands between two people.
fn is_between(c: char) -> bool {
    matches!(c, ',' | ';' | '\n' | '\r' | '\t' | '，' | '、' | '；')
}

/// Rows of a table as people: of a row with one address, its first other cell with a letter
/// in it is the name; a row with several addresses is as many people. What else is in such a
/// row, and a first row without any address, which names the columns, is nobody.
fn named(text: &str) -> String {
    let rows = text.split(['\n', '\r']).filter(|row| !row.trim().is_empty()).enumerate();
    rows.filter_map(|(at, row)| person_of(row, at == 0)).collect::<Vec<_>>().join("\n")
}

fn person_of(row: &str, first: bool) -> Option<String> {
    let cells: Vec<&str> = row.split('\t').map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let is_one = |cell: &&str| cell.contains('@');
    if cells.len() < 2 {
        return Some(row.to_owned());
    }
    let found: Vec<&str> = cells.iter().copied().filter(is_one).collect();
    match found.as_slice() {
        [] => (!first).then(|| row.to_owned()),
        [addr] if writing::is_address(addr) => {
            let mut others = cells.iter().filter(|cell| !is_one(cell));
            let name = others.find(|cell| cell.chars().any(char::is_alphabetic));
            let Some(name) = name else { return Some((*addr).to_owned()) };
            let name: String = name.chars().filter(|c| !matches!(c, '"' | '\\')).collect();
            Some(format!("\"{name}\" <{addr}>"))
        }
        several => Some(several.join("\n")),
    }
}

/// Whether a letter can be sent there.
pub fn is_sound(person: &Address) -> bool {
    writing::is_address(&person.addr)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn typed(text: &str) -> People {
        let mut people = People::default();
        let mut so_far = String::new();
        for c in text.chars() {
            so_far.push(c);
            people.type_in(so_far.clone());
            so_far.clone_from(&people.typed);
        }
        people
    }

    fn addresses(people: &People) -> Vec<&str> {
        people.list.iter().map(|person| person.addr.as_str()).collect()
    }

    #[test]
    fn a_comma_makes_a_person_of_what_was_typed() {
        let people = typed("a@example.com, 영희 <b@example.kr>; c@");
        assert_eq!(addresses(&people), ["a@example.com", "b@example.kr"]);
        assert_eq!(people.list[1].name.as_deref(), Some("영희"));
        assert_eq!(people.typed.trim(), "c@");
    }

    #[test]
    fn a_comma_inside_a_name_in_quotes_is_part_of_it() {
        let people = typed("\"Park, Younghee\" <p@example.kr>,");
        assert_eq!(addresses(&people), ["p@example.kr"]);
        assert_eq!(people.list[0].name.as_deref(), Some("Park, Younghee"));
    }

    #[test]
    fn a_pasted_list_becomes_its_people_each_once() {
        let mut people = People::default();
        // As fast as it can be typed: the field still holds what became a person already.
        people.type_in("a@x.kr,".into());
        people.type_in("a@x.kr,b".into());
        assert_eq!((addresses(&people), people.typed.as_str()), (vec!["a@x.kr"], "b"));
        people = People::default();
        people.paste("a@x.kr\nB <b@x.kr>; A@X.kr, c@x.kr".into());
        assert_eq!(addresses(&people), ["a@x.kr", "b@x.kr", "c@x.kr"]);
        assert!(people.typed.is_empty());
    }

    #[test]
    fn lines_tabs_and_rows_of_a_table_are_people_too() {
        for text in [
            "a@x.kr\r\nb@x.kr\r\n",
            "a@x.kr\tb@x.kr",
            "a@x.kr;b@x.kr",
            "a@x.kr；b@x.kr",
            "\na@x.kr\n\n\tb@x.kr\t",
        ] {
            let mut people = People::default();
            people.paste(text.into());
            assert_eq!(addresses(&people), ["a@x.kr", "b@x.kr"], "{text:?}");
        }
        let mut people = People::default();
        people.paste("박영희\tpark@x.kr\n\"Kim, M\"\tkim@x.kr\nlee@x.kr\t이\n".into());
        assert_eq!(addresses(&people), ["park@x.kr", "kim@x.kr", "lee@x.kr"]);
        let names: Vec<&str> = people.list.iter().filter_map(|p| p.name.as_deref()).collect();
        assert_eq!(names, ["박영희", "Kim, M", "이"]);
    }

    #[test]
    fn rows_with_more_than_a_name_make_nobody_up() {
        let mut people = People::default();
        let table = "번호\t이름\t메일\t전화\n\
                     1\t박영희\tpark@x.kr\t010-1234-5678\n\
                     2\t김, 민지\tkim@x.kr\t팀장\n\
                     3\t\tlee@x.kr\t\n\
                     4\t최\tchoi@x.kr\tchoi@y.kr\n";
        people.paste(table.into());
        let all = ["park@x.kr", "kim@x.kr", "lee@x.kr", "choi@x.kr", "choi@y.kr"];
        assert_eq!(addresses(&people), all);
        let names: Vec<_> = people.list.iter().map(|p| p.name.as_deref()).collect();
        assert_eq!(names, [Some("박영희"), Some("김, 민지"), None, None, None]);
        assert!(people.typed.is_empty() && people.left_out == 0);
        // What was typed before is a row of its own, not a cell of the first one.
        people = People::default();
        people.paste("a@x.kr\n박영희\tpark@x.kr".into());
        assert_eq!(addresses(&people), ["a@x.kr", "park@x.kr"]);
    }

    #[test]
    fn who_finds_no_room_is_counted() {
        let mut people = People::default();
        let text: String = (0..MOST + 7).map(|n| format!("a{n}@x.kr\n")).collect();
        people.paste(text);
        assert_eq!((people.list.len(), people.left_out), (MOST, 7));
        people.type_in("b".into());
        assert_eq!(people.left_out, 0);
        // Nobody is half of an address.
        people = People::default();
        let long = format!("{}@example.kr", "x".repeat(50));
        let text = vec![long.clone(); LONGEST / long.len() + 20].join("\n");
        let given = text.matches('@').count();
        people.paste(text);
        assert_eq!(addresses(&people), [long.as_str()]);
        let kept = LONGEST / (long.len() + 1);
        assert!((given - kept - 1..=given - kept).contains(&people.left_out), "{people:?}");
    }

    #[test]
    fn backspace_where_nothing_is_typed_takes_the_last_one_out() {
        let mut people = typed("a@x.kr,b@x.kr,");
        people.type_in(String::new());
        assert_eq!(addresses(&people), ["a@x.kr"]);
        people.type_in("c".into());
        // That was a sign, not a person.
        people.type_in(String::new());
        assert_eq!(addresses(&people), ["a@x.kr"]);
    }

    #[test]
    fn what_is_typed_counts_once_it_is_an_address() {
        let mut people = typed("a@x.kr,d@x.kr");
        assert_eq!(people.all().len(), 2);
        people.type_in("d@".into());
        assert_eq!(addresses(&people), ["a@x.kr"]);
        assert_eq!(people.all().len(), 1);
        assert!(!is_sound(&Address { name: None, addr: "no address".into() }));
    }
}
