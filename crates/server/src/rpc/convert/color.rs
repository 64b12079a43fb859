//! Colours: shares of red, green and blue on the wire, `#RRGGBB` inside.

use api::google::r#type::Color;

/// None for the empty text.
pub fn to_wire(hex: &str) -> Option<Color> {
    let digits = hex.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii())?;
    let share = |at: usize| {
        u8::from_str_radix(&digits[at..at + 2], 16).ok().map(|byte| f32::from(byte) / 255.0)
    };
    Some(Color { red: share(0)?, green: share(2)?, blue: share(4)?, alpha: None })
}

/// Shares beyond 0 and 1 are taken as these; there is no transparency.
pub fn from_wire(color: Option<&Color>) -> String {
    let Some(color) = color else { return String::new() };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=255; NaN becomes 0"
    )]
    let byte = |share: f32| (share.clamp(0.0, 1.0) * 255.0).round() as u8;
    format!("#{:02X}{:02X}{:02X}", byte(color.red), byte(color.green), byte(color.blue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives() {
        for byte in 0..=255 {
            let hex = format!("#{byte:02X}{:02X}{byte:02X}", 255 - byte);
            assert_eq!(from_wire(to_wire(&hex).as_ref()), hex);
        }
        assert_eq!(to_wire(""), None);
        assert_eq!(to_wire("#é0000"), None);
        assert_eq!(from_wire(None), "");
        let odd = Color { red: -1.0, green: f32::NAN, blue: 9.0, alpha: None };
        assert_eq!(from_wire(Some(&odd)), "#0000FF");
    }
}
