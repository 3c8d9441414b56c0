//! What the city wants, row by row: every command, for which kinds, from which state to which, by whom. Written by hand, and
//! derived from nothing; the tests of the rules and the simulator over the store both go by it.

use woodlark_domain::case::CommandKind;
use woodlark_domain::{Kind, Role, State};

/// command | kinds: problem, suggestion, praise | from > to | roles | relation needed | refused by relation
const TABLE: &str = "
file        | problem suggestion        | received>filed                                        | acceptor system              |                 |
decline     | problem suggestion praise | received>declined                                     | acceptor                     |                 |
merge       | problem suggestion        | received>merged filed>merged                          | acceptor                     |                 |
withdraw    | problem suggestion        | received>withdrawn filed>withdrawn                    | resident                     | reporter        | not_reporter
withdraw    | praise                    | received>withdrawn                                    | resident                     | reporter        | not_reporter
dispatch    | problem suggestion        | filed>dispatched                                      | dispatcher supervisor system |                 |
sign        | problem suggestion        | dispatched>handling                                   | handler                      | department      | other_department
return      | problem suggestion        | dispatched>filed handling>filed                       | handler                      | department      | other_department
defer       | problem suggestion        | handling>deferred                                     | dispatcher                   |                 |
resume      | problem suggestion        | deferred>handling                                     | dispatcher system            |                 |
extend      | problem suggestion        | handling>handling                                     | dispatcher                   |                 |
finish      | problem                   | handling>verifying                                    | handler                      | department      | other_department
finish      | suggestion                | handling>closed                                       | handler                      | department      | other_department
pass        | problem suggestion        | verifying>closed                                      | verifier                     | -handled        | handled_it
pass        | problem suggestion        | verifying>closed                                      | verifier                     | -passed         | passed_it
pass        | problem suggestion        | verifying>closed                                      | verifier                     | -department     | same_department
rework      | problem suggestion        | verifying>handling                                    | verifier                     |                 |
rate        | problem suggestion        | closed>closed settled>settled                         | resident                     | reporter joiner | not_concerned
contest     | problem suggestion        | closed>verifying                                      | resident                     | reporter joiner | not_concerned
settle      | problem suggestion        | closed>settled                                        | system                       |                 |
force_close | problem suggestion        | received>closed filed>closed dispatched>closed handling>closed verifying>closed deferred>closed | supervisor | |
publish     | praise                    | received>published                                    | acceptor                     |                 |
thank       | praise                    | published>thanked                                     | acceptor                     |                 |
join        | problem suggestion        | received>received filed>filed dispatched>dispatched handling>handling verifying>verifying deferred>deferred closed>closed | resident | -reporter | own_case
join        | problem suggestion        | received>received filed>filed dispatched>dispatched handling>handling verifying>verifying deferred>deferred closed>closed | resident | -joiner | already_joined
join        | problem suggestion        | received>received filed>filed dispatched>dispatched handling>handling verifying>verifying deferred>deferred closed>closed | acceptor system | |
";

/// A row of the table.
pub(crate) struct Row {
    pub(crate) command: CommandKind,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) steps: Vec<(State, State)>,
    pub(crate) roles: Vec<Role>,
    relations: Vec<&'static str>,
    refusal: &'static str,
}

/// The table, read.
pub(crate) fn rows() -> Vec<Row> {
    let row = |line: &'static str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [command, kinds, steps, roles, relations, refusal] = cells[..] else {
            panic!("six cells: {line}")
        };
        let step = |step: &str| {
            let (from, to) = step.split_once('>').unwrap();
            (State::from_code(from).unwrap(), State::from_code(to).unwrap())
        };
        Row {
            command: CommandKind::from_code(command).unwrap(),
            kinds: kinds.split_whitespace().map(|kind| Kind::from_code(kind).unwrap()).collect(),
            steps: steps.split_whitespace().map(step).collect(),
            roles: roles.split_whitespace().map(|role| Role::from_code(role).unwrap()).collect(),
            relations: relations.split_whitespace().collect(),
            refusal,
        }
    };
    TABLE.lines().filter(|line| !line.trim().is_empty()).map(row).collect()
}

/// What the table says for somebody who stands to the case in these ways: the state it leads to, or the code of the refusal.
pub(crate) fn wanted(
    rows: &[Row],
    kind: Kind,
    state: State,
    command: CommandKind,
    role: Role,
    relations: &[&str],
) -> Result<State, &'static str> {
    let rows: Vec<&Row> =
        rows.iter().filter(|row| row.command == command && row.kinds.contains(&kind)).collect();
    if rows.is_empty() && command != CommandKind::Report {
        return Err("wrong_kind");
    }
    let to = rows.iter().flat_map(|row| &row.steps).find(|(from, _)| *from == state);
    let to = to.ok_or("wrong_state")?.1;
    let rows: Vec<&&Row> = rows.iter().filter(|row| row.roles.contains(&role)).collect();
    if rows.is_empty() {
        return Err("wrong_role");
    }
    for row in rows {
        // The rules are nobody in particular: no personal relation holds for them.
        let holds =
            |named: &str| relations.contains(&named) && (role != Role::System || named == "department");
        let forbidden = row.relations.iter().any(|named| named.strip_prefix('-').is_some_and(holds));
        let needed: Vec<&&str> = row.relations.iter().filter(|named| !named.starts_with('-')).collect();
        if forbidden || (!needed.is_empty() && !needed.iter().any(|named| holds(named))) {
            return Err(row.refusal);
        }
    }
    Ok(to)
}
