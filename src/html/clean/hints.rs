//! What the old attributes of HTML say, in CSS (HTML 15, Rendering).
//!
//! Each different set of declarations becomes a rule of its own without any weight,
//! `:where([g-N])`, so that whatever style the letter brings wins over it. They are
//! no classes, because letters select by the whole `class` attribute.

use super::colour::{Colour, Role};
use super::template::Colours;
use std::collections::HashMap;
use std::fmt::Write as _;

/// Different sets of hints in a letter.
const MAX_SETS: usize = 10_000;

/// The sets of hints of a letter, by number.
#[derive(Debug, Default)]
pub(super) struct Hints {
    known: HashMap<String, usize, foldhash::fast::FixedState>,
    list: Vec<String>,
}

impl Hints {
    /// The number of a set of declarations.
    pub fn number(&mut self, declarations: String) -> Option<usize> {
        if declarations.is_empty() {
            return None;
        }
        if let Some(number) = self.known.get(&declarations) {
            return Some(*number);
        }
        if self.list.len() >= MAX_SETS {
            return None;
        }
        self.list.push(declarations.clone());
        self.known.insert(declarations, self.list.len() - 1);
        Some(self.list.len() - 1)
    }

    /// The sheet.
    pub fn sheet(&self, out: &mut String) {
        for (number, declarations) in self.list.iter().enumerate() {
            let _ = writeln!(out, ":where([g-{number}]){{{declarations}}}");
        }
    }
}

/// A dimension of an old attribute (HTML 2.3.4.4).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Dimension {
    Pixels(f32),
    Percent(f32),
}

impl Dimension {
    /// Reads it as browsers do: whatever follows the number does not matter.
    pub fn read(value: &str) -> Option<Self> {
        /// See the lengths of styles.
        const MOST: f32 = 20_000.0;
        let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let value = value.strip_prefix('+').unwrap_or(value);
        let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
        if digits == 0 {
            return None;
        }
        let after = value.get(digits..)?;
        let fraction = after
            .strip_prefix('.')
            .map_or(0, |rest| 1 + rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
        let fraction = if fraction > 1 { fraction } else { 0 };
        let (number, rest) = value.split_at_checked(digits + fraction)?;
        let number: f32 = number.get(..number.len().min(30))?.parse().ok()?;
        Some(if rest.trim_start_matches('.').starts_with('%') {
            Self::Percent(number.min(1_000.0))
        } else {
            Self::Pixels(number.min(MOST))
        })
    }

    /// In pixels, where that is known.
    pub fn pixels(self) -> Option<f32> {
        match self {
            Self::Pixels(pixels) => Some(pixels),
            Self::Percent(_) => None,
        }
    }

    fn is_zero(self) -> bool {
        matches!(self, Self::Pixels(n) | Self::Percent(n) if n == 0.0)
    }

    fn write(self, name: &str, out: &mut String) {
        let _ = match self {
            Self::Pixels(n) => write!(out, "{name}:{n}px;"),
            Self::Percent(n) => write!(out, "{name}:{n}%;"),
        };
    }
}

/// A whole number as HTML reads it (2.3.4.1).
pub(super) fn integer(value: &str) -> Option<i32> {
    let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let value = value.strip_prefix('+').unwrap_or(value);
    let (sign, digits) = match value.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, value),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let digits = digits.get(..end.min(9))?;
    digits.parse::<i32>().ok().map(|n| n * sign)
}

/// What a table says of its cells.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Table {
    pub padding: Option<f32>,
    pub border: bool,
    pub rules: Option<Rules>,
    pub colour: Option<Colour>,
}

/// `rules` of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    None,
    Groups,
    Rows,
    Columns,
    All,
}

/// How blocks in a box are pushed (HTML's "align descendants").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Push {
    #[default]
    None,
    Left,
    Center,
    Right,
}

/// Reads the attributes of one element.
pub(super) struct Reader<'a> {
    pub attribute: &'a dyn Fn(&str) -> Option<&'a str>,
    pub colours: &'a mut Colours,
}

