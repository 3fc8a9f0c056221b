//! `dakenh openapi`: the description of the mobile API.

use std::io::Write as _;

use crate::exit::Exit;

pub(super) fn run() -> anyhow::Result<Exit> {
    std::io::stdout().lock().write_all(channel_mobile::openapi_json().as_bytes())?;
    Ok(Exit::Good)
}
