#![doc = include_str!("../README.md")]

mod answer;
mod ask;
mod assets;
mod calls;
mod chat;
mod console;
mod continued;
mod dossiers;
mod form;
mod front;
mod house;
mod key_table;
mod keys;
mod learning;
mod live;
mod procedures;
mod queue;
mod shelf;
mod shell;
mod sign_in;
mod trouble;
mod visit;

use std::sync::Arc;

use axum::Router;
use gateway_http::{ChannelParts, ProblemPages};

pub use calls::CallNeeds;
pub use chat::ChatPage;
pub use console::ConsoleNeeds;
use house::House;
pub use house::PagesNeeds;
pub use queue::QueueNeeds;
pub use shelf::{LifeEvent, Shelf};
pub use sign_in::{
    PASSWORD_LEAST, Password, PasswordCost, PasswordProblem, Passwords, SignInDesk, SignInNeeds, SignInRules,
    TotpSecret, Unfit,
};

/// The pages, ready to be composed.
pub fn channel_parts(needs: PagesNeeds) -> ChannelParts {
    let house = Arc::new(House::new(needs));
    let chat = chat::routes(house.needs.chat.as_ref());
    let router = Router::new()
        .merge(front::routes())
        .merge(ask::routes())
        .merge(dossiers::routes())
        .merge(procedures::routes())
        .merge(sign_in::routes())
        .merge(chat)
        .merge(console::routes())
        .merge(learning::routes())
        .merge(queue::routes())
        .merge(continued::routes())
        .merge(calls::routes())
        .merge(assets::routes());
    ChannelParts::answering("pages", router.with_state(house))
}

/// What shows a problem to a browser that asked for a page.
pub fn problem_pages(needs: PagesNeeds) -> Arc<dyn ProblemPages> {
    Arc::new(House::new(needs))
}
