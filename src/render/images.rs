//! Images of the site in, their size in pixels out, so that pages keep the room for them; each file is looked into once.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::model::Handbook;
use crate::model::address::asset_file;
use crate::source::{self, Asset};

/// Width and height.
type Size = (usize, usize);

/// The images of a site by their file in the output.
#[derive(Debug)]
pub struct Images(HashMap<String, (Asset, OnceLock<Option<Size>>)>);

impl Images {
    /// Those of a handbook; none is opened yet.
    pub fn of(handbook: &Handbook) -> Self {
        let all = handbook.assets.iter().chain(&handbook.statics);
        Images(all.filter(|a| is_image(&a.path)).map(|a| (asset_file(&a.path), (a.clone(), OnceLock::new()))).collect())
    }

    /// The size of an image; none where it cannot be told.
    pub fn size(&self, file: &str) -> Option<Size> {
        let (image, size) = self.0.get(file)?;
        *size.get_or_init(|| measure(image))
    }
}

fn is_image(path: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or_default();
    source::is_drawing(path) || ["png", "apng", "jpg", "jpeg", "jfif", "gif", "webp", "bmp"].iter().any(|e| extension.eq_ignore_ascii_case(e))
}

fn measure(image: &Asset) -> Option<Size> {
    if let Some(drawing) = &image.drawing {
        return svg_size(&drawing.text);
    }
    let bytes = source::read_bytes(&image.on_disk).ok()?;
    if source::is_drawing(&image.path) {
        return svg_size(&String::from_utf8(bytes).ok()?);
    }
    imagesize::blob_size(&bytes).ok().map(|size| (size.width, size.height))
}

/// The size of a drawing: that of its root element, else that of its view box.
fn svg_size(text: &str) -> Option<Size> {
    let start = text.find("<svg")?;
    let root = &text[start..start + text[start..].find('>')?];
    let attributes = crate::markdown::html::attributes(&format!("{root}>"));
    let value = |name: &str| attributes.iter().find(|(_, n, _)| n == name).map(|(.., value)| value.as_str());
    let pixels = |text: &str| text.trim_end_matches("px").parse::<f64>().ok().filter(|n| *n > 0.0).map(|n| n.round() as usize);
    if let (Some(width), Some(height)) = (value("width").and_then(pixels), value("height").and_then(pixels)) {
        return Some((width, height));
    }
    let numbers: Vec<&str> = value("viewbox")?.split([' ', ',']).filter(|n| !n.is_empty()).collect();
    Some((pixels(numbers.get(2)?)?, pixels(numbers.get(3)?)?))
}

#[cfg(test)]
mod tests {
    use super::svg_size;

    #[test]
    fn a_drawing_has_the_size_of_its_root_or_of_its_view_box() {
        assert_eq!(svg_size("<?xml?><svg width=\"40\" height=\"20px\" viewBox=\"0 0 1 1\"><path/></svg>"), Some((40, 20)));
        assert_eq!(svg_size("<svg xmlns=\"x\" viewBox=\"0 0 300.4, 150\">"), Some((300, 150)));
        assert_eq!(svg_size("<svg width=\"100%\" height=\"50%\">"), None);
    }
}
