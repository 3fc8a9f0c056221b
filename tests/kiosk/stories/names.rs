//! What assistive technology finds on the screen: names, roles, states and
//! actions, over AT-SPI's own bus.

use std::time::Duration;

use futures::future::{BoxFuture, FutureExt as _, join_all};
use test_support::{eventually, now as block_on};
use zbus::zvariant::{DynamicType, OwnedObjectPath, OwnedValue, Type, Value};
use zbus::{Connection, connection};

/// The longest that an answer may take: a terminal that starts anew answers
/// nothing more.
const ANSWER: Duration = Duration::from_secs(5);

const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
const COMPONENT: &str = "org.a11y.atspi.Component";
const ACTION: &str = "org.a11y.atspi.Action";

/// Bits of a state set, as at-spi2-core's atspi-constants.h numbers them.
const ENABLED: u32 = 8;
const FOCUSED: u32 = 12;

/// Roles, likewise.
const CHECK_BOX: u32 = 7;
const PUSH_BUTTON: u32 = 43;
const TOGGLE_BUTTON: u32 = 62;
const ENTRY: u32 = 79;

/// An object: whose, and where.
type Object = (String, OwnedObjectPath);

/// Somebody who does not see the screen.
pub(crate) struct Reader {
    session: Connection,
    bus: Connection,
}

/// What has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    object: Object,
    /// Its name.
    pub(crate) name: String,
    /// What it is, as at-spi2-core's atspi-constants.h numbers it.
    pub(crate) role: u32,
    state: u64,
}

impl Named {
    /// Who has it.
    pub(crate) fn owner(&self) -> &str {
        &self.object.0
    }

    /// Whether it is there to be pressed.
    pub(crate) fn is_control(&self) -> bool {
        [CHECK_BOX, PUSH_BUTTON, TOGGLE_BUTTON].contains(&self.role)
    }

    /// Whether it is there to be written in.
    pub(crate) fn is_field(&self) -> bool {
        self.role == ENTRY
    }

    /// Whether it has the keyboard.
    pub(crate) fn is_focused(&self) -> bool {
        self.is(FOCUSED)
    }

    /// Whether it can be pressed.
    pub(crate) fn is_enabled(&self) -> bool {
        self.is(ENABLED)
    }

    fn is(&self, state: u32) -> bool {
        self.state & (1 << state) != 0
    }
}

impl Reader {
    /// Says on a session bus that somebody reads, and joins the bus where it is done.
    pub(crate) fn join(session: &str) -> Self {
        let session = block_on(connect(session));
        let (owner, path) = ("org.a11y.Bus", "/org/a11y/bus");
        // The launcher takes its name some moments after its start.
        let address = eventually("the bus of assistive technology", || {
            let told = block_on(session.call_method(Some(owner), path, Some(owner), "GetAddress", &()));
            told.ok()?.body().deserialize::<String>().ok()
        });
        let reader = Self { bus: block_on(connect(&address)), session };
        reader.reads(true);
        reader
    }

    /// Says on the session bus whether somebody reads: programs take the trouble only
    /// then.
    pub(crate) fn reads(&self, reads: bool) {
        let (owner, path) = (Some("org.a11y.Bus"), "/org/a11y/bus");
        let reads = ("org.a11y.Status", "IsEnabled", Value::from(reads));
        block_on(self.session.call_method(owner, path, Some(PROPERTIES), "Set", &reads)).unwrap();
    }

    /// Everything on the screen that has a name, in reading order.
    pub(crate) fn all(&self) -> Vec<Named> {
        let root = ("org.a11y.atspi.Registry".to_owned(), "/org/a11y/atspi/accessible/root".try_into().unwrap());
        let mut named = block_on(self.under(root));
        named.retain(|found| !found.name.is_empty());
        named
    }

    /// The names alone.
    pub(crate) fn names(&self) -> Vec<String> {
        self.all().into_iter().map(|found| found.name).collect()
    }

    /// Where it is on the screen: left, top, width, height.
    pub(crate) fn place(&self, named: &Named) -> Option<(i32, i32, i32, i32)> {
        // 0: in the screen's coordinates.
        block_on(self.ask(&named.object, COMPONENT, "GetExtents", &0_u32))
    }

    /// Does what it is for.
    pub(crate) fn press(&self, named: &Named) {
        let done: Option<bool> = block_on(self.ask(&named.object, ACTION, "DoAction", &0_i32));
        assert_eq!(done, Some(true), "{named:?} can be pressed");
    }

    /// What is said beside its name.
    pub(crate) fn description(&self, named: &Named) -> String {
        let asked = (ACCESSIBLE, "Description");
        let told: Option<OwnedValue> = block_on(self.ask(&named.object, PROPERTIES, "Get", &asked));
        told.and_then(|value| value.try_into().ok()).unwrap_or_default()
    }

    /// An object and all below it. What goes while it is asked is left out.
    fn under(&self, object: Object) -> BoxFuture<'_, Vec<Named>> {
        async move {
            let (name, role, state, children) = futures::join!(
                self.name(&object),
                self.ask::<u32>(&object, ACCESSIBLE, "GetRole", &()),
                self.ask::<Vec<u32>>(&object, ACCESSIBLE, "GetState", &()),
                self.ask::<Vec<Object>>(&object, ACCESSIBLE, "GetChildren", &()),
            );
            let below = join_all(children.unwrap_or_default().into_iter().map(|child| self.under(child))).await;
            let state = state.unwrap_or_default().into_iter().rev().fold(0, |all, half| all << 32 | u64::from(half));
            let this = name.zip(role).map(|(name, role)| Named { object, name, role, state });
            this.into_iter().chain(below.into_iter().flatten()).collect()
        }
        .boxed()
    }

    async fn name(&self, object: &Object) -> Option<String> {
        let asked = (ACCESSIBLE, "Name");
        let told: OwnedValue = self.ask(object, PROPERTIES, "Get", &asked).await?;
        let told: String = told.try_into().ok()?;
        // Places where a line may break are for the eye.
        Some(told.replace('\u{200b}', ""))
    }

    async fn ask<T>(
        &self,
        (owner, path): &Object,
        interface: &str,
        method: &str,
        with: &(impl serde::Serialize + DynamicType + Sync),
    ) -> Option<T>
    where
        T: serde::de::DeserializeOwned + Type,
    {
        let told = self.bus.call_method(Some(owner.as_str()), path, Some(interface), method, with).await;
        told.ok()?.body().deserialize().ok()
    }
}

async fn connect(address: &str) -> Connection {
    connection::Builder::address(address).unwrap().method_timeout(ANSWER).build().await.unwrap()
}
