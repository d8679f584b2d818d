//! A text with holes: `«name»` for what one learns on the way, `…` at the end for what does not matter.

use std::collections::HashMap;
use std::fmt;

/// What the names of a transcript have been bound to.
pub type Names = HashMap<String, String>;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Name(String),
}

/// A text to be sent, or to be compared with what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
    open: bool,
}

impl Pattern {
    /// Reads a pattern as it stands in a transcript.
    ///
    /// # Errors
    /// On a name that does not end, has no letters, or touches the next one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (text, open) = text.strip_suffix('…').map_or((text, false), |rest| (rest, true));
        let mut parts = Vec::new();
        let mut pieces = text.split('«');
        let first = pieces.next().unwrap_or_default();
        push_text(&mut parts, first)?;
        for piece in pieces {
            let (name, rest) =
                piece.split_once('»').ok_or("a name that begins with « ends with »")?;
            if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
                return Err(format!("«{name}» is no name: use letters, digits and _"));
            }
            if matches!(parts.last(), Some(Part::Name(_))) {
                return Err(format!("nothing says where «{name}» begins: it follows another name"));
            }
            parts.push(Part::Name(name.to_owned()));
            push_text(&mut parts, rest)?;
        }
        if open && matches!(parts.last(), Some(Part::Name(_))) {
            return Err("nothing says where a name ends that … follows".to_owned());
        }
        Ok(Self { parts, open })
    }

    /// The text with every name filled in.
    ///
    /// # Errors
    /// On a name that is not bound, and on `…`: nobody can send "any rest".
    pub fn fill(&self, names: &Names) -> Result<String, String> {
        if self.open {
            return Err("… can be compared, not sent".to_owned());
        }
        let part = |part: &Part| match part {
            Part::Text(text) => Ok(text.clone()),
            Part::Name(name) => {
                names.get(name).cloned().ok_or_else(|| format!("«{name}» is not known yet"))
            }
        };
        self.parts.iter().map(part).collect()
    }

    /// Whether `text` is what the pattern says. Names that are new are bound.
    pub fn matches(&self, text: &str, names: &mut Names) -> bool {
        let mut rest = text;
        for (index, part) in self.parts.iter().enumerate() {
            let wanted = match part {
                Part::Text(text) => text,
                Part::Name(name) => match names.get(name) {
                    Some(value) => value,
                    None => {
                        // A new name reaches to the text that follows it.
                        let length = match self.parts.get(index + 1) {
                            Some(Part::Text(next)) => rest.find(next.as_str()),
                            _ => Some(rest.len()),
                        };
                        let Some(length) = length.filter(|length| *length > 0) else {
                            return false;
                        };
                        let (value, after) = rest.split_at(length);
                        names.insert(name.clone(), value.to_owned());
                        rest = after;
                        continue;
                    }
                },
            };
            let Some(after) = rest.strip_prefix(wanted.as_str()) else { return false };
            rest = after;
        }
        self.open || rest.is_empty()
    }
}

fn push_text(parts: &mut Vec<Part>, text: &str) -> Result<(), String> {
    if text.contains('»') {
        return Err("» without «".to_owned());
    }
    if !text.is_empty() {
        parts.push(Part::Text(text.replace('␞', "\u{1e}")));
    }
    Ok(())
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Text(text) => f.write_str(&text.replace('\u{1e}', "␞"))?,
                Part::Name(name) => write!(f, "«{name}»")?,
            }
        }
        f.write_str(if self.open { "…" } else { "" })
    }
}

#[cfg(test)]
mod tests;
