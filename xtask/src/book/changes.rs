//! What changed from one chapter to the next, as a difference of their files.

use super::directive::Listing;
use similar::TextDiff;
use std::path::Path;

/// A block that shows the difference. The two must differ.
pub fn show(root: &Path, from: &Listing, to: &Listing) -> Result<String, String> {
    let (before, after) = (from.read(root)?, to.read(root)?);
    if before == after {
        return Err(format!("{} and {} do not differ: take the line out", from.path, to.path));
    }
    let diff = TextDiff::from_lines(&before, &after);
    let diff = diff.unified_diff().context_radius(2).header(&from.path, &to.path).to_string();
    Ok(format!("```diff\n{diff}```\n"))
}
