//! A list of staff, judged beside the accounts and the city's data as they stand.

use woodlark_domain::ContentHash;
use woodlark_store::{Conn, Fault as StoreFault, city, staff_list};
use woodlark_tables::{Fault, StaffChange, StaffKnown, read_staff};

/// What a list comes to, and what names it; or everything that must be put right first.
pub(super) type Judged = Result<(StaffChange, ContentHash), Vec<Fault>>;

/// Judges a list; none where there is no city.
pub(super) fn judge(conn: &mut Conn, text: &str) -> Result<Option<Judged>, StoreFault> {
    let Some(city) = city::load(conn)? else { return Ok(None) };
    let listed = staff_list::listed(conn)?;
    let known = StaffKnown {
        listed: &listed,
        department: &|code| city.department(code).is_some(),
        area: &|code| city.areas().get(code).is_some(),
    };
    Ok(Some(match read_staff(text, &known) {
        Ok(change) => {
            let hash = staff_list::hash_of(&listed, &change.new, &change.changed)?;
            Ok((change, hash))
        }
        Err(faults) => Err(faults),
    }))
}
