//! Whoever pays by the megabyte: what the front page costs.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use gateway_core::desk::RefusalKind;
use http::StatusCode;

use crate::support::house_that_refuses;

/// Of HTML and all that it loads, in bytes.
const MOST: usize = 100 * 1_000;
/// The same as it goes over the line.
const MOST_ZIPPED: usize = 25 * 1_000;

fn zipped(text: &str) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap().len()
}

#[tokio::test]
async fn the_front_page_with_all_that_it_loads_is_light() {
    let house = house_that_refuses(RefusalKind::Internal);
    for path in ["/", "/?lang=en"] {
        let page = house.get(path).await;
        let loaded: Vec<&str> = page
            .attributes("href")
            .into_iter()
            .chain(page.attributes("src"))
            .filter(|at| at.starts_with("/assets/"))
            .collect();
        let mut weight = (page.html.len(), zipped(&page.html));
        let mut seen = Vec::new();
        for address in loaded {
            if seen.contains(&address) {
                continue;
            }
            seen.push(address);
            let asset = house.get(address).await;
            assert_eq!(asset.status, StatusCode::OK, "{address}");
            weight = (weight.0 + asset.html.len(), weight.1 + zipped(&asset.html));
        }
        assert_eq!(seen.len(), 3, "style, script and icon: {seen:?}");
        println!("{path}: {} bytes, {} zipped", weight.0, weight.1);
        assert!(weight.0 < MOST && weight.1 < MOST_ZIPPED, "{path}: {weight:?}");
    }
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_the_name_of_their_content() {
    let house = house_that_refuses(RefusalKind::Internal);
    let page = house.get("/").await;
    for address in page.attributes("src").into_iter().filter(|at| at.starts_with("/assets/")) {
        let asset = house.get(address).await;
        assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable");
        let again = house.get_with(address, "if-none-match", asset.header("etag")).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        let media = asset.header("content-type");
        assert!(media.starts_with("text/") || media == "image/svg+xml", "{media}");
        if media.starts_with("text/") {
            let squeezed = house.get_with(address, "accept-encoding", "gzip").await;
            assert_eq!(squeezed.header("content-encoding"), "gzip", "{address}");
        }
    }
    assert_eq!(house.get("/assets/pages.0000000000000000.css").await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get("/assets/..%2F..%2Fetc%2Fpasswd").await.status, StatusCode::NOT_FOUND);
}
