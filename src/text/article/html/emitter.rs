//! The tokenizer's side of the sink: which state follows a tag.

use std::convert::Infallible;

use html5gum::State;
use html5gum::emitters::callback::CallbackEmitter;
use html5gum::emitters::{Emitter, ForwardingEmitter};

use super::sink::Sink;

/// Hands tokens to the sink, and switches the tokenizer where the sink met an element whose content is no markup.
pub struct TextEmitter<'a> {
    inner: CallbackEmitter<Sink<'a>>,
}

impl<'a> TextEmitter<'a> {
    pub fn new(sink: Sink<'a>) -> Self {
        TextEmitter {
            inner: CallbackEmitter::new(sink),
        }
    }
}

impl ForwardingEmitter for TextEmitter<'_> {
    type Token = Infallible;

    fn inner(&mut self) -> &mut impl Emitter<Token = Infallible> {
        &mut self.inner
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        // The inner emitter switches no states by itself.
        let _ = self.inner.emit_current_tag();
        let state = self.inner.callback_mut().next_state();
        if state.is_some() {
            self.inner.init_string();
        }
        state
    }
}
