//! How large a test is.

use crate::outcome::Failure;

pub const MIB: u64 = 1024 * 1024;

/// `short` in `cargo test`, `full` in `cargo xtask check faults`, which has minutes.
pub fn scaled<T>(short: T, full: T) -> T {
    if is_full() { full } else { short }
}

pub fn is_full() -> bool {
    std::env::var_os("FAULTS_FULL").is_some()
}

/// Runs a test again, twice at most, if all that failed was a time or an amount: a machine that has other things to
/// do causes that as well.
pub fn measured(test: impl Fn() -> Result<(), Failure>) -> Result<(), Failure> {
    for _ in 0..2 {
        match test() {
            Err(Failure::Measured(what)) => println!("once more: {what}"),
            result => return result,
        }
    }
    test()
}
