use super::*;

fn input(bytes: &[u8], framing: Framing) -> Input {
    let mut input = Input { bytes: bytes.to_vec(), ..Input::default() };
    input.begin(framing, false);
    input
}

#[test]
fn a_body_is_taken_from_what_was_read() {
    let mut input = input(b"abcdefGET", Framing::Length(6));
    let mut output = [0; 4];
    assert_eq!(input.decode(&mut output), Ok(Some(4)));
    assert_eq!(&output, b"abcd");
    assert_eq!(input.decode(&mut output), Ok(Some(2)));
    assert_eq!(input.decode(&mut output), Ok(Some(0)));
    assert_eq!((input.end(), &input.bytes[..]), (Ok(true), &b"GET"[..]));
}

#[test]
fn a_body_that_is_not_all_here() {
    let mut input = input(b"ab", Framing::Length(3));
    let mut output = [0; 4];
    assert_eq!(input.decode(&mut []), Ok(Some(0)), "nothing was asked for");
    assert_eq!(input.decode(&mut output), Ok(Some(2)));
    assert_eq!(input.decode(&mut output), Ok(None));
    assert_eq!(input.bytes.capacity(), 0, "a connection that waits keeps no buffer");
}

#[test]
fn the_rest_of_a_body_may_be_worth_reading() {
    let rest = |framing| input(b"", framing).end();
    assert_eq!(rest(Framing::Length(SHORT_BODY as u64)), Ok(true));
    assert_eq!(rest(Framing::Length(SHORT_BODY as u64 + 1)), Ok(false));
    assert_eq!(rest(Framing::chunked(1000)), Ok(true));
    let mut expecting = Input::default();
    expecting.begin(Framing::Length(1), true);
    assert_eq!(expecting.end(), Ok(false));
}

#[test]
fn a_failure_is_seen_by_all_who_read_and_by_the_end() {
    let mut input = input(b"abc", Framing::Length(3));
    input.fail(Refusal::BODY_TIMEOUT);
    assert_eq!(input.decode(&mut [0; 4]), Err(Refusal::BODY_TIMEOUT));
    assert_eq!(input.end(), Err(Refusal::BODY_TIMEOUT));
    // The next request starts anew, under a number of its own.
    assert_eq!(input.begin(Framing::Length(3), false), 1);
    assert_eq!(input.decode(&mut [0; 4]), Ok(Some(3)));
    // A malformed body is found even if nobody reads it.
    input.bytes = b"x".to_vec();
    input.begin(Framing::chunked(1000), false);
    assert_eq!(input.end().unwrap_err().status as u16, 400);
}
