#![doc = include_str!("../README.md")]

mod answer;
mod assets;
mod chat;
mod front;
mod house;
mod keys;
mod shell;
mod sign_in;
mod visit;

use std::sync::Arc;

use axum::Router;
use gateway_http::ChannelParts;

pub use chat::ChatPage;
use house::House;
pub use house::PagesNeeds;
pub use sign_in::{
    PASSWORD_LEAST, Password, PasswordCost, PasswordProblem, Passwords, SignInDesk, SignInNeeds, SignInRules,
    TotpSecret, Unfit,
};

/// The pages, ready to be composed.
pub fn channel_parts(needs: PagesNeeds) -> ChannelParts {
    let house = Arc::new(House::new(needs));
    let chat = chat::routes(house.needs.chat.as_ref());
    let router = Router::new().merge(front::routes()).merge(sign_in::routes()).merge(chat).merge(assets::routes());
    let router = router.with_state(house);
    ChannelParts::answering("pages", router)
}
