//! An answer over plain HTTP.

use crate::{PATIENCE, exercise};

/// A status, a type, a body.
#[derive(Debug)]
pub struct Answer {
    path: String,
    /// 200, 404…
    pub status: u16,
    /// The header `Content-Type`, or nothing.
    pub content_type: String,
    /// The body as text.
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn get(port: u16, path: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent = config.timeout_global(Some(PATIENCE)).build().new_agent();
        let answer = agent.get(format!("http://127.0.0.1:{port}{path}")).call();
        let mut answer = answer.unwrap_or_else(|error| {
            panic!(
                "\n\nGET {path}\n  expected  an answer\n  came      {error}\n\nLook into {}\n",
                exercise()
            )
        });
        let content_type = answer.headers().get("content-type");
        let content_type =
            content_type.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let status = answer.status().as_u16();
        let body = answer.body_mut().read_to_string().unwrap_or_default();
        Self { path: path.to_owned(), status, content_type, body }
    }

    /// One property of the answer is what it should be.
    ///
    /// # Panics
    /// With a message for the learner, when it is not.
    #[track_caller]
    pub fn shows(&self, what: &str, expected: &str, came: &str, why: &str) {
        assert!(
            expected == came,
            "\n\nGET {}\n  {what}\n  expected  {expected}\n  came      {came}\n\n{why}\nLook into {}\n",
            self.path,
            exercise()
        );
    }
}
