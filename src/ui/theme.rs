//! Colours and sizes of the window: the only place for either. Contrast is tested below.

use crate::model::{Label, Pattern};
use egui::{Color32, CornerRadius, FontFamily, FontId, Stroke};

/// The colours of one theme. Names say where a colour is used.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Theme {
    pub(crate) dark: bool,
    pub(crate) paper: Color32,
    pub(crate) panel: Color32,
    pub(crate) bar: Color32,
    pub(crate) raised: Color32,
    pub(crate) hover: Color32,
    pub(crate) hover2: Color32,
    pub(crate) pressed: Color32,
    pub(crate) selected: Color32,
    pub(crate) accent_soft: Color32,
    pub(crate) selection: Color32,
    pub(crate) ink: Color32,
    pub(crate) ink2: Color32,
    pub(crate) ink3: Color32,
    pub(crate) strong_ink: Color32,
    pub(crate) article: Color32,
    pub(crate) disabled: Color32,
    pub(crate) control: Color32,
    pub(crate) line: Color32,
    pub(crate) line2: Color32,
    pub(crate) accent: Color32,
    pub(crate) ok: Color32,
    pub(crate) warn: Color32,
    pub(crate) block: Color32,
    pub(crate) stale: Color32,
    pub(crate) ok_soft: Color32,
    pub(crate) warn_soft: Color32,
    pub(crate) block_soft: Color32,
    pub(crate) primary: Color32,
    pub(crate) on_primary: Color32,
    pub(crate) veil: Color32,
    pub(crate) shadow: Color32,
}

