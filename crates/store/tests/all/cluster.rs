//! A PostgreSQL of our own in a temporary folder, started once for all tests. A small shell waits for this process to
//! end, however it ends, and then stops the server and removes the folder.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

const INSTALL: &str = "PostgreSQL is needed for these tests and was not found: install it \
    (Debian and Ubuntu: apt-get install postgresql; `cargo xtask test` does it), or put initdb and pg_ctl on PATH";

struct Cluster {
    folder: PathBuf,
    _watcher: Child,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(0);

/// The URL of a new, empty database.
pub(crate) fn database() -> String {
    let cluster = CLUSTER.get_or_init(start);
    let name = format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let socket = cluster.folder.join("s");
    let made = Command::new(tool("psql"))
        .args(["-q", "-U", "woodlark", "-d", "postgres", "-h"])
        .arg(&socket)
        .args(["-c", &format!("CREATE DATABASE {name} TEMPLATE template0")])
        .output()
        .expect("psql runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    format!("postgres://woodlark@localhost/{name}?host={}", socket.display())
}

/// A program of PostgreSQL's, on PATH or where Debian keeps it.
fn tool(name: &str) -> PathBuf {
    let on_path = std::env::var_os("PATH").and_then(|path| {
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
    });
    let debian = || {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        let mut files: Vec<PathBuf> = versions
            .flatten()
            .map(|version| version.path().join("bin").join(name))
            .filter(|file| file.is_file())
            .collect();
        files.sort();
        files.pop()
    };
    on_path.or_else(debian).unwrap_or_else(|| panic!("{INSTALL} ({name})"))
}

fn said(command: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(command).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// PostgreSQL refuses to run as root: then it runs as one of these.
fn unprivileged() -> Option<&'static str> {
    (said("id", &["-u"]).as_deref() == Some("0")).then(|| {
        let there = ["postgres", "nobody"].into_iter().find(|user| said("id", &["-u", user]).is_some());
        there.expect("a user postgres or nobody to run PostgreSQL as")
    })
}

/// A command run by the user that the server belongs to.
fn server_command(program: &Path) -> Command {
    match unprivileged() {
        None => Command::new(program),
        Some(user) => {
            let group = said("id", &["-gn", user]).expect("its group");
            let mut command = Command::new("setpriv");
            command.arg(format!("--reuid={user}")).arg(format!("--regid={group}")).arg("--clear-groups");
            command.arg("--").arg(program);
            command
        }
    }
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{out}\n{error}");
}

fn start() -> Cluster {
    let (initdb, pg_ctl) = (tool("initdb"), tool("pg_ctl"));
    let folder = std::env::temp_dir().join(format!("woodlark-store-pg-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let (data, socket) = (folder.join("d"), folder.join("s"));
    std::fs::create_dir_all(&socket).expect("a folder");
    if let Some(user) = unprivileged() {
        run(Command::new("chown").arg("-R").arg(user).arg(&folder));
    }
    // Before the server starts, so that it is stopped even where starting fails half-way.
    let watcher = watch(&folder, &data, &pg_ctl);
    run(server_command(&initdb)
        .args(["--auth=trust", "--username=woodlark", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
        .arg(&data)
        .current_dir(&folder));
    let options = format!(
        "-c listen_addresses= -c unix_socket_directories={} -c max_connections=300 -c fsync=off \
         -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB",
        socket.display()
    );
    // The log goes to a file: a pipe would stay open as long as the server runs.
    run(server_command(&pg_ctl)
        .args(["start", "--wait", "--silent", "-D"])
        .arg(&data)
        .arg("-l")
        .arg(data.join("log"))
        .args(["-o", &options])
        .current_dir(&folder)
        .stdout(Stdio::null()));
    Cluster { folder, _watcher: watcher }
}

/// Waits on a pipe that only the end of this process closes.
fn watch(folder: &Path, data: &Path, pg_ctl: &Path) -> Child {
    let mut stop = server_command(pg_ctl);
    stop.args(["stop", "--silent", "-m", "immediate", "-D"]).arg(data);
    let words: Vec<String> = std::iter::once(stop.get_program())
        .chain(stop.get_args())
        .map(|word| format!("'{}'", word.to_string_lossy()))
        .collect();
    let script = format!("cat >/dev/null; {}; rm -rf '{}'", words.join(" "), folder.display());
    Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("sh runs")
}
