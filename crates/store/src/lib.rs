//! The database: schema, migrations, every query. Knows nothing of HTTP.
