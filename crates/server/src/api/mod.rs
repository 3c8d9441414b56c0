//! One endpoint a file: its handler, its answer, its place in the OpenAPI document.

pub mod audit;
pub mod case;
pub mod city;
pub mod desk;
pub mod desk_case;
pub mod desk_city;
pub mod desk_kiosks;
pub mod desk_queue;
pub mod desk_staff;
pub mod figures;
pub mod kiosk;
pub mod ledger;
pub mod live;
pub mod me;
pub mod public;
pub mod redeem;
pub mod report;
pub mod rewards;
pub mod session;
pub mod wechat;
