//! The server of Woodlark: the API under `/api/v1`, the plain form, the app's files, live updates, jobs.
//!
//! Handlers never write SQL and never deal in sentences: the store has every query, the outermost layer every refusal.

pub mod api;
pub mod app;
pub mod assets;
pub mod clock;
pub mod config;
pub mod edge;
pub mod form;
pub mod gift_code;
pub mod hand_over;
pub mod jobs;
pub mod keep;
pub mod link_card;
pub mod live;
pub mod media;
pub mod messages;
pub mod metrics;
pub mod my_data;
pub mod pages;
pub mod pay;
pub mod router;
pub mod seal_keys;
pub mod seed;
pub mod sender;
pub mod serve;
pub mod shell;
pub mod start;
pub mod statement;
pub mod thanks_card;
pub mod tls;
pub mod wechat;
