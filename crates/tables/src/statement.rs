//! The pay system's statement, as its merchant platform gives it: CSV whose cells begin with a grave accent, with a head of
//! Chinese or English names, sums in yuan.

/// What a statement says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// The number and the fen of each line that was paid.
    pub lines: Vec<(String, i64)>,
    /// Lines that can't be read, counted from 1.
    pub unread: Vec<u32>,
}

const NUMBER: [&str; 4] = ["out_bill_no", "商家单号", "商户单号", "商家转账单号"];
const AMOUNT: [&str; 4] = ["amount", "转账金额", "转账金额(元)", "金额(元)"];
const STATE: [&str; 3] = ["state", "转账状态", "状态"];
const PAID: [&str; 4] = ["success", "转账成功", "成功", "已转账"];

/// Reads a statement; none where it has no head with a number and a sum. Lines that were not paid are left out.
#[must_use]
pub fn read(text: &str) -> Option<Told> {
    let text = text.trim_start_matches('\u{feff}');
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut told = Told::default();
    let mut head: Option<(usize, usize, Option<usize>)> = None;
    for (line, row) in (1_u32..).zip(rows.records()) {
        let Ok(row) = row else {
            told.unread.push(line);
            continue;
        };
        let cells: Vec<&str> = row.iter().map(|cell| cell.trim().trim_start_matches('`').trim()).collect();
        let Some((number, amount, state)) = head else {
            // What stands above the head says for whom the statement is.
            head = columns(&cells);
            continue;
        };
        let paid = state.is_none_or(|at| {
            let state = cells.get(at).map(|cell| cell.to_ascii_lowercase()).unwrap_or_default();
            PAID.contains(&state.as_str())
        });
        let number = cells.get(number).filter(|number| !number.is_empty());
        match (number, cells.get(amount).and_then(|cell| fen(cell))) {
            (Some(number), Some(fen)) if paid => told.lines.push(((*number).to_owned(), fen)),
            (Some(_), Some(_)) => {}
            // A sum at the foot has no number.
            (None, _) => {}
            (Some(_), None) => told.unread.push(line),
        }
    }
    head.map(|_| told)
}

fn columns(cells: &[&str]) -> Option<(usize, usize, Option<usize>)> {
    let find = |names: &[&str]| {
        cells.iter().position(|cell| {
            names.contains(&cell.to_ascii_lowercase().replace('（', "(").replace('）', ")").as_str())
        })
    };
    Some((find(&NUMBER)?, find(&AMOUNT)?, find(&STATE)))
}

/// Yuan with at most two decimals, as fen.
fn fen(text: &str) -> Option<i64> {
    let text = text.trim_start_matches(['¥', '￥']).replace(',', "");
    let (yuan, cents) = text.split_once('.').unwrap_or((&text, ""));
    if cents.len() > 2 || !cents.bytes().all(|byte| byte.is_ascii_digit()) || yuan.starts_with(['-', '+']) {
        return None;
    }
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_read_as_the_platform_writes_it() {
        let text = "\u{feff}商户号,`1900000001\n`商家单号,`转账金额（元）,`转账状态\n`ab12,`5.00,`转账成功\n`cd34,`0.3,`转账失败\n\
                    `ef56,`x,`转账成功\n,合计 5.30,\n";
        let told = read(text).unwrap();
        assert_eq!(told.lines, [("ab12".to_owned(), 500)]);
        assert_eq!(told.unread, [5]);
        assert_eq!(read("out_bill_no,amount\nab,12.34\n").unwrap().lines, [("ab".to_owned(), 1_234)]);
        assert_eq!(read("nothing,of,it\n"), None);
    }

    #[test]
    fn yuan_become_fen_or_nothing() {
        let of = ["1", "1.5", "1.05", "1,234.56", "¥2", "1.005", "-1", "", "a"].map(fen);
        assert_eq!(of, [Some(100), Some(150), Some(105), Some(123_456), Some(200), None, None, None, None]);
    }
}
