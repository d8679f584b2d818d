use super::*;

#[test]
fn a_client_that_takes_its_time_is_seldom_asked_in_vain() {
    let lookout = Lookout::default();
    assert_eq!(lookout.next(), Next::Ask, "it may have sent something already");
    let mut in_vain = 0;
    for _ in 0..10 * u32::from(MAX_PATIENCE + 1) {
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
    for _ in 0..=MAX_PATIENCE {
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
    lookout.came(true);
    assert_eq!(lookout.next(), Next::Turn, "it was late only once");
}

#[test]
fn a_client_that_answers_at_once_every_other_time_is_not_asked_much_in_vain() {
    let lookout = Lookout::default();
    let (mut asked, mut in_vain) = (0, 0);
    lookout.came(true);
    for _ in 0..1_000 {
        while lookout.next() == Next::Turn {}
        if lookout.next() == Next::Ask {
            asked += 1;
            if asked % 2 == 0 {
                in_vain += 1;
                lookout.missed();
            }
        }
        lookout.came(true);
    }
    assert!(in_vain < 150, "{in_vain} times in vain, of {asked}");
}

#[test]
fn what_may_be_left_is_asked_for() {
    let lookout = Lookout::default();
    lookout.came(true);
    lookout.came(false);
    assert_eq!(lookout.next(), Next::Ask);
}
