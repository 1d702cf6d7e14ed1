//! Where a long letter is cut into sheets.
//!
//! Promise: no line of text is cut unless it is higher than a sheet; each is on exactly
//! one sheet; there is always progress, and never more sheets than asked for.

use std::collections::BTreeMap;

/// A stretch of the letter from top to bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// A line of text, and where its letters stand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) span: Span,
    pub(super) baselines: Vec<f64>,
}

/// A letter cut into sheets.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Sheets {
    /// What of the letter each one shows.
    pub(super) spans: Vec<Span>,
    /// All of the letter is on them.
    pub(super) whole: bool,
    /// Which sheet the letters of a base line stand on, by quarters of a point.
    lines: BTreeMap<i64, usize>,
}

/// A sheet is filled to this part at least, if only pictures and rows of tables stand
/// against it.
const FILLED: f64 = 0.55;
/// And to this part, if lines of text do: they are taken over together otherwise.
const FILLED_BY_TEXT: f64 = 0.3;
/// Steps up from the lower edge of a sheet in search of a gap.
const STEPS: usize = 200;
/// What does not count, in points.
const HAIR: f64 = 0.3;

/// A line of which this part of a sheet is covered has to be cut.
const GIANT: f64 = 0.9;

impl Sheets {
    /// Cuts what is `total` high into sheets of `height`, at most `most`. `solid` is what
    /// is better not cut: pictures, rows, headings with what follows them. All in points.
    pub(super) fn cut(
        total: f64,
        height: f64,
        most: usize,
        mut lines: Vec<Line>,
        mut solid: Vec<Span>,
    ) -> Self {
        lines.retain(|line| {
            let Span { top, bottom } = line.span;
            top.is_finite() && bottom > top && bottom - top < height * GIANT && top < total
        });
        lines.sort_by(|a, b| a.span.top.total_cmp(&b.span.top));
        solid.retain(|span| {
            span.top.is_finite() && span.bottom > span.top && span.bottom - span.top < height
        });
        solid.sort_by(|a, b| a.top.total_cmp(&b.top));
        let text: Vec<Span> = lines.iter().map(|line| line.span).collect();
        let mut sheets = Self::default();
        let mut from = 0.0;
        while sheets.spans.len() < most {
            if total - from <= height + HAIR {
                sheets.add(Span { top: from, bottom: total }, &mut lines);
                sheets.whole = true;
                return sheets;
            }
            let lowest = from + height;
            let least = (from + height * FILLED, from + height * FILLED_BY_TEXT);
            let cut = gap(&text, &solid, from, lowest, least);
            if let Some(cut) = cut {
                sheets.add(Span { top: from, bottom: cut }, &mut lines);
                from = cut;
                continue;
            }
            // Lines stand beside each other without a gap through all of them: those that
            // end here stay, those that do not go over with what stands beside them.
            let fits = |span: &Span| span.bottom <= lowest + HAIR;
            let bottom = text.iter().filter(|span| fits(span)).map(|span| span.bottom);
            let bottom = bottom.fold(from + height * 0.5, f64::max).min(lowest);
            let over = text.iter().filter(|span| !fits(span)).map(|span| span.top);
            let next = over.fold(lowest, f64::min).max(from + height * 0.3);
            sheets.add_lines(from, bottom, &mut lines, |line| fits(&line.span));
            from = next.min(bottom);
        }
        sheets
    }

    fn add(&mut self, span: Span, lines: &mut Vec<Line>) {
        let last = span.bottom;
        self.add_lines(span.top, last, lines, |line| line.span.top < last - HAIR);
    }

    /// Adds a sheet with those of the lines that are left that are its own.
    fn add_lines(
        &mut self,
        top: f64,
        bottom: f64,
        lines: &mut Vec<Line>,
        mut own: impl FnMut(&Line) -> bool,
    ) {
        let number = self.spans.len();
        self.spans.push(Span { top, bottom });
        lines.retain(|line| {
            let own = own(line);
            if own {
                for baseline in &line.baselines {
                    self.lines.entry(key(*baseline)).or_insert(number);
                }
            }
            !own
        });
    }

    /// Which sheet letters on this base line stand on; `None`: on none, the letter is cut
    /// off above.
    pub(super) fn of(&self, baseline: f64) -> Option<usize> {
        let at = key(baseline);
        let known = self.lines.range(at - 3..=at + 3).min_by_key(|(key, _)| (*key - at).abs());
        if let Some((_, number)) = known {
            return Some(*number);
        }
        let within = |span: &Span| baseline < span.bottom;
        self.spans.iter().position(within).or(match self.whole {
            true => self.spans.len().checked_sub(1),
            false => None,
        })
    }
}

