//! `GET /api/v1/kiosk/settings`

use axum::body::Body;
use axum::extract::State;
use gateway_core::domain::queue::SerialRange;
use gateway_core::domain::{Channel, Locale, OpeningHours, Session};
use gateway_http::{Caller, Problem, Validator};
use gateway_locale::shown;
use http::header::IF_NONE_MATCH;
use http::{HeaderMap, Response};
use jiff::Timestamp;
use jiff::civil::Time;
use mobile_api_types::{KioskSettings, LocalTickets, NoticeView, OpeningRange, OpeningView, ProblemAnswer};

use crate::answer::{self, Keep};
use crate::api::SharedApi;
use crate::kiosk::{KioskNeeds, NoBody, SignatureHeaders, Signed, SignedDevice, SiteConfig};

/// How the terminal's site wants it
///
/// Signed (RFC 9421: see the gateway's `docs/kiosk.md`). Ask again when a
/// heartbeat says that they have changed.
#[utoipa::path(
    get,
    path = "/api/v1/kiosk/settings",
    tag = "kiosk",
    params(
        SignatureHeaders,
        ("Accept-Language" = Option<String>, Header, description = "`vi` (default) or `en`"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of an earlier answer"),
    ),
    responses(
        (status = 200, description = "The settings", body = KioskSettings<'static>, headers(("ETag" = String))),
        (status = 304, description = "Nothing has changed since"),
        (status = 401, description = "`signature_missing`, `signature_malformed`, `signature_stale`, `signature_invalid`, `signature_replayed`, `digest_mismatch`, `terminal_unknown`, `terminal_revoked`", body = ProblemAnswer, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
        (status = 503, description = "`gave_up`, `overloaded`", body = ProblemAnswer, content_type = "application/problem+json", headers(("Retry-After" = u64))),
    )
)]
pub(crate) async fn kiosk_settings(
    State(api): State<SharedApi>,
    caller: Caller,
    headers: HeaderMap,
    Signed(device, NoBody): Signed<NoBody>,
) -> Result<Response<Body>, Problem> {
    let (kiosk, now) = (&api.needs.kiosk, api.needs.clock.now());
    let local = kiosk.ranges_of(&device, now).await?.now;
    if local.is_none() && kiosk.config.local_range(&device.site, device.name.as_str()).is_some() {
        tracing::info!(device = device.id.as_str(), "its range is withheld: another terminal had some of it today");
    }
    let mut settings = view(kiosk, &device, local, caller.locale, now);
    settings.settings_version = version(kiosk, &device, local, now).into();
    answer::kept(&settings, caller.locale, Keep::Revalidate, headers.get(IF_NONE_MATCH))
}

/// Changes with whatever a terminal would show or do otherwise, in whichever
/// language it asks; the same on every node.
pub(super) fn version(kiosk: &KioskNeeds, device: &SignedDevice, local: Option<SerialRange>, now: Timestamp) -> String {
    let both = [Locale::VI, Locale::EN].map(|locale| serde_json::to_vec(&view(kiosk, device, local, locale, now)));
    let both: Vec<u8> = both.into_iter().flatten().flatten().collect();
    Validator::of(&both, Locale::VI).as_str().trim_matches(['W', '/', '"']).to_owned()
}

fn view<'a>(
    kiosk: &'a KioskNeeds,
    device: &'a SignedDevice,
    local: Option<SerialRange>,
    locale: Locale,
    now: Timestamp,
) -> KioskSettings<'a> {
    let everywhere = &*kiosk.config;
    let site = everywhere.site(&device.site);
    let services = site.and_then(|site| site.services.as_ref()).unwrap_or(&everywhere.services);
    let languages = site.and_then(|site| site.languages.as_ref()).unwrap_or(&everywhere.languages);
    let pin = site.and_then(|site| site.service_pin_sha256.as_ref()).unwrap_or(&everywhere.service_pin_sha256);
    let of_all = kiosk.notices.on(Channel::Kiosk, now);
    let of_all = of_all.iter().map(|notice| shown(notice.text(locale)).into_owned().into());
    let of_site = site.iter().flat_map(|site| &site.notices).map(|notice| shown(notice.text(locale)));
    let hours = hours(kiosk, site);
    let given = |text: &'a str| Some(text).filter(|text| !text.is_empty()).map(Into::into);
    KioskSettings {
        settings_version: "".into(),
        site: device.site.as_str().into(),
        site_name: kiosk.site_name(&device.site, locale).into(),
        name: device.name.as_str().into(),
        services: services.iter().map(|service| service.as_str().into()).collect(),
        languages: languages.iter().map(|tag| tag.as_str().into()).collect(),
        opening: OpeningView { ranges: ranges(hours) },
        open_now: hours.is_in_time(now),
        notices: of_site.chain(of_all).map(|text| NoticeView { text }).collect(),
        idle_seconds: site.and_then(|site| site.idle_seconds).unwrap_or(everywhere.idle_seconds),
        idle_seconds_accessible: site
            .and_then(|site| site.idle_seconds_accessible)
            .unwrap_or(everywhere.idle_seconds_accessible),
        local_tickets: local.map(|range| LocalTickets { allowed: true, from: range.from(), to: range.to() }),
        service_pin_sha256: given(pin),
        phone_base_url: given(&everywhere.phone_base_url),
    }
}

/// The week as it usually is.
fn ranges(hours: OpeningHours<'_>) -> Vec<OpeningRange<'static>> {
    let clock = |time: Time| time.strftime("%H:%M").to_string().into();
    let of_a_day = |(weekday, sessions): (u8, &[Session])| -> Vec<OpeningRange<'static>> {
        sessions.iter().map(|of| OpeningRange { weekday, from: clock(of.from), until: clock(of.to) }).collect()
    };
    (1_u8..).zip(hours.in_a_week()).flat_map(of_a_day).collect()
}

/// When the hall of a site is open.
pub(super) fn hours<'a>(kiosk: &'a KioskNeeds, site: Option<&'a SiteConfig>) -> OpeningHours<'a> {
    let own = site.and_then(|site| site.hours.as_deref()).unwrap_or_default();
    let on_days_off = site.is_some_and(|site| site.open_on_days_off);
    OpeningHours::of(&kiosk.calendar).with_own(own).also_on_days_off(on_days_off)
}
