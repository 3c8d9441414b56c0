//! What becomes of a resident's account that they want deleted.

use crate::kind::closed_list;
use crate::time::Timestamp;

/// How long somebody may think better of it, in microseconds: a week, as the product promises. The law allows fifteen work days at
/// most (App违法违规收集使用个人信息行为认定方法, 6).
pub const KEPT_FOR: i64 = 7 * Timestamp::DAY;

closed_list! {
    /// Why an account is not deleted now.
    DeletionRefusal {
        /// A red packet is under way to it.
        PayoutUnderWay = "payout_under_way",
        /// A gift waits to be fetched.
        GiftNotFetched = "gift_not_fetched",
    }
}
