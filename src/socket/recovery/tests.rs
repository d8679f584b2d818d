use super::*;
use std::time::Duration;

fn message(offset: u64) -> Arc<Outgoing> {
    Outgoing::message(format!("42[{offset}]"), Vec::new())
}

fn everyone() -> Audience {
    Audience::default()
}

fn room(name: &str) -> Audience {
    Audience { rooms: vec![name.to_owned()], ..Audience::default() }
}

/// A namespace with recovery, one socket in it, and a clock of its own.
struct Story {
    recoveries: Recoveries,
    mark: Mark,
    now: Instant,
}

impl Story {
    fn new() -> Self {
        Self::with(Recovery::default())
    }

    fn with(options: Recovery) -> Self {
        let mark = Mark::default();
        mark.begin(0);
        Self { recoveries: Recoveries::new(options), mark, now: Instant::now() }
    }

    fn send(&mut self, audience: &Audience) -> u64 {
        let (offset, _) = self.recoveries.keep(audience, message, self.now);
        self.mark.sent(offset);
        offset
    }

    fn send_while_away(&mut self, audience: &Audience) -> u64 {
        self.recoveries.keep(audience, message, self.now).0
    }

    fn leave(&mut self) {
        let rooms = vec!["red".to_owned()];
        let latest = self.recoveries.latest();
        let saved = Saved::new("me".into(), rooms, Arc::default(), &self.mark, latest);
        self.recoveries.save("pid".to_owned(), saved, self.now);
    }

    /// How many messages it is given when it comes back; `None` if it is not taken back.
    fn comes_back(&mut self, offset: Option<u64>) -> Option<usize> {
        let offset = offset.map(|offset| offset.to_string());
        let saved = self.recoveries.take("pid")?;
        let from = self.recoveries.gap(&saved, offset.as_deref(), self.now)?;
        let comeback = Comeback { saved, from };
        let missed = self.recoveries.missed(&comeback)?;
        self.mark.resume(&comeback, &missed, self.recoveries.latest());
        Some(missed.len())
    }
}

#[test]
fn what_came_after_the_offset_is_given_once_more() {
    let mut story = Story::new();
    let seen = story.send(&everyone());
    story.send(&everyone());
    story.leave();
    story.send_while_away(&everyone());
    assert_eq!(story.comes_back(Some(seen)), Some(2));
}

#[test]
fn only_what_was_for_it() {
    let mut story = Story::new();
    let seen = story.send(&everyone());
    story.leave();
    for audience in [room("red"), room("me"), room("blue"), everyone()] {
        story.send_while_away(&audience);
    }
    let not_me = Audience { except: vec!["me".to_owned()], ..Audience::default() };
    let not_red = Audience { except: vec!["red".to_owned()], ..Audience::default() };
    story.send_while_away(&not_me);
    story.send_while_away(&not_red);
    assert_eq!(story.comes_back(Some(seen)), Some(3));
}

#[test]
fn a_client_that_saw_nothing_yet_comes_back_too() {
    let mut story = Story::new();
    story.leave();
    story.send_while_away(&everyone());
    assert_eq!(story.comes_back(None), Some(1));

    let mut story = Story::new();
    story.send(&everyone());
    story.leave();
    assert_eq!(story.comes_back(None), Some(1), "sent, but it never arrived");
}

#[test]
fn it_works_more_than_once() {
    let mut story = Story::new();
    let seen = story.send(&everyone());
    for _ in 0..3 {
        story.leave();
        assert_eq!(story.comes_back(Some(seen)), Some(0));
    }
    story.leave();
    let missed = story.send_while_away(&everyone());
    assert_eq!(story.comes_back(Some(seen)), Some(1));
    story.leave();
    assert_eq!(story.comes_back(Some(seen)), Some(1), "given, but it never arrived");
    story.leave();
    assert_eq!(story.comes_back(Some(missed)), Some(0));
}

#[test]
fn a_private_id_is_good_for_one_return() {
    let mut story = Story::new();
    let seen = story.send(&everyone());
    story.leave();
    assert_eq!(story.comes_back(Some(seen)), Some(0));
    assert_eq!(story.comes_back(Some(seen)), None);
}

#[test]
fn a_live_socket_cannot_be_taken_over() {
    let mut story = Story::new();
    let seen = story.send(&everyone());
    assert_eq!(story.comes_back(Some(seen)), None);
}

#[test]
fn who_stays_away_too_long_begins_anew() {
    let mut story = Story::new();
    let seen = story.send(&everyone());
    story.leave();
    story.now += Recovery::default().max_disconnection_duration + Duration::from_millis(1);
    assert_eq!(story.comes_back(Some(seen)), None);
}

#[test]
fn nobody_comes_back_to_a_gap() {
    let mut story = Story::with(Recovery { max_packets: 2, ..Recovery::default() });
    let seen = story.send(&everyone());
    story.leave();
    story.send_while_away(&everyone());
    story.send_while_away(&everyone());
    assert_eq!(story.comes_back(Some(seen)), Some(2));
    story.leave();
    for _ in 0..3 {
        story.send_while_away(&everyone());
    }
    assert_eq!(story.comes_back(Some(story.recoveries.latest() - 3)), None);
}

#[test]
fn one_that_saw_everything_needs_no_old_message() {
    let mut story = Story::with(Recovery { max_packets: 2, ..Recovery::default() });
    let seen = story.send(&room("me"));
    for _ in 0..5 {
        story.send_while_away(&room("others"));
    }
    // Its last message has long been dropped, but it has missed nothing.
    story.leave();
    story.send_while_away(&everyone());
    assert_eq!(story.comes_back(Some(seen)), Some(1));
}

#[test]
fn the_store_is_bounded_in_bytes() {
    let mut story = Story::with(Recovery { max_bytes: 20, ..Recovery::default() });
    for _ in 0..100 {
        story.send(&everyone());
    }
    assert!(story.recoveries.bytes <= 20);
}

#[test]
fn an_offset_that_was_never_given_out_is_refused() {
    for (offset, from) in [("1", Some(1)), ("99", None), ("y", None)] {
        let mut story = Story::new();
        story.send(&everyone());
        story.leave();
        let saved = story.recoveries.take("pid").unwrap();
        assert_eq!(story.recoveries.gap(&saved, Some(offset), story.now), from, "{offset:?}");
    }
}
