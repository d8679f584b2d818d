use super::*;

#[test]
fn a_client_that_takes_its_time_is_seldom_asked_in_vain() {
    let lookout = Lookout::default();
    assert_eq!(lookout.next(), Next::Ask, "it may have sent something already");
    let mut in_vain = 0;
    for _ in 0..10 * u32::from(PATIENCE + 1) {
        lookout.came(true);
        while lookout.next() == Next::Turn {}
        if lookout.next() == Next::Ask {
            in_vain += 1;
            lookout.missed();
        }
        assert_eq!(lookout.next(), Next::Wait);
        assert_eq!(lookout.next(), Next::Wait, "however often it is looked at");
    }
    assert_eq!(in_vain, 10);
}

#[test]
fn a_client_that_answers_at_once_is_asked_each_time() {
    let lookout = Lookout::default();
    for _ in 0..=PATIENCE {
        lookout.came(true);
    }
    for _ in 0..100 {
        assert_eq!(lookout.next(), Next::Turn);
        assert_eq!(lookout.next(), Next::Ask);
        lookout.came(true);
    }
    assert_eq!(lookout.next(), Next::Turn);
    lookout.missed();
    assert_eq!(lookout.next(), Next::Wait);
}

#[test]
fn what_may_be_left_is_asked_for() {
    let lookout = Lookout::default();
    lookout.came(true);
    lookout.came(false);
    assert_eq!(lookout.next(), Next::Ask);
}
