//! Topic names behind small numbers, so that a partition's name is copied nowhere in the loop.

use std::sync::Arc;

use crate::stream::message::Position;
use crate::stream::state::Source;

/// The input topics, in the order of the configuration.
#[derive(Clone, Debug)]
pub struct InputTopics(Arc<[Arc<str>]>);

impl InputTopics {
    pub fn new(names: &[String]) -> Self {
        InputTopics(names.iter().map(|name| Arc::from(name.as_str())).collect())
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// `None` for a topic that was not asked for.
    pub fn source(&self, topic: &str, partition: i32) -> Option<Source> {
        let index = self.0.iter().position(|name| name.as_ref() == topic)?;
        Some(Source {
            topic: u16::try_from(index).ok()?,
            partition,
        })
    }

    pub fn name(&self, source: Source) -> &Arc<str> {
        &self.0[usize::from(source.topic)]
    }

    pub fn position(&self, source: Source, offset: i64) -> Position {
        Position {
            input_topic: Arc::clone(self.name(source)),
            partition: source.partition,
            offset,
        }
    }
}
