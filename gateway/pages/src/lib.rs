#![doc = include_str!("../README.md")]

mod answer;
mod assets;
mod front;
mod house;
mod keys;
mod shell;
mod visit;

use std::sync::Arc;

use axum::Router;
use gateway_http::ChannelParts;

use house::House;
pub use house::PagesNeeds;

/// The pages, ready to be composed.
pub fn channel_parts(needs: PagesNeeds) -> ChannelParts {
    let house = Arc::new(House::new(needs));
    let router = Router::new().merge(front::routes()).merge(assets::routes()).with_state(house);
    ChannelParts::answering("pages", router)
}
