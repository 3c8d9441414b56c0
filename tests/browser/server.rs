//! The real server as a process of its own, and its API as a second device of the same person would ask it.

use crate::stage::{new_folder, root};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

/// A running server; it ends with this value.
pub(crate) struct Server {
    child: Mutex<Child>,
    invitation: String,
    data: PathBuf,
    more: Vec<String>,
    /// Where it listens on the loopback address.
    pub(crate) port: u16,
}

impl Server {
    /// Starts it on a free port, with the demonstration city and these flags besides.
    pub(crate) fn start(data: &Path, more: Vec<String>) -> Self {
        copy(city(), data);
        let (child, port, invitation) = spawn(data, 0, true, &more);
        Self { child: Mutex::new(child), invitation, data: data.to_owned(), more, port }
    }

    /// The path of the first administrator's link, as it was printed.
    pub(crate) fn invitation(&self) -> String {
        self.invitation.clone()
    }

    /// kill -9: nothing of it gets to tidy up.
    pub(crate) fn kill(&self) {
        let mut child = self.child.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Starts it again, at the same address with the same data.
    pub(crate) fn restart(&self) {
        *self.child.lock().unwrap() = spawn(&self.data, self.port, false, &self.more).0;
    }

    /// Asks the API, as whoever has this cookie.
    pub(crate) fn ask(&self, method: &str, path: &str, cookie: &str, body: Option<&Value>) -> (u16, Vec<u8>) {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nconnection: close\r\ncookie: {cookie}\r\n\
             idempotency-key: {path}-{method}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has a head");
        let status = String::from_utf8_lossy(&answer[9..12]).parse().unwrap();
        (status, answer.split_off(end + 4))
    }

    /// Reads a JSON answer.
    pub(crate) fn get(&self, path: &str, cookie: &str) -> Value {
        let (status, body) = self.ask("GET", path, cookie, None);
        assert_eq!(status, 200, "GET {path}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    /// The cases of whoever has this cookie; none without one.
    pub(crate) fn cases(&self, cookie: &str) -> Vec<Value> {
        if cookie.is_empty() {
            return Vec::new();
        }
        self.get("/api/v1/cases", cookie)["rows"].as_array().unwrap().clone()
    }

    /// The one case of whoever has this cookie, whole.
    pub(crate) fn only_case(&self, cookie: &str) -> Value {
        let rows = self.cases(cookie);
        assert_eq!(rows.len(), 1, "exactly one case: {rows:?}");
        self.get(&format!("/api/v1/cases/{}", rows[0]["id"].as_str().unwrap()), cookie)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The program, its port, and the path of the link that it prints for the first administrator at its first start.
fn spawn(data: &Path, port: u16, first: bool, more: &[String]) -> (Child, u16, String) {
    let app = std::env::var_os("WOODLARK_APP").map_or_else(|| root().join("dist"), PathBuf::from);
    assert!(app.join("index.html").is_file(), "{} has no built app; run `cargo xtask weigh`", app.display());
    let mut child = Command::new(program())
        .args(["--host", "127.0.0.1", "--port", &port.to_string(), "--demo", "--dev-codes"])
        .args(["--reads-per-second", "10000", "--writes-per-second", "10000"])
        .arg("--data")
        .arg(data)
        .arg("--app")
        .arg(app)
        .args(more)
        .env("RUST_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|why| panic!("{}: {why}; run `cargo build -p woodlark-server`", program().display()));
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut address =
        || lines.find_map(|line| Some(line.ok()?.split_once("http://127.0.0.1:")?.1.to_owned()));
    let Some(said) = address() else {
        let _ = child.kill();
        panic!("the server ended before it served");
    };
    let port = said.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap();
    // Nobody works at the desk of a fresh city, so the next address that is printed is the first administrator's.
    let invitation = if first { address().unwrap_or_default() } else { String::new() };
    let invitation = invitation.split_once('/').map(|(_, path)| format!("/{path}")).unwrap_or_default();
    // Its pipe is read to the end, so that it never waits for us.
    std::thread::spawn(move || lines.for_each(drop));
    (child, port, invitation)
}

fn program() -> PathBuf {
    std::env::var_os("WOODLARK_SERVER").map_or_else(
        || {
            let own = std::env::current_exe().unwrap();
            own.parent().and_then(Path::parent).unwrap().join("woodlark-server")
        },
        PathBuf::from,
    )
}

/// A data folder with the demonstration city and a few past cases, made once for all tests.
fn city() -> &'static Path {
    static CITY: OnceLock<PathBuf> = OnceLock::new();
    CITY.get_or_init(|| {
        let data = new_folder("city");
        let made =
            Command::new(program()).args(["seed", "--cases", "8", "--data"]).arg(&data).output().unwrap();
        assert!(made.status.success(), "seed: {}", String::from_utf8_lossy(&made.stderr));
        data
    })
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let into = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &into);
        } else {
            std::fs::copy(&path, &into).unwrap();
        }
    }
}
