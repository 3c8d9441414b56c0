//! The server as its clients meet it: the whole router over a real database and a real folder of media.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say plainly what they expect")]

mod abuse;
mod audit;
mod cases;
mod clock;
mod desk;
mod desk_case;
mod desk_city;
mod desk_queue;
mod desk_staff;
mod endpoints;
mod figures;
mod form;
mod harness;
mod keep;
mod kiosk;
mod last_word;
mod ledger;
mod my_data;
mod openapi;
mod photos;
mod public;
mod redeem;
mod reports;
mod serve;
mod session;
mod wechat;
mod wechat_media;
mod wechat_notices;
mod wechat_ticket;
