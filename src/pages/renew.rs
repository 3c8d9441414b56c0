//! A list of several pages whose first page was read again.

use woodlark_wire::Page;

/// Puts the first page, as it is now, in the place of what stood there, and keeps of the pages behind it what is `further` than its
/// last row. What the next page is read after: where something was kept, that stays as it was.
pub(super) fn renew<T>(
    rows: &mut Vec<T>,
    next: &mut Option<String>,
    page: Page<T>,
    further: fn(&T, &T) -> bool,
) {
    let mut first = page.rows;
    // They are in order: what is further is the end of them.
    let from = first
        .last()
        .filter(|_| page.next.is_some())
        .and_then(|edge| rows.iter().position(|row| further(row, edge)));
    match from {
        Some(from) => first.append(&mut rows.split_off(from)),
        None => *next = page.next,
    }
    *rows = first;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renewed(
        rows: &[u32],
        next: Option<&str>,
        first: &[u32],
        page_next: Option<&str>,
    ) -> (Vec<u32>, Option<String>) {
        let (mut rows, mut next) = (rows.to_vec(), next.map(str::to_owned));
        let page = Page { rows: first.to_vec(), next: page_next.map(str::to_owned) };
        renew(&mut rows, &mut next, page, |row, edge| row > edge);
        (rows, next)
    }

    #[test]
    fn the_pages_behind_the_first_stay_and_nothing_stands_there_twice() {
        let cursor = |at: &str| Some(at.to_owned());
        // One came in at the front, and the last of the first page is now of the second.
        assert_eq!(
            renewed(&[2, 4, 6, 8, 10], Some("10"), &[1, 2, 4], Some("4")),
            (vec![1, 2, 4, 6, 8, 10], cursor("10"))
        );
        // One of the first page went: the page reaches farther.
        assert_eq!(renewed(&[2, 4, 6, 8, 10], None, &[2, 6, 8], Some("8")), (vec![2, 6, 8, 10], None));
        // There was one page only, there is one page only, or there is nothing.
        assert_eq!(renewed(&[2, 4], Some("4"), &[1, 2], Some("2")), (vec![1, 2, 4], cursor("4")));
        assert_eq!(renewed(&[2, 4, 6], Some("6"), &[2], None), (vec![2], None));
        assert_eq!(renewed(&[], None, &[2, 4], Some("4")), (vec![2, 4], cursor("4")));
        assert_eq!(renewed(&[2, 4], None, &[], None), (vec![], None));
    }
}
