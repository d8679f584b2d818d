use super::*;
use crate::Edge;
use async_std::task;
use futures_lite::future::poll_once;
use std::net::{IpAddr, Ipv4Addr};

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
fn a_network_of_ipv6_is_one_client() {
    let edge = Edge::new("").max_connections_per_ip(2);
    let admit =
        |ip: &str| edge.table.admit(SocketAddr::new(ip.parse().unwrap(), 1234), &edge.limits);
    let of_one = [admit("2001:db8::1").unwrap(), admit("2001:db8::2:0:0:2").unwrap()];
    assert_eq!(admit("2001:db8::ffff:3").unwrap_err(), Refusal::FULL);
    let others = [admit("2001:db8:0:1::1"), admit("::ffff:10.0.0.1"), admit("::ffff:10.0.0.2")];
    let others = others.map(Result::unwrap);
    drop((of_one, others));
    assert!(edge.table.lock().per_ip.is_empty());
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