const fn hex(rgb: u32) -> Color32 {
    let [_, red, green, blue] = rgb.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

impl Theme {
    /// The light theme.
    pub(crate) const LIGHT: Self = Self {
        dark: false,
        paper: hex(0xFB_FAF7),
        panel: hex(0xF5_F4F0),
        bar: hex(0xEF_EEE9),
        raised: hex(0xFF_FFFF),
        hover: hex(0xEA_E8E2),
        hover2: hex(0xF0_EEE9),
        pressed: hex(0xDF_DCD4),
        selected: hex(0xE2_E8F5),
        accent_soft: hex(0xE4_EAF8),
        selection: hex(0xC5_D7F8),
        ink: hex(0x1F_2328),
        ink2: hex(0x4C_525A),
        ink3: hex(0x5E_636B),
        strong_ink: hex(0x15_181C),
        article: hex(0x1F_2328),
        disabled: hex(0xA0_9F9B),
        control: hex(0x85_8279),
        line: hex(0xE1_DED7),
        line2: hex(0xC8_C4BB),
        accent: hex(0x2A_5FD0),
        ok: hex(0x1B_7040),
        warn: hex(0x86_5000),
        block: hex(0xB3_261E),
        stale: hex(0x67_499F),
        ok_soft: hex(0xE0_EFE5),
        warn_soft: hex(0xF8_EBD2),
        block_soft: hex(0xFB_E7E4),
        primary: hex(0x26_2A31),
        on_primary: hex(0xFF_FFFF),
        veil: Color32::from_rgba_premultiplied(9, 10, 11, 71),
        shadow: Color32::from_black_alpha(41),
    };

    /// The dark theme.
    pub(crate) const DARK: Self = Self {
        dark: true,
        paper: hex(0x17_191D),
        panel: hex(0x1C_1F24),
        bar: hex(0x21_2429),
        raised: hex(0x28_2C32),
        hover: hex(0x2B_2F36),
        hover2: hex(0x34_3A43),
        pressed: hex(0x36_3B43),
        selected: hex(0x27_3349),
        accent_soft: hex(0x27_3349),
        selection: hex(0x2B_4370),
        ink: hex(0xDF_E2E6),
        ink2: hex(0xB3_B9C2),
        ink3: hex(0x96_9DA7),
        strong_ink: hex(0xFF_FFFF),
        article: hex(0xD8_DBE0),
        disabled: hex(0x62_6872),
        control: hex(0x7F_8691),
        line: hex(0x2D_3138),
        line2: hex(0x45_4A53),
        accent: hex(0x86_AEFF),
        ok: hex(0x62_C98F),
        warn: hex(0xE5_AE55),
        block: hex(0xFF_9085),
        stale: hex(0xBB_A3F2),
        ok_soft: hex(0x1E_3429),
        warn_soft: hex(0x3A_2F1B),
        block_soft: hex(0x43_241F),
        primary: hex(0xDF_E2E6),
        on_primary: hex(0x17_191D),
        veil: Color32::from_black_alpha(115),
        shadow: Color32::from_black_alpha(128),
    };

    /// The theme for light or dark.
    pub(crate) fn get(dark: bool) -> &'static Self {
        if dark { &Self::DARK } else { &Self::LIGHT }
    }

    /// How a label looks in this theme; a grey solid line for a label that the project does not know.
    pub(crate) fn label(&self, label: Option<&Label>) -> LabelStyle {
        let Some(label) = label else {
            let line = self.ink3;
            return LabelStyle { line, tint: mix(self.paper, line, 0.15), selected: mix(self.paper, line, 0.28), pattern: Pattern::Solid };
        };
        let colour = &label.colour;
        let (line, tint) = if self.dark { (&colour.dark, &colour.dark_tint) } else { (&colour.light, &colour.light_tint) };
        let line = parse(line).unwrap_or(self.ink3);
        let tint = tint.as_deref().and_then(parse).unwrap_or_else(|| mix(self.paper, line, if self.dark { 0.22 } else { 0.18 }));
        let selected = mix(self.paper, line, if self.dark { 0.33 } else { 0.28 });
        LabelStyle { line, tint: self.readable(tint), selected: self.readable_strong(selected), pattern: label.pattern }
    }

    /// A tint on which the article's text keeps a contrast of 7:1, moved towards the paper as far as that takes: newsrooms choose
    /// their own colours.
    fn readable(&self, tint: Color32) -> Color32 {
        towards_contrast(tint, self.paper, self.article)
    }

    fn readable_strong(&self, tint: Color32) -> Color32 {
        towards_contrast(tint, self.paper, self.strong_ink)
    }

    /// Gives egui's own widgets the colours and sizes of the window.
    pub(crate) fn apply(&self, style: &mut egui::Style) {
        let visuals = &mut style.visuals;
        *visuals = if self.dark { egui::Visuals::dark() } else { egui::Visuals::light() };
        visuals.override_text_color = None;
        visuals.panel_fill = self.panel;
        visuals.window_fill = self.raised;
        visuals.window_stroke = Stroke::new(1.0, self.line2);
        visuals.extreme_bg_color = self.raised;
        visuals.text_edit_bg_color = Some(self.raised);
        visuals.faint_bg_color = self.hover;
        visuals.hyperlink_color = self.accent;
        visuals.weak_text_color = Some(self.ink3);
        visuals.selection.bg_fill = self.selection;
        visuals.selection.stroke = Stroke::new(1.0, self.accent);
        visuals.window_corner_radius = CornerRadius::same(10);
        visuals.menu_corner_radius = CornerRadius::same(10);
        let shadow = egui::Shadow { offset: [0, 6], blur: 20, spread: 0, color: self.shadow };
        (visuals.window_shadow, visuals.popup_shadow) = (shadow, shadow);
        let widgets = &mut visuals.widgets;
        for (widget, fill, edge, text) in [
            (&mut widgets.noninteractive, self.panel, self.line, self.ink),
            (&mut widgets.inactive, self.raised, self.line2, self.ink),
            (&mut widgets.hovered, self.hover2, self.line2, self.ink),
            (&mut widgets.active, self.pressed, self.line2, self.ink),
            (&mut widgets.open, self.hover2, self.line2, self.ink),
        ] {
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.bg_stroke = Stroke::new(1.0, edge);
            widget.fg_stroke = Stroke::new(1.0, text);
            widget.corner_radius = CornerRadius::same(6);
            widget.expansion = 0.0;
        }
        style.spacing.item_spacing = egui::vec2(8.0, 6.0);
        style.spacing.button_padding = egui::vec2(10.0, 4.0);
        style.spacing.interact_size.y = 28.0;
        style.spacing.scroll = egui::style::ScrollStyle::floating();
        style.interaction.tooltip_delay = 0.5;
        style.interaction.selectable_labels = false;
        style.text_styles = [
            (egui::TextStyle::Small, small()),
            (egui::TextStyle::Body, body()),
            (egui::TextStyle::Button, body()),
            (egui::TextStyle::Heading, semibold(15.0)),
            (egui::TextStyle::Monospace, body()),
        ]
        .into();
    }
}

