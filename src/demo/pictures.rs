//! The pictures of the sample letters, drawn by `assets/demo/draw.py`.

/// A picture's name, media type and bytes.
type Picture = (&'static str, &'static str, &'static [u8]);

macro_rules! pictures {
    ($($name:literal => $media_type:literal),* $(,)?) => {
        /// Every picture there is.
        pub(super) const PICTURES: &[Picture] = &[$((
            $name,
            $media_type,
            include_bytes!(concat!("../../assets/demo/pictures/", $name)),
        )),*];
    };
}

pictures! {
    "banjjak-lamp.jpg" => "image/jpeg",
    "banjjak-logo.png" => "image/png",
    "banjjak-mug.jpg" => "image/jpeg",
    "book-cat.png" => "image/png",
    "book-garden.png" => "image/png",
    "book-lake.png" => "image/png",
    "book-train.png" => "image/png",
    "bungu-logo.png" => "image/png",
    "bungu-pens.png" => "image/png",
    "coffee-barcode.png" => "image/png",
    "coffee-beans.webp" => "image/webp",
    "coffee-logo.png" => "image/png",
    "coffee-steam.gif" => "image/gif",
    "dalbit-hero-45.jpg" => "image/jpeg",
    "dalbit-hero-46.jpg" => "image/jpeg",
    "dalbit-hero-47.jpg" => "image/jpeg",
    "dalbit-logo.png" => "image/png",
    "goyopay-banner.png" => "image/png",
    "goyopay-bus.png" => "image/png",
    "goyopay-cup.png" => "image/png",
    "goyopay-logo.png" => "image/png",
    "junk-jackpot.gif" => "image/gif",
    "kiln-logo.png" => "image/png",
    "library-logo.png" => "image/png",
    "library-shelf.png" => "image/png",
    "long-garden.jpg" => "image/jpeg",
    "long-lighthouse.jpg" => "image/jpeg",
    "long-train.jpg" => "image/jpeg",
    "map.png" => "image/png",
    "quiet-cup.jpg" => "image/jpeg",
    "quiet-hero.webp" => "image/webp",
    "quiet-logo-dark.png" => "image/png",
    "quiet-logo.png" => "image/png",
}

/// The pixel of one pixel: a GIF, or a PNG.
pub(super) fn pixel(png: bool) -> (&'static str, &'static [u8]) {
    if png {
        ("image/png", include_bytes!("../../assets/demo/pictures/pixel.png"))
    } else {
        ("image/gif", include_bytes!("../../assets/demo/pictures/pixel.gif"))
    }
}

/// A picture by its name.
pub(super) fn find(name: &str) -> Option<(&'static str, &'static [u8])> {
    let picture = PICTURES.iter().find(|(known, _, _)| *known == name)?;
    Some((picture.1, picture.2))
}
