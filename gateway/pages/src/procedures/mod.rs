//! `/procedures`: what there is, and what each needs.

pub(crate) mod find;
pub(crate) mod show;

use axum::Router;
use axum::routing::get;
use gateway_http::measured;

use crate::house::SharedHouse;

pub(crate) fn routes() -> Router<SharedHouse> {
    Router::new()
        .route("/procedures", measured("/procedures", get(find::find)))
        .route("/procedures/{code}", measured("/procedures/{code}", get(show::show)))
}
