//! `dakenh officer totp`: the second factor.

use anyhow::Context as _;
use gateway_core::ports::{OfficerChange, acts};
use gateway_pages::TotpSecret;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use super::{Office, out, read_login};
use crate::exit::Exit;

pub(super) async fn run(office: &Office, login: &str, clear: bool) -> anyhow::Result<Exit> {
    let id = office.account(login).await?;
    if clear {
        office.change(id, OfficerChange::SecondFactor(None), acts::SECOND_FACTOR_CLEARED).await?;
        out("the account has no second factor any more; every session of it has ended");
        return Ok(Exit::Good);
    }
    let secret = TotpSecret::new(&*office.randomness);
    let uri = secret.uri(&office.config.officers.issuer, &read_login(login)?);
    let picture = QrCode::new(uri.as_bytes()).context("QR code")?;
    office.change(id, OfficerChange::SecondFactor(Some(secret.bytes())), acts::SECOND_FACTOR_SET).await?;
    // Light on dark, as most terminals are; apps read it the other way round too.
    let shown = picture.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
    out(&shown);
    out(&uri);
    let base32 = secret.to_base32();
    let groups: Vec<&str> = base32.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    out(&format!("secret    {}", groups.join(" ")));
    out("read the picture with an authenticator app, or type the secret; it is not shown again");
    Ok(Exit::Good)
}
