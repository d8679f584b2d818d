use super::*;

#[test]
fn a_few_in_a_second_and_the_rest_counted() {
    let notice = Notice::new();
    let start = Instant::now();
    for _ in 0..PER_SECOND {
        assert_eq!(notice.admit(start), Some(0));
    }
    for _ in 0..5 {
        assert_eq!(notice.admit(start + Duration::from_millis(999)), None);
    }
    assert_eq!(notice.admit(start + Duration::from_secs(1)), Some(5));
    assert_eq!(notice.admit(start + Duration::from_secs(1)), Some(0));
}
