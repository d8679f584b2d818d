use super::*;
use crate::Edge;
use async_std::task;
use futures_lite::future::poll_once;
use std::net::Ipv4Addr;

const ONE: SocketAddr = from(1);
const TWO: SocketAddr = from(2);

const fn from(host: u8) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::new(10, 0, 0, host)), 1234)
}

#[test]
fn places_are_limited_and_given_back() {
    let edge = Edge::new("").max_connections(3).max_connections_per_ip(2);
    let admit = |ip| edge.table.admit(ip, &edge.limits);
    let first = admit(ONE).unwrap();
    let second = admit(ONE).unwrap();
    assert_eq!(admit(ONE).unwrap_err(), Refusal::FULL, "one address has all it may have");
    let third = admit(TWO).unwrap();
    assert_eq!(admit(TWO).unwrap_err(), Refusal::FULL, "the table is full");
    drop(first);
    let fourth = admit(TWO).unwrap();
    drop((second, third, fourth));
    assert!(edge.table.lock().per_ip.is_empty(), "nothing is kept of addresses that have gone");
}

#[test]
fn the_end_is_awaited() {
    let edge = Edge::new("");
    let place = edge.table.admit(ONE, &edge.limits).unwrap();
    task::block_on(async {
        assert!(poll_once(edge.table.stopped()).await.is_none());
        let stopper = edge.stopper();
        let stop = task::spawn(async move { stopper.stop() });
        edge.table.stopped().await;
        stop.await;
        assert!(poll_once(edge.table.empty()).await.is_none());
        let leave = task::spawn(async move { drop(place) });
        edge.table.empty().await;
        leave.await;
    });
}
