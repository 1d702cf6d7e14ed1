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
}

impl People {
    /// Typed: what stands before a comma becomes people. Backspace where nothing is typed
    /// takes the last one out.
    pub fn type_in(&mut self, mut text: String) {
        if text.is_empty() && self.typed.is_empty() {
            self.list.pop();
            return;
        }
        text.truncate(text.floor_char_boundary(LONGEST));
        // A comma inside quotes belongs to a name.
        let mut quoted = false;
        let mut whole = 0;
        for (at, c) in text.char_indices() {
            match c {
                '"' => quoted = !quoted,
                ',' | ';' | '\n' | '\r' | '\t' | '，' | '、' | '；' if !quoted => {
                    whole = at + c.len_utf8();
                }
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
    pub fn paste(&mut self, text: String) {
        self.type_in(named(&text));
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
        if !there && self.list.len() < MOST {
            self.list.push(person);
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

/// Rows of a table, a name beside an address, as names with their addresses.
fn named(text: &str) -> String {
    let row = |row: &str| {
        let cells: Vec<&str> =
            row.split('\t').map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let (name, addr) = match cells.as_slice() {
            [name, addr] if !name.contains('@') && writing::is_address(addr) => (*name, *addr),
            [addr, name] if !name.contains('@') && writing::is_address(addr) => (*name, *addr),
            _ => return row.to_owned(),
        };
        let name: String = name.chars().filter(|c| !matches!(c, '"' | '\\')).collect();
        format!("\"{name}\" <{addr}>")
    };
    text.split(['\n', '\r']).map(row).collect::<Vec<_>>().join("\n")
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