fn key(baseline: f64) -> i64 {
    (baseline * 4.0).round() as i64
}

/// The lowest place on a sheet that cuts no line of text, and none of what is solid that
/// begins below the first of `least`; `None` if that is above the second. Both are in order
/// of their tops.
fn gap(text: &[Span], solid: &[Span], from: f64, lowest: f64, least: (f64, f64)) -> Option<f64> {
    let mut cut = lowest;
    for _ in 0..STEPS {
        // What began on the sheet before ends somewhere: it was let go there.
        let cut_by = |spans: &[Span], least: f64| {
            let until = spans.partition_point(|span| span.top < cut - HAIR);
            let above = spans.get(..until).unwrap_or_default().iter();
            let cuts = above.filter(|span| span.bottom > cut + HAIR && span.top > least);
            cuts.map(|span| span.top).reduce(f64::min)
        };
        let tops = [cut_by(text, from + HAIR), cut_by(solid, least.0)];
        let Some(top) = tops.into_iter().flatten().reduce(f64::min) else { return Some(cut) };
        cut = top;
        if cut < least.1 {
            return None;
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn line(top: f64, height: f64) -> Line {
        Line { span: Span { top, bottom: top + height }, baselines: vec![top + height * 0.8] }
    }

    /// Every line on one sheet, and wholly there.
    fn proved(sheets: &Sheets, lines: &[Line], height: f64) {
        let mut last = 0.0;
        for span in &sheets.spans {
            assert!(span.bottom - span.top <= height + 1.0, "{span:?}");
            assert!(span.top >= last && span.bottom > span.top, "{span:?}");
            last = span.top;
        }
        for line in lines {
            let on = sheets.of(line.baselines[0]).unwrap();
            let span = sheets.spans[on];
            assert!(
                span.top <= line.span.top + 0.5 && line.span.bottom <= span.bottom + 0.5,
                "{line:?} on {span:?}"
            );
        }
    }

    #[test]
    fn lines_go_over_whole() {
        let lines: Vec<Line> = (0..500).map(|n| line(f64::from(n) * 17.3, 14.0)).collect();
        let sheets = Sheets::cut(8650.0, 750.0, 100, lines.clone(), Vec::new());
        assert!(sheets.whole);
        assert_eq!(sheets.spans.len(), 12);
        proved(&sheets, &lines, 750.0);
    }

    #[test]
    fn a_picture_goes_over_if_that_leaves_no_large_hole() {
        let picture = Span { top: 600.0, bottom: 900.0 };
        let sheets = Sheets::cut(1400.0, 750.0, 9, Vec::new(), vec![picture]);
        assert_eq!(sheets.spans[0].bottom, 600.0);
        let picture = Span { top: 100.0, bottom: 840.0 };
        let sheets = Sheets::cut(1400.0, 750.0, 9, Vec::new(), vec![picture]);
        assert_eq!(sheets.spans[0].bottom, 750.0);
    }

    #[test]
    fn columns_that_leave_no_gap_still_lose_and_double_nothing() {
        // Two columns whose lines cover each other's gaps all the way.
        let mut lines: Vec<Line> = (0..200).map(|n| line(f64::from(n) * 20.0, 19.9)).collect();
        lines.extend((0..200).map(|n| line(f64::from(n) * 20.0 + 10.0, 19.9)));
        let sheets = Sheets::cut(4020.0, 750.0, 50, lines.clone(), Vec::new());
        assert!(sheets.whole, "{:?}", sheets.spans);
        assert!(sheets.spans.len() <= 7, "{:?}", sheets.spans);
        proved(&sheets, &lines, 750.0);
    }

    #[test]
    fn a_giant_line_is_cut_and_nothing_stands_still() {
        let sheets = Sheets::cut(5000.0, 750.0, 50, vec![line(10.0, 4000.0)], Vec::new());
        assert!(sheets.whole);
        assert_eq!(sheets.spans.len(), 7);
        let nonsense =
            vec![line(f64::NAN, 5.0), line(f64::INFINITY, 1.0), line(9.0, -4.0), line(3.0, 1e300)];
        assert!(Sheets::cut(5000.0, 750.0, 50, nonsense, Vec::new()).whole);
    }

    #[test]
    fn there_are_no_more_than_asked_for() {
        let lines: Vec<Line> = (0..500).map(|n| line(f64::from(n) * 17.3, 14.0)).collect();
        let sheets = Sheets::cut(8650.0, 750.0, 3, lines, Vec::new());
        assert!(!sheets.whole);
        assert_eq!(sheets.spans.len(), 3);
        assert_eq!(sheets.of(8000.0), None);
    }
}
