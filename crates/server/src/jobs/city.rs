//! The city is kept in memory; when somebody has imported another version, it is read anew.

use crate::app::App;
use std::sync::Arc;
use woodlark_store::city;

/// Reads the city if its version has changed.
pub(crate) async fn reload(app: App) {
    let known = app.city().version();
    let loaded = app
        .store
        .read(move |conn| if city::version(conn)? == Some(known) { Ok(None) } else { city::load(conn) })
        .await;
    match loaded {
        Ok(None) => {}
        Ok(Some(city)) => {
            tracing::info!(version = city.version(), "the city was read anew");
            app.set_city(Arc::new(city));
        }
        Err(error) => tracing::warn!(%error, "the city could not be read anew"),
    }
}
