//! Pictures without what cameras and programs wrote into them: place, time, device, owner,
//! earlier versions, thumbnails. JPEG, PNG, WebP and GIF, without encoding them anew: the
//! pixels stay bit for bit, only segments are left out.
//!
//! Promise: what comes out holds nothing but what is needed to draw it (colour profiles
//! and resolutions included) and, where it is not upright, its orientation alone. A file
//! that is not understood to its end is not touched, and [`clean`] says so. Linear time,
//! bounded memory, no panics.

mod bytes;
mod exif;
mod gif;
mod jpeg;
mod png;
mod webp;

#[cfg(test)]
mod tests;

/// Kinds of files that may tell more than they show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// JPEG.
    Jpeg,
    /// PNG, also animated.
    Png,
    /// WebP.
    WebP,
    /// GIF.
    Gif,
    /// TIFF and raw files of cameras: not cleaned here.
    Tiff,
    /// HEIC and AVIF: not cleaned here.
    Heif,
}

impl Kind {
    /// What it is called in a letter, for the kinds that are shown in one.
    pub fn media_type(self) -> Option<&'static str> {
        match self {
            Self::Jpeg => Some("image/jpeg"),
            Self::Png => Some("image/png"),
            Self::WebP => Some("image/webp"),
            Self::Gif => Some("image/gif"),
            Self::Tiff | Self::Heif => None,
        }
    }
}

/// A picture that tells nothing but what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// The file.
    pub bytes: Vec<u8>,
    /// Whether anything was left out.
    pub removed: bool,
}

/// What kind of picture bytes are, by themselves.
pub fn kind(bytes: &[u8]) -> Option<Kind> {
    let brand = bytes.get(8..12);
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some(Kind::Jpeg)
    } else if bytes.starts_with(png::SIGNATURE) {
        Some(Kind::Png)
    } else if bytes.starts_with(b"RIFF") && brand == Some(b"WEBP") {
        Some(Kind::WebP)
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Some(Kind::Gif)
    } else if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
        Some(Kind::Tiff)
    } else if bytes.get(4..8) == Some(b"ftyp")
        && brand.is_some_and(|brand| {
            [b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis", b"avif", b"avis"]
                .iter()
                .any(|known| brand == *known)
        })
    {
        Some(Kind::Heif)
    } else {
        None
    }
}

/// Cleans a picture. Absent when it is of a kind that is not cleaned here, or damaged.
pub fn clean(bytes: &[u8]) -> Option<Cleaned> {
    let cleaned = match kind(bytes)? {
        Kind::Jpeg => jpeg::clean(bytes)?,
        Kind::Png => png::clean(bytes)?,
        Kind::WebP => webp::clean(bytes)?,
        Kind::Gif => gif::clean(bytes)?,
        Kind::Tiff | Kind::Heif => return None,
    };
    let removed = cleaned != bytes;
    Some(Cleaned { bytes: cleaned, removed })
}
