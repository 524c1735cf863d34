//! The bundled faces, given to egui for the interface and to parley for article text; other scripts come from the system.

use egui::epaint::text::{FallbackRequest, FontInsert, FontPriority, FontProvider, InsertFontFamily};
use egui::{FontData, FontDefinitions, FontFamily};
use parley::{
    FontContext,
    fontique::{Blob, Collection, CollectionOptions, SourceCache},
};
use std::sync::{Arc, Mutex, PoisonError};

/// File by file, unmodified; their licences lie beside them.
const FILES: [(&str, &[u8]); 10] = [
    ("serif-regular", include_bytes!("../../assets/fonts/SourceSerifPro-Regular.ttf")),
    ("serif-semibold", include_bytes!("../../assets/fonts/SourceSerifPro-Semibold.ttf")),
    ("inter", include_bytes!("../../assets/fonts/Inter-Regular.otf")),
    ("inter-medium", include_bytes!("../../assets/fonts/Inter-Medium.otf")),
    ("inter-semibold", include_bytes!("../../assets/fonts/Inter-SemiBold.otf")),
    ("naskh", include_bytes!("../../assets/fonts/NotoNaskhArabic-Regular.ttf")),
    ("sans-arabic", include_bytes!("../../assets/fonts/NotoSansArabic-Regular.ttf")),
    ("serif-hebrew", include_bytes!("../../assets/fonts/NotoSerifHebrew-Regular.ttf")),
    ("sans-hebrew", include_bytes!("../../assets/fonts/NotoSansHebrew-Regular.ttf")),
    ("icons", include_bytes!("../../assets/fonts/Phosphor.ttf")),
];

/// The families that article text is set in, first choice first.
pub(crate) const READING: &str = "Source Serif Pro, Noto Naskh Arabic, Noto Serif Hebrew, Noto Serif, serif";

/// The families that article words are set in where they stand in the interface: titles, names.
pub(crate) const INTERFACE: &str = "Inter, Noto Sans Arabic, Noto Sans Hebrew, Noto Sans, sans-serif";

/// Which fonts of the machine are used beside the bundled ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemFonts {
    /// For scripts that the bundled faces lack.
    Fallback,
    /// None, so that pictures are the same on every machine.
    None,
}

/// The fonts for article text.
pub(crate) fn context(system: SystemFonts) -> FontContext {
    let options = CollectionOptions { shared: false, system_fonts: system == SystemFonts::Fallback };
    let mut collection = Collection::new(options);
    for (name, bytes) in FILES {
        if name != "icons" {
            collection.register_fonts(Blob::new(Arc::new(bytes)), None);
        }
    }
    FontContext { collection, source_cache: SourceCache::default() }
}

/// Gives egui its fonts.
pub(crate) fn install(ctx: &egui::Context, system: SystemFonts) {
    let mut fonts = FontDefinitions::empty();
    for (name, bytes) in FILES {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let other = ["sans-arabic", "sans-hebrew", "icons"];
    let mut family = |family: FontFamily, first: &str| {
        let names = [first, "inter"].into_iter().chain(other).map(str::to_owned);
        let mut seen = std::collections::BTreeSet::new();
        fonts.families.insert(family, names.filter(|name| seen.insert(name.clone())).collect());
    };
    family(FontFamily::Proportional, "inter");
    family(FontFamily::Monospace, "inter");
    family(FontFamily::Name("medium".into()), "inter-medium");
    family(FontFamily::Name("semibold".into()), "inter-semibold");
    family(FontFamily::Name("serif".into()), "serif-semibold");
    family(FontFamily::Name("reading".into()), "serif-regular");
    family(FontFamily::Name("icons".into()), "icons");
    ctx.set_fonts(fonts);
    if system == SystemFonts::Fallback {
        ctx.add_font_provider(Arc::new(SystemFallback(Mutex::new(None))));
    }
}

/// Finds a font of the system for a character that no bundled face has; the fonts of the system are looked through on first need.
struct SystemFallback(Mutex<Option<FontContext>>);

impl FontProvider for SystemFallback {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let mut context = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let context = context.get_or_insert_with(|| self::context(SystemFonts::Fallback));
        let mut layouts: parley::LayoutContext<()> = parley::LayoutContext::new();
        // The shaper knows best which font of the system has the character.
        let mut builder = layouts.ranged_builder(context, request.cluster, 1.0, false);
        builder.push_default(parley::StyleProperty::FontFamily(parley::FontFamily::Source(INTERFACE.into())));
        let layout: parley::Layout<()> = builder.build(request.cluster);
        let line = layout.lines().next()?;
        let run = line.runs().next()?;
        if run.clusters().flat_map(|cluster| cluster.glyphs().collect::<Vec<_>>()).any(|glyph| glyph.id == 0) {
            return None;
        }
        let font = run.font();
        let mut data = FontData::from_owned(font.data.as_ref().to_vec());
        data.index = font.index;
        let name = format!("system {} {}", font.data.id(), font.index);
        let families = vec![InsertFontFamily { family: request.family.clone(), priority: FontPriority::Lowest }];
        Some(FontInsert { name, data, families })
    }
}
