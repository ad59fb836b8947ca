//! The faces of the printed report, compiled in (`fonts/README.md`), in the order in which they are tried.

use std::sync::LazyLock;

use super::PdfError;

/// One face: for shaping and for drawing.
pub(super) struct Face {
    pub(super) shaping: harfrust::Font,
    pub(super) drawing: krilla::text::Font,
}

impl Face {
    /// Whether the face has a glyph for it.
    pub(super) fn has(&self, c: char) -> bool {
        self.shaping.charmap().map_unicode(c).is_some_and(|g| g.to_u32() != 0)
    }
}

/// Index of the text face in [`faces`].
pub(super) const REGULAR: usize = 0;
/// Index of the bold text face.
pub(super) const BOLD: usize = 1;
/// The first face that stands in where the text face has no glyph.
pub(super) const FALLBACK: usize = 2;

macro_rules! files {
    ($($file:literal),+ $(,)?) => { [$(($file, include_bytes!(concat!("fonts/", $file)).as_slice())),+] };
}

static FILES: [(&str, &[u8]); 22] = files![
    "NotoSans-Regular.ttf",
    "NotoSans-Bold.ttf",
    "DejaVuSans-Symbols.ttf",
    "NotoSansArabic.ttf",
    "NotoSansHebrew.ttf",
    "NotoSansDevanagari.ttf",
    "NotoSansBengali.ttf",
    "NotoSansGurmukhi.ttf",
    "NotoSansGujarati.ttf",
    "NotoSansTamil.ttf",
    "NotoSansTelugu.ttf",
    "NotoSansKannada.ttf",
    "NotoSansMalayalam.ttf",
    "NotoSansThai.ttf",
    "NotoSansLao.ttf",
    "NotoSansKhmer.ttf",
    "NotoSansMyanmar.ttf",
    "NotoSansGeorgian.ttf",
    "NotoSansArmenian.ttf",
    "NotoSansEthiopic.ttf",
    "DroidSansFallback.ttf",
    "NanumSquareR.ttf",
];

static FACES: LazyLock<Result<Vec<Face>, PdfError>> = LazyLock::new(|| {
    let read = |(file, bytes): &(&'static str, &'static [u8])| {
        let shaping = harfrust::Font::new(*bytes, 0);
        let drawing = krilla::text::Font::new((*bytes).into(), 0);
        shaping.zip(drawing).map(|(shaping, drawing)| Face { shaping, drawing }).ok_or(PdfError::Font(file))
    };
    FILES.iter().map(read).collect()
});

/// All faces: [`REGULAR`], [`BOLD`], and the ones that stand in.
///
/// # Errors
/// A font file of this build cannot be read.
pub(super) fn faces() -> Result<&'static [Face], PdfError> {
    FACES.as_ref().map(Vec::as_slice).map_err(Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_is_read_and_the_mark_is_in_both_text_faces() {
        let faces = faces().unwrap();
        assert_eq!(faces.len(), FILES.len());
        for text in [REGULAR, BOLD] {
            for c in ['\u{FFFD}', '°', '×', '′', 'Ž', 'µ', 'Ω', 'ж', '…', '–', '“'] {
                assert!(faces[text].has(c), "{c}");
            }
        }
    }
}
