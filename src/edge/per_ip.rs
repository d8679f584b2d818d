//! How many of something each client's address has.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

/// Counts by address; nothing is kept of those that have none.
#[derive(Debug, Default)]
pub struct PerIp(HashMap<IpAddr, usize>);

impl PerIp {
    pub fn count(&self, ip: IpAddr) -> usize {
        self.0.get(&subscriber(ip)).copied().unwrap_or(0)
    }

    pub fn add(&mut self, ip: IpAddr) {
        *self.0.entry(subscriber(ip)).or_default() += 1;
    }

    pub fn remove(&mut self, ip: IpAddr) {
        let ip = subscriber(ip);
        if let Some(count) = self.0.get_mut(&ip) {
            *count -= 1;
            if *count == 0 {
                self.0.remove(&ip);
            }
        }
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The address that stands for all of one client's: with IPv6 whoever has one has the 2^64 of its network.
fn subscriber(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).into(),
        ip => ip,
    }
}
