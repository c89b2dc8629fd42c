//! What is told of an entity.

use std::fmt;

use crate::cli::wire_name;
use crate::text::entities::Form;
use crate::text::record::{Entity, Role};

/// Where more is said about an entity.
pub fn link(entity: &Entity) -> Option<String> {
    let id = entity.wikidata.as_ref()?;
    Some(format!("https://www.wikidata.org/wiki/{id}"))
}

/// "Prime Minister (head_of_government of e1)".
pub fn role(role: &Role) -> String {
    let of = role
        .of
        .as_ref()
        .map_or(String::new(), |of| format!(" of {of}"));
    format!("{} ({}{of})", role.text, wire_name(&role.office))
}

/// Words that mean an entity, and how.
pub struct SurfaceForm<'a> {
    pub text: &'a str,
    pub form: Form,
    pub count: usize,
}

impl fmt::Display for SurfaceForm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.text, wire_name(&self.form))?;
        match self.count {
            1 => Ok(()),
            count => write!(f, " ×{count}"),
        }
    }
}

/// The different words that mean an entity, in text order.
pub fn forms(entity: &Entity) -> Vec<SurfaceForm<'_>> {
    let mut forms: Vec<SurfaceForm> = Vec::new();
    for mention in &entity.mentions {
        let (text, form) = (mention.passage.text.as_str(), mention.form);
        match forms
            .iter_mut()
            .find(|known| known.text == text && known.form == form)
        {
            Some(known) => known.count += 1,
            None => forms.push(SurfaceForm {
                text,
                form,
                count: 1,
            }),
        }
    }
    forms
}
