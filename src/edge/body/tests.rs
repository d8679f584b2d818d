use super::*;

#[test]
fn a_length_is_counted_down() {
    let mut framing = Framing::Length(5);
    let mut output = [0; 3];
    assert_eq!(framing.decode(b"ab", &mut output), Ok((2, 2)));
    assert_eq!(framing.decode(b"cdefg", &mut output), Ok((3, 3)));
    assert_eq!((&output, framing.is_done(), framing.length()), (b"cde", true, Some(0)));
    assert_eq!(framing.decode(b"fg", &mut output), Ok((0, 0)));
}

#[test]
fn patience_is_used_up_by_waiting_and_earned_by_bytes() {
    let second = Duration::from_secs(1);
    let mut reader = BodyReader::new(Weak::new(), 0, 30 * second);
    let mut after = |waited: u32, came: usize| {
        reader.waiting_since = Instant::now().checked_sub(second * waited);
        reader.has_waited(came);
        reader.patience.as_secs_f32().round()
    };
    assert_eq!(after(10, 0), 20.0);
    assert_eq!(after(10, 5_000), 15.0);
    assert_eq!(after(0, usize::MAX), 30.0);
    assert_eq!(after(99, 2_000), 2.0);
}
