//! Pictures of a letter: addresses as written become tokens.

use super::super::address::{self, Kind};
use super::{Slot, SlotSource, Token};

/// Pictures of a letter that are drawn.
const MAX_SLOTS: usize = 20_000;

/// Bytes of all pictures written into a letter's addresses.
const MAX_DATA: usize = 16 * 1024 * 1024;

/// Pictures written into addresses.
const MAX_DATA_SLOTS: usize = 1_000;

/// Bytes of an address. Programs that send mail stay below a few thousand.
const MAX_ADDRESS: usize = 16 * 1024;

/// Bytes of an alternative text that are kept.
const MAX_ALT: usize = 1_000;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    pub slots: Vec<Slot>,
    /// What relative addresses are relative to.
    pub base: Option<url::Url>,
    data: usize,
    data_slots: usize,
    /// Some found no room.
    pub cut: bool,
}

impl Pictures {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.slots.len()
    }

    /// The picture of a style.
    pub fn style(&mut self, written: &str, property: &str) -> Option<Token> {
        self.add(written, format!("css:{property}"), (None, None), None)
    }

    /// A picture; nothing if there could never be one.
    pub fn add(
        &mut self,
        written: &str,
        element: String,
        size: (Option<f32>, Option<f32>),
        alt: Option<&str>,
    ) -> Option<Token> {
        if self.slots.len() >= MAX_SLOTS {
            self.cut = true;
            return None;
        }
        let written = address::tidy(written);
        let (url, source) = match address::kind(&written) {
            Kind::Data => (String::new(), self.data(&written)),
            _ if written.len() > MAX_ADDRESS => return None,
            Kind::Inside => {
                let scheme = address::scheme(&written)?;
                if !scheme.eq_ignore_ascii_case("cid") {
                    return None;
                }
                let id = written.get(scheme.len() + 1..)?;
                let id = percent_encoding::percent_decode_str(id).decode_utf8_lossy();
                let id = id.trim_matches(['<', '>']).to_owned();
                (written.into_owned(), SlotSource::Part(id))
            }
            Kind::Absolute => (written.into_owned(), SlotSource::Remote),
            // Without a base it can only be a part (RFC 2557).
            Kind::Relative => match address::resolve(self.base.as_ref(), &written) {
                Some(url) => (url, SlotSource::Remote),
                None => {
                    let location = written.into_owned();
                    (location.clone(), SlotSource::Part(location))
                }
            },
        };
        let alt = alt.map(|alt| super::super::beginning(alt, MAX_ALT).to_owned());
        self.slots.push(Slot { url, element, source, size, alt });
        u32::try_from(self.slots.len() - 1).ok()
    }

    fn data(&mut self, url: &str) -> SlotSource {
        if self.data_slots >= MAX_DATA_SLOTS || self.data.saturating_add(url.len()) > 2 * MAX_DATA {
            self.cut = true;
            return SlotSource::Never;
        }
        self.data_slots += 1;
        match address::data_bytes(url) {
            // SVG can refer to the world: it is never drawn from here.
            Some((media_type, bytes))
                if media_type.starts_with("image/")
                    && !media_type.contains("svg")
                    && !media_type.contains("xml")
                    && self.data + bytes.len() <= MAX_DATA =>
            {
                self.data += bytes.len();
                SlotSource::Data(bytes)
            }
            _ => SlotSource::Never,
        }
    }
}
