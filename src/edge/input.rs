//! What was read from a connection and not used yet, and how far the present request's body has come.

use super::body::Framing;
use super::refusal::Refusal;

/// The most of an unwanted body that is read for the sake of the next request.
pub const SHORT_BODY: usize = 64 * 1024;

/// The input of one connection. No I/O.
#[derive(Debug, Default)]
pub struct Input {
    pub bytes: Vec<u8>,
    /// The client has closed its side, or the connection is broken.
    pub ended: bool,
    /// The client waits for `100 Continue`.
    pub expects_continue: bool,
    /// The number of the present request.
    request: u64,
    framing: Framing,
    failed: Option<Refusal>,
}

impl Input {
    pub fn request(&self) -> u64 {
        self.request
    }

    /// Whether the body has been read to its end.
    pub fn is_done(&self) -> bool {
        self.framing.is_done()
    }

    pub fn consume(&mut self, count: usize) {
        if count == self.bytes.len() {
            // A connection that waits keeps no buffer.
            self.bytes = Vec::new();
        } else {
            self.bytes.drain(..count);
        }
    }

    /// The first bytes, of which there are so many.
    pub fn take(&mut self, count: usize) -> Vec<u8> {
        if count == self.bytes.len() {
            return std::mem::take(&mut self.bytes);
        }
        self.bytes.drain(..count).collect()
    }

    /// Starts the body of a request, and says which number the request has.
    pub fn begin(&mut self, framing: Framing, expects_continue: bool) -> u64 {
        self.framing = framing;
        self.failed = None;
        self.expects_continue = expects_continue;
        self.request
    }

    /// Decodes what is here of the body. `None` needs more bytes, `Some(0)` is the end.
    pub fn decode(&mut self, output: &mut [u8]) -> Result<Option<usize>, Refusal> {
        if let Some(refusal) = self.failed {
            return Err(refusal);
        }
        let (read, written) = self.framing.decode(&self.bytes, output)?;
        self.consume(read);
        let needs_more = written == 0 && !self.framing.is_done() && !output.is_empty();
        Ok(if needs_more { None } else { Some(written) })
    }

    /// Has the body fail for all who read it from now on.
    pub fn fail(&mut self, refusal: Refusal) {
        self.failed = Some(refusal);
    }

    /// Ends the request for its reader. `Ok` says whether the rest of the body is worth reading, so that the
    /// connection can serve another request.
    pub fn end(&mut self) -> Result<bool, Refusal> {
        self.request += 1;
        // What is here already costs no wait.
        let mut sink = [0; 1024];
        while matches!(self.decode(&mut sink)?, Some(1..)) {}
        let is_short = self.framing.length().is_none_or(|left| left <= SHORT_BODY as u64);
        // A client that was never told to continue may send the body or not.
        Ok(self.framing.is_done() || (is_short && !self.expects_continue))
    }
}

#[cfg(test)]
mod tests;
