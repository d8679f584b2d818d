//! What the application knows about one socket.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Values = HashMap<TypeId, Arc<dyn Any + Send + Sync>>;

/// Values of the application that belong to one socket, one of each type: JavaScript's `socket.data`.
///
/// ```
/// # use tide_socketio::SocketIo;
/// struct User {
///     name: String,
/// }
/// # async_std::task::block_on(async {
/// let io = SocketIo::new();
/// io.on_connection(async |socket| {
///     socket.on("login", async |socket, name: String| socket.data().set(User { name }));
///     socket.on("whoami", async |socket, ()| {
///         let user = socket.data().get::<User>().ok_or("not logged in")?;
///         Ok::<_, &str>(user.name.clone())
///     });
/// });
/// # });
/// ```
#[derive(Default)]
pub struct Data(Mutex<Values>);

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Data({} values)", self.lock().len())
    }
}

impl Data {
    fn lock(&self) -> MutexGuard<'_, Values> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // ANCHOR: set
    /// Keeps a value, in the place of an earlier one of its type.
    pub fn set<T: Send + Sync + 'static>(&self, value: T) {
        let earlier = self.lock().insert(TypeId::of::<T>(), Arc::new(value));
        // Not under the lock: what is done when it is dropped, the application decides.
        drop(earlier);
    }

    /// The value of this type.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.lock().get(&TypeId::of::<T>()).cloned()?.downcast().ok()
    }
    // ANCHOR_END: set

    /// Takes the value of this type away.
    pub fn remove<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.lock().remove(&TypeId::of::<T>())?.downcast().ok()
    }
}
