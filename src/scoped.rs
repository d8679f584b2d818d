//! A variable of the thread, set for the time of one call.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread::LocalKey;

/// Calls `call` while `variable` is `value`. Afterwards it is what it was before, even if the call panicked:
/// the thread goes on, with work that has nothing to do with this.
pub fn scoped<T: 'static, R>(
    variable: &'static LocalKey<RefCell<T>>,
    value: T,
    call: impl FnOnce() -> R,
) -> R {
    let before = variable.replace(value);
    let result = catch_unwind(AssertUnwindSafe(call));
    variable.set(before);
    result.unwrap_or_else(|panic| resume_unwind(panic))
}
