#![doc = include_str!("../README.md")]

mod address_limit;
mod caller;
mod channel;
mod edge;
mod gate;
mod gzip;
mod host;
mod input;
mod measure;
mod networks;
mod panics;
mod proxies;
mod stack;
mod validator;
mod whole_body;

pub mod problem;
pub mod serve;

pub use address_limit::{AddressLimitConfig, AddressLimits};
pub use caller::{Caller, Device, RequestIds};
pub use channel::{ChannelParts, Outbound, Task, Undelivered};
pub use input::{JsonBody, QueryInput};
pub use measure::{describe_metrics, measured};
pub use problem::{Problem, ProblemPages};
pub use proxies::{ForwardedHeader, TrustedProxies};
pub use serve::{ServeConfig, serve};
pub use stack::{
    CorsConfig, HttpService, Needs, StackConfig, StackError, Stacked, internal_stack, public_stack,
    public_stack_with_pages,
};
pub use validator::{Validator, matches_validator, not_modified};
