//! An answer over plain HTTP.

use crate::PATIENCE;
use crate::story::Story;
use ureq::http::Response;
use ureq::{Agent, Body, Error};

/// A status, a type, a body.
#[derive(Debug)]
pub struct Answer {
    story: Story,
    request: String,
    /// 200, 404…
    pub status: u16,
    /// The header `Content-Type`, or nothing.
    pub content_type: String,
    /// The body as text.
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn get(port: u16, path: &str, story: Story) -> Self {
        Self::read(story, format!("GET {path}"), agent().get(url(port, path)).call())
    }

    #[track_caller]
    pub(crate) fn post(port: u16, path: &str, body: &str, story: Story) -> Self {
        Self::read(story, format!("POST {path}"), agent().post(url(port, path)).send(body))
    }

    #[track_caller]
    fn read(story: Story, request: String, answer: Result<Response<Body>, Error>) -> Self {
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(error) => panic!(
                "\n\n{}{request}\n  expected  an answer\n  came      {error}\n\n{}",
                story.so_far(),
                story.end()
            ),
        };
        let content_type = answer.headers().get("content-type");
        let content_type =
            content_type.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let status = answer.status().as_u16();
        let body = answer.body_mut().read_to_string().unwrap_or_default();
        Self { story, request, status, content_type, body }
    }

    /// One property of the answer is what it should be.
    ///
    /// # Panics
    /// With a message for the learner, when it is not.
    #[track_caller]
    pub fn shows(&self, what: &str, expected: &str, came: &str, why: &str) {
        // Lines below each other, if there are several.
        let [right, wrong] = [expected, came].map(|text| text.replace('\n', "\n            "));
        assert!(
            expected == came,
            "\n\n{}{}\n  {what}\n  expected  {right}\n  came      {wrong}\n\n{why}\n{}",
            self.story.so_far(),
            self.request,
            self.story.end()
        );
    }
}

/// One that takes every status for an answer.
fn agent() -> Agent {
    let config = Agent::config_builder().http_status_as_error(false);
    config.timeout_global(Some(PATIENCE)).build().new_agent()
}

fn url(port: u16, path: &str) -> String {
    format!("http://127.0.0.1:{port}{path}")
}