impl Reader<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        (self.attribute)(name)
    }

    fn dimension(&self, name: &str) -> Option<Dimension> {
        self.get(name).and_then(Dimension::read)
    }

    fn colour(&mut self, attribute: &str, name: &str, role: Role, out: &mut String) {
        if let Some(colour) = self.get(attribute).and_then(Colour::legacy) {
            self.write_colour(colour, name, role, out);
        }
    }

    fn write_colour(&mut self, colour: Colour, name: &str, role: Role, out: &mut String) {
        out.push_str(name);
        out.push(':');
        self.colours.write(colour, role, out);
        out.push(';');
    }

    fn size(&self, attribute: &str, zero: bool, out: &mut String) {
        if let Some(size) = self.dimension(attribute).filter(|size| zero || !size.is_zero()) {
            size.write(attribute, out);
        }
    }

    fn word(&self, attribute: &str) -> String {
        self.get(attribute).unwrap_or("").trim().to_ascii_lowercase()
    }

    /// `align` of things that hold text; how it pushes the blocks in them.
    fn text_align(&self, out: &mut String) -> Push {
        let (value, push) = match self.word("align").as_str() {
            "left" => ("-moz-left", Push::Left),
            "right" => ("-moz-right", Push::Right),
            "center" | "middle" => ("-moz-center", Push::Center),
            "justify" => ("justify", Push::Left),
            _ => return Push::None,
        };
        let _ = write!(out, "text-align:{value};");
        push
    }

    fn vertical_align(&self, out: &mut String) {
        let value = match self.word("valign").as_str() {
            "top" => "top",
            "middle" | "center" | "absmiddle" => "middle",
            "bottom" => "bottom",
            "baseline" => "baseline",
            _ => return,
        };
        let _ = write!(out, "vertical-align:{value};");
    }

    /// What an element's attributes say; how it pushes the blocks in it.
    pub fn read(&mut self, name: &str, tables: &[Table], out: &mut String) -> Push {
        let mut push = Push::None;
        if self.get("hidden").is_some() {
            out.push_str("display:none;");
        }
        match name {
            "body" => self.body(out),
            "table" => self.table(out),
            "td" | "th" => {
                push = self.cell(tables.last().copied().unwrap_or_default(), out);
            }
            "tr" => {
                push = self.text_align(out);
                self.vertical_align(out);
                self.colour("bgcolor", "background-color", Role::Paper, out);
                self.size("height", true, out);
                self.rules(name, tables, out);
            }
            "tbody" | "thead" | "tfoot" => {
                push = self.text_align(out);
                self.vertical_align(out);
                self.colour("bgcolor", "background-color", Role::Paper, out);
                self.rules(name, tables, out);
            }
            "col" | "colgroup" => {
                self.size("width", true, out);
                self.rules(name, tables, out);
            }
            "caption" if self.word("align") == "bottom" => out.push_str("caption-side:bottom;"),
            "div" | "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "caption" => {
                push = self.text_align(out);
                if name == "div" {
                    self.size("width", true, out);
                    self.colour("bgcolor", "background-color", Role::Paper, out);
                }
            }
            "center" => push = Push::Center,
            "font" => self.font(out),
            "hr" => self.rule(out),
            "br" => {
                let value = match self.word("clear").as_str() {
                    "left" => "left",
                    "right" => "right",
                    "all" | "both" => "both",
                    _ => return push,
                };
                let _ = write!(out, "clear:{value};");
            }
            "ul" | "ol" | "li" | "dir" | "menu" => self.list(out),
            "pre" if self.get("wrap").is_some() => out.push_str("white-space:pre-wrap;"),
            "nobr" => out.push_str("white-space:nowrap;"),
            "img" | "input" => self.picture(out),
            _ => {}
        }
        push
    }

    fn body(&mut self, out: &mut String) {
        let margin = |names: [&str; 3]| {
            names
                .into_iter()
                .find_map(|name| self.get(name).and_then(integer))
                .map(|n| n.clamp(0, 400))
        };
        let sides = [
            ("margin-top", margin(["marginheight", "topmargin", "topmargin"])),
            ("margin-bottom", margin(["marginheight", "bottommargin", "topmargin"])),
            ("margin-left", margin(["marginwidth", "leftmargin", "leftmargin"])),
            ("margin-right", margin(["marginwidth", "rightmargin", "leftmargin"])),
        ];
        for (side, pixels) in sides {
            if let Some(pixels) = pixels {
                let _ = write!(out, "{side}:{pixels}px;");
            }
        }
        self.colour("bgcolor", "background-color", Role::Paper, out);
        self.colour("text", "color", Role::Ink, out);
    }

    /// What a table says of its cells.
    pub fn of_cells(&self) -> Table {
        let border = self.get("border").map(|value| integer(value).unwrap_or(1));
        let rules = match self.word("rules").as_str() {
            "none" => Some(Rules::None),
            "groups" => Some(Rules::Groups),
            "rows" => Some(Rules::Rows),
            "cols" => Some(Rules::Columns),
            "all" => Some(Rules::All),
            _ => None,
        };
        Table {
            padding: self.dimension("cellpadding").and_then(Dimension::pixels),
            border: border.is_some_and(|n| n > 0),
            rules,
            colour: self.get("bordercolor").and_then(Colour::legacy),
        }
    }

    fn table(&mut self, out: &mut String) {
        self.size("width", false, out);
        self.size("height", true, out);
        if let Some(spacing) = self.dimension("cellspacing").and_then(Dimension::pixels) {
            let _ = write!(out, "border-spacing:{spacing}px;");
        }
        self.colour("bgcolor", "background-color", Role::Paper, out);
        let cells = self.of_cells();
        let border = self.get("border").map(|value| integer(value).unwrap_or(1).clamp(0, 100));
        if cells.rules.is_some() {
            out.push_str("border-collapse:collapse;border-style:hidden;");
        }
        match border {
            Some(width @ 1..) => {
                let _ = write!(out, "border-width:{width}px;border-style:outset;");
            }
            Some(_) => out.push_str("border-width:0;"),
            None => {}
        }
        let sides = match self.word("frame").as_str() {
            "void" => "hidden",
            "above" => "outset hidden hidden hidden",
            "below" => "hidden hidden outset hidden",
            "hsides" => "outset hidden",
            "lhs" => "hidden hidden hidden outset",
            "rhs" => "hidden outset hidden hidden",
            "vsides" => "hidden outset",
            "box" | "border" => "outset",
            _ => "",
        };
        if !sides.is_empty() {
            if !matches!(border, Some(1..)) {
                out.push_str("border-width:1px;");
            }
            let _ = write!(out, "border-style:{sides};");
        }
        let colour = cells.colour.unwrap_or(Colour::new(0x80, 0x80, 0x80));
        if matches!(border, Some(1..)) || !sides.is_empty() {
            self.write_colour(colour, "border-color", Role::Line, out);
        }
        match self.word("align").as_str() {
            "left" => out.push_str("float:left;"),
            "right" => out.push_str("float:right;"),
            "center" | "middle" | "absmiddle" => {
                out.push_str("margin-left:auto;margin-right:auto;");
            }
            _ => {}
        }
        for (attribute, one, other) in
            [("hspace", "margin-left", "margin-right"), ("vspace", "margin-top", "margin-bottom")]
        {
            if let Some(space) = self.dimension(attribute) {
                space.write(one, out);
                space.write(other, out);
            }
        }
    }

    fn cell(&mut self, table: Table, out: &mut String) -> Push {
        if let Some(padding) = table.padding {
            let _ = write!(out, "padding:{padding}px;");
        }
        let style = match table.rules {
            Some(Rules::All) => "solid",
            Some(Rules::Columns) => "none solid",
            Some(_) => "",
            None if table.border => "inset",
            None => "",
        };
        if !style.is_empty() {
            let _ = write!(out, "border-width:1px;border-style:{style};");
            let colour = table.colour.unwrap_or(Colour::new(0x80, 0x80, 0x80));
            self.write_colour(colour, "border-color", Role::Line, out);
        }
        self.size("width", false, out);
        // The engine takes the height of a cell by the word.
        if let Some(Dimension::Pixels(height)) = self.dimension("height")
            && height > 0.0
        {
            let _ = write!(out, "min-height:{height}px;");
        }
        if self.get("nowrap").is_some() {
            out.push_str("white-space:nowrap;");
        }
        self.colour("bgcolor", "background-color", Role::Paper, out);
        self.vertical_align(out);
        self.text_align(out)
    }

    fn rules(&mut self, name: &str, tables: &[Table], out: &mut String) {
        let Some(table) = tables.last() else { return };
        let style = match (table.rules, name) {
            (Some(Rules::Groups), "tbody" | "thead" | "tfoot") => "solid none",
            (Some(Rules::Groups), "colgroup") => "none solid",
            (Some(Rules::Rows), "tr") => "solid none",
            _ => return,
        };
        let _ = write!(out, "border-width:1px;border-style:{style};");
        let colour = table.colour.unwrap_or(Colour::new(0x80, 0x80, 0x80));
        self.write_colour(colour, "border-color", Role::Line, out);
    }

    fn font(&mut self, out: &mut String) {
        self.colour("color", "color", Role::Ink, out);
        if let Some(size) = self.get("size") {
            let size = size.trim_start_matches(|c: char| c.is_ascii_whitespace());
            let (from, digits) = match size.as_bytes().first() {
                Some(b'+') => (3, size.get(1..)),
                Some(b'-') => (3, Some(size)),
                _ => (0, Some(size)),
            };
            if let Some(number) = digits.and_then(integer) {
                let name = match number.saturating_add(from).clamp(1, 7) {
                    1 => "x-small",
                    2 => "small",
                    3 => "medium",
                    4 => "large",
                    5 => "x-large",
                    6 => "xx-large",
                    _ => "xxx-large",
                };
                let _ = write!(out, "font-size:{name};");
            }
        }
        if let Some(face) = self.get("face") {
            let mut names = String::new();
            for name in face.split(',').take(8) {
                let name = name.trim().trim_matches(['"', '\'']);
                if name.is_empty() || name.len() > 60 {
                    continue;
                }
                if !names.is_empty() {
                    names.push(',');
                }
                let generic = ["serif", "sans-serif", "monospace", "cursive", "fantasy"];
                match generic.iter().find(|known| name.eq_ignore_ascii_case(known)) {
                    Some(known) => names.push_str(known),
                    None => super::css::string(name, &mut names),
                }
            }
            if !names.is_empty() {
                let _ = write!(out, "font-family:{names};");
            }
        }
    }

    fn rule(&mut self, out: &mut String) {
        self.size("width", true, out);
        let colour = self.get("color").and_then(Colour::legacy);
        let solid = colour.is_some() || self.get("noshade").is_some();
        if solid {
            out.push_str("border-style:solid;");
        }
        if let Some(colour) = colour {
            self.write_colour(colour, "border-color", Role::Line, out);
        }
        if let Some(size) = self.get("size").and_then(integer).filter(|n| *n > 0) {
            let size = size.min(400);
            if solid {
                let half = f64::from(size) / 2.0;
                let _ = write!(out, "border-width:{half}px;");
            } else if size == 1 {
                out.push_str("border-bottom-width:0;");
            } else {
                let _ = write!(out, "height:{}px;", size - 2);
            }
        }
        match self.word("align").as_str() {
            "left" => out.push_str("margin-left:0;margin-right:auto;"),
            "right" => out.push_str("margin-left:auto;margin-right:0;"),
            "center" => out.push_str("margin-left:auto;margin-right:auto;"),
            _ => {}
        }
    }

    fn list(&mut self, out: &mut String) {
        let style = match self.get("type").unwrap_or("").trim() {
            "1" => "decimal",
            "a" => "lower-alpha",
            "A" => "upper-alpha",
            "i" => "lower-roman",
            "I" => "upper-roman",
            other => match other.to_ascii_lowercase().as_str() {
                "disc" => "disc",
                "circle" => "circle",
                "square" => "square",
                "none" => "none",
                _ => return,
            },
        };
        let _ = write!(out, "list-style-type:{style};");
    }

    fn picture(&mut self, out: &mut String) {
        self.size("width", true, out);
        self.size("height", true, out);
        let align = match self.word("align").as_str() {
            "left" => "float:left;",
            "right" => "float:right;",
            "top" => "vertical-align:top;",
            "texttop" => "vertical-align:text-top;",
            "middle" | "center" | "absmiddle" | "abscenter" => "vertical-align:middle;",
            "absbottom" => "vertical-align:bottom;",
            "bottom" | "baseline" => "vertical-align:baseline;",
            _ => "",
        };
        out.push_str(align);
        for (attribute, one, other) in
            [("hspace", "margin-left", "margin-right"), ("vspace", "margin-top", "margin-bottom")]
        {
            if let Some(space) = self.dimension(attribute) {
                space.write(one, out);
                space.write(other, out);
            }
        }
        if let Some(border) = self.get("border").and_then(integer).filter(|n| *n > 0) {
            let _ = write!(out, "border:{}px solid;", border.min(100));
        }
    }
}
