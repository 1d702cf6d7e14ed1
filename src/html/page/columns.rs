//! How the columns of a table share its width (CSS 2.2, 17.5.2.2): what each must have, would
//! like to have and has asked for, made into pixels. Numbers only; nothing is measured here.

use super::tables::Table;
use taffy::style_helpers::{TaffyMinContent as _, length, minmax, percent};
use taffy::{MinTrackSizingFunction, TrackSizingFunction};

/// What a column says of its width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Wish {
    /// Nothing.
    Auto,
    /// So many pixels, padding and border included.
    Pixels(f32),
    /// A part of the table: 1.0 is all of it.
    Part(f32),
}

impl Wish {
    /// The more demanding of two wishes for one column: a part counts more than pixels.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Part(one), Self::Part(two)) => Self::Part(one.max(two)),
            (Self::Part(part), _) | (_, Self::Part(part)) => Self::Part(part),
            (Self::Pixels(one), Self::Pixels(two)) => Self::Pixels(one.max(two)),
            (Self::Pixels(one), _) | (_, Self::Pixels(one)) => Self::Pixels(one),
            (Self::Auto, Self::Auto) => Self::Auto,
        }
    }

    pub(super) fn part(self) -> Option<f32> {
        if let Self::Part(part) = self { Some(part) } else { None }
    }
}

impl Table {
    /// Makes one whole of what columns say, what they measure, and what cells want
    /// that span several.
    pub(super) fn settle(&mut self) {
        let mut left: f32 = 1.0;
        for ((wish, least), liked) in self.wishes.iter_mut().zip(&self.least).zip(&mut self.liked) {
            *liked = liked.max(*least);
            match wish {
                // More than everything is not to be had: the last ones get less.
                Wish::Part(part) => {
                    *part = part.min(left);
                    left -= *part;
                }
                Wish::Pixels(width) => *liked = width.max(*least),
                Wish::Auto => {}
            }
        }
        for span in std::mem::take(&mut self.spans) {
            let range = span.first..(span.first + span.columns).min(self.wishes.len());
            let Some(wishes) = self.wishes.get_mut(range.clone()) else { continue };
            let Some(liked) = self.liked.get_mut(range.clone()) else { continue };
            let Some(least) = self.least.get_mut(range) else { continue };
            if let Wish::Part(part) = span.wish {
                let given: f32 = wishes.iter().filter_map(|wish| wish.part()).sum();
                let rest = (part - given).min(left);
                let weights: Vec<f32> = wishes
                    .iter()
                    .zip(&*liked)
                    .map(|(wish, liked)| if wish.part().is_none() { liked.max(1.0) } else { 0.0 })
                    .collect();
                if rest > 0.0 && weights.iter().sum::<f32>() > 0.0 {
                    left -= rest;
                    for (wish, more) in wishes.iter_mut().zip(share(weights.into_iter(), rest)) {
                        if wish.part().is_none() {
                            *wish = Wish::Part(more);
                        }
                    }
                }
            }
            let wanted = match span.wish {
                Wish::Pixels(width) => width.max(span.least),
                _ => span.liked.max(span.least),
            };
            let autos = wishes.contains(&Wish::Auto);
            let weights: Vec<f32> = wishes
                .iter()
                .zip(&*liked)
                .map(|(wish, liked)| match wish {
                    Wish::Auto => liked.max(1.0),
                    Wish::Pixels(_) if !autos => liked.max(1.0),
                    Wish::Part(part) if !autos => part.max(0.01),
                    _ => 0.0,
                })
                .collect();
            // What it needs they give up to what they like, then by weight.
            let missing = span.least - least.iter().sum::<f32>();
            if missing > 0.0 {
                let up: f32 = least.iter().zip(&*liked).map(|(least, liked)| liked - least).sum();
                let up = up.max(0.0).min(missing);
                let shares = share(
                    least.iter().zip(&*liked).map(|(least, liked)| (liked - least).max(0.0)),
                    up,
                );
                let beyond = share(weights.iter().copied(), missing - up);
                for ((least, one), two) in least.iter_mut().zip(shares).zip(beyond) {
                    *least += one + two;
                }
            }
            if autos || matches!(span.wish, Wish::Pixels(_)) {
                let missing = (wanted - liked.iter().sum::<f32>()).max(0.0);
                for (liked, more) in liked.iter_mut().zip(share(weights.iter().copied(), missing)) {
                    *liked += more;
                }
            }
            for (liked, least) in liked.iter_mut().zip(&*least) {
                *liked = liked.max(*least);
            }
        }
    }

    /// Tracks for the layout that shows how wide the whole table is.
    pub(super) fn first_tracks(&self) -> Vec<TrackSizingFunction> {
        let columns = self.wishes.iter().zip(&self.liked);
        columns
            .map(|(wish, liked)| {
                let most = match wish.part() {
                    Some(part) if self.definite => percent(part),
                    _ => length(*liked),
                };
                minmax(MinTrackSizingFunction::MIN_CONTENT, most)
            })
            .collect()
    }

    /// The widths of the columns that have so much together: each as wide as it must
    /// be; then parts, then pixels, then what the others would like, as far as it
    /// goes; what is still left goes to those that said least.
    pub(super) fn distribute(&self, whole: f32) -> Vec<f32> {
        let columns = || self.wishes.iter().zip(&self.least).zip(&self.liked);
        let steps: [Vec<f32>; 4] = [0, 1, 2, 3].map(|step| {
            columns()
                .map(|((wish, least), liked)| match wish {
                    Wish::Part(part) if step >= 1 => (part * whole).max(*least),
                    Wish::Pixels(_) if step >= 2 => liked.max(*least),
                    Wish::Auto if step >= 3 => liked.max(*least),
                    _ => *least,
                })
                .collect()
        });
        let [least, .., most] = &steps;
        let rest = whole - most.iter().sum::<f32>();
        if rest >= 0.0 {
            let autos = self.wishes.contains(&Wish::Auto);
            let pixels = self.wishes.iter().any(|wish| matches!(wish, Wish::Pixels(_)));
            let weights = columns().map(|((wish, _), liked)| match wish {
                Wish::Auto => *liked,
                Wish::Pixels(_) if !autos => *liked,
                Wish::Part(part) if !autos && !pixels => *part,
                _ => 0.0,
            });
            let takes = |wish: &Wish| match wish {
                Wish::Auto => true,
                Wish::Pixels(_) => !autos,
                Wish::Part(_) => !autos && !pixels,
            };
            let weights: Vec<f32> = weights.collect();
            let shares = if weights.iter().sum::<f32>() > 0.0 {
                share(weights.into_iter(), rest)
            } else {
                share(self.wishes.iter().map(|wish| f32::from(u8::from(takes(wish)))), rest)
            };
            return most.iter().zip(shares).map(|(most, more)| most + more).collect();
        }
        for pair in steps.windows(2) {
            let [from, to] = pair else { continue };
            let rest = whole - from.iter().sum::<f32>();
            if rest > 0.0 && to.iter().sum::<f32>() > whole {
                let shares = share(from.iter().zip(to).map(|(from, to)| to - from), rest);
                return from.iter().zip(shares).map(|(from, more)| from + more).collect();
            }
        }
        least.clone()
    }
}

/// Shares something out by weight.
fn share(weights: impl Iterator<Item = f32> + Clone, whole: f32) -> Vec<f32> {
    let all: f32 = weights.clone().sum();
    weights.map(|weight| if all > 0.0 { whole * weight / all } else { 0.0 }).collect()
}