/// How a label's annotations are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LabelStyle {
    /// The line under the words.
    pub(crate) line: Color32,
    /// Behind the words.
    pub(crate) tint: Color32,
    /// Behind the words of the selected annotation.
    pub(crate) selected: Color32,
    /// The line's pattern.
    pub(crate) pattern: Pattern,
}

fn parse(colour: &str) -> Option<Color32> {
    u32::from_str_radix(colour.strip_prefix('#')?, 16).ok().map(hex)
}

fn mix(from: Color32, to: Color32, share: f32) -> Color32 {
    from.lerp_to_gamma(to, share)
}

fn towards_contrast(tint: Color32, paper: Color32, text: Color32) -> Color32 {
    let steps = (0..=10_u8).map(|step| mix(tint, paper, f32::from(step) / 10.0));
    steps.into_iter().find(|tint| contrast(*tint, text) >= 7.0).unwrap_or(paper)
}

/// Contrast ratio of WCAG 2.2, 1 to 21.
pub(super) fn contrast(left: Color32, right: Color32) -> f32 {
    let luminance = |colour: Color32| {
        let linear = |part: u8| {
            let part = f32::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
    };
    let (left, right) = (luminance(left), luminance(right));
    (left.max(right) + 0.05) / (left.min(right) + 0.05)
}

/// Inter 500.
pub(super) fn medium(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("medium".into()))
}

/// Inter 600.
pub(super) fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("semibold".into()))
}

/// Source Serif 600, for the wordmark and empty states.
pub(super) fn serif(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("serif".into()))
}

/// Phosphor.
pub(super) fn icon(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("icons".into()))
}

/// Inter 13.
pub(super) fn body() -> FontId {
    FontId::proportional(13.0)
}

/// Inter 12.
pub(super) fn small() -> FontId {
    FontId::proportional(12.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::labels::{LabelSet, NEWS};

    #[test]
    fn article_text_has_seven_to_one_on_every_tint() {
        let set = LabelSet::read(NEWS).map(|set| set.labels).unwrap_or_default();
        assert_eq!(set.len(), 4);
        for theme in [Theme::LIGHT, Theme::DARK] {
            for label in set.iter().map(Some).chain([None]) {
                let style = theme.label(label);
                let name = label.map_or("unknown", |label| label.name.as_str());
                assert!(contrast(style.tint, theme.article) >= 7.0, "{name} tint");
                assert!(contrast(style.selected, theme.strong_ink) >= 7.0, "{name} selected");
                assert!(contrast(style.line, theme.paper) >= 3.0, "{name} line on paper");
                assert!(contrast(style.line, style.tint) >= 3.0, "{name} line on tint");
            }
            assert!(contrast(theme.paper, theme.article) >= 7.0);
            assert!(contrast(theme.selection, theme.article) >= 7.0);
        }
    }

    #[test]
    fn interface_text_has_four_and_a_half_to_one() {
        for theme in [Theme::LIGHT, Theme::DARK] {
            for (surface, text) in [
                (theme.panel, theme.ink3),
                (theme.bar, theme.ink3),
                (theme.raised, theme.ink3),
                (theme.hover, theme.ink3),
                (theme.selected, theme.ink3),
                (theme.panel, theme.accent),
                (theme.bar, theme.ok),
                (theme.raised, theme.block),
                (theme.warn_soft, theme.warn),
                (theme.block_soft, theme.block),
                (theme.primary, theme.on_primary),
                (theme.pressed, theme.ink2),
            ] {
                assert!(contrast(surface, text) >= 4.5, "{surface:?} {text:?} {}", contrast(surface, text));
            }
        }
    }

    #[test]
    fn a_newsrooms_own_colour_is_softened_until_the_text_can_be_read() {
        let json = r##"{"id":"x","place":1,"name":"X","pattern":"solid","colour":{"light":"#000000","dark":"#FFFFFF","light_tint":"#333333","dark_tint":"#EEEEEE"}}"##;
        let label: Label = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}"));
        for theme in [Theme::LIGHT, Theme::DARK] {
            assert!(contrast(theme.label(Some(&label)).tint, theme.article) >= 7.0);
        }
    }
}
