//! A real browser, driven by the protocol of its own tools over a pipe. Not for looking at pages of the net: it has no
//! sandbox.

use std::cell::{Cell, RefCell};
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::Result;

/// What Chromium is called here and there; the variable can name another.
const NAMES: &[&str] =
    &["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const VARIABLE: &str = "VMSPEC_CHROMIUM";

/// It reads commands from descriptor 3 and answers on 4, which here are the pipes that a child has anyway.
const PIPES: &str = "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1";
const ARGUMENTS: &[&str] = &[
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--window-size=1400,900",
];

/// How long the browser may take for one thing, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A browser with one page.
pub struct Browser {
    child: Child,
    to: RefCell<ChildStdin>,
    from: Receiver<Value>,
    next: Cell<u64>,
    session: RefCell<Value>,
    complaints: RefCell<Vec<String>>,
    _profile: TempDir,
}

impl Browser {
    /// Opens a page at 1400 by 900. Where there is no browser, says `skipped:` and gives none.
    pub fn open(page: &Path) -> Result<Option<Self>> {
        let Some(program) = program() else {
            println!("skipped: no Chromium to show the page in; {VARIABLE} can name one");
            return Ok(None);
        };
        let browser = Self::start(&program)?;
        let target = browser.call("Target.createTarget", &json!({"url": "about:blank"}))?;
        let attach = json!({"targetId": at(&target, "/targetId"), "flatten": true});
        let session = browser.call("Target.attachToTarget", &attach)?;
        *browser.session.borrow_mut() = at(&session, "/sessionId").clone();
        for domain in ["Runtime", "Log", "Page"] {
            browser.call(&format!("{domain}.enable"), &json!({}))?;
        }
        browser.call("Page.navigate", &json!({"url": format!("file://{}", page.display())}))?;
        browser.wait("document.readyState === 'complete' && document.querySelector('.node') !== null")?;
        Ok(Some(browser))
    }

    fn start(program: &Path) -> Result<Self> {
        let profile = TempDir::new()?;
        let mut child = Command::new("sh")
            .args(["-c", PIPES, "sh"])
            .arg(program)
            .args(ARGUMENTS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let to = RefCell::new(child.stdin.take().ok_or("no pipe")?);
        let pipe = BufReader::new(child.stdout.take().ok_or("no pipe")?);
        let (send, from) = channel();
        thread::spawn(move || {
            for message in pipe.split(0).map_while(std::result::Result::ok) {
                if serde_json::from_slice(&message).is_ok_and(|message: Value| send.send(message).is_err()) {
                    break;
                }
            }
        });
        let (next, session, complaints) = (Cell::new(1), RefCell::default(), RefCell::default());
        Ok(Self { child, to, from, next, session, complaints, _profile: profile })
    }

    /// Calls a method and waits for its answer.
    pub fn call(&self, method: &str, params: &Value) -> Result<Value> {
        let id = self.next.get();
        self.next.set(id.saturating_add(1));
        let message = match &*self.session.borrow() {
            Value::Null => json!({"id": id, "method": method, "params": params}),
            session => json!({"id": id, "method": method, "params": params, "sessionId": session}),
        };
        self.to.borrow_mut().write_all(format!("{message}\0").as_bytes())?;
        let started = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(started.elapsed());
            let answer = self.from.recv_timeout(left).map_err(|e| format!("{method}: {e}"))?;
            if *at(&answer, "/id") == id {
                let failed = answer.get("error").map(|e| format!("{method}: {e}"));
                return failed.map_or_else(|| Ok(at(&answer, "/result").clone()), |e| Err(e.into()));
            }
            self.listen(&answer);
        }
    }

    fn listen(&self, event: &Value) {
        let complaint = match at(event, "/method").as_str() {
            Some("Runtime.exceptionThrown") => "/params/exceptionDetails",
            Some("Log.entryAdded") => "/params/entry",
            Some("Runtime.consoleAPICalled") => "/params/args",
            _ => return,
        };
        self.complaints.borrow_mut().push(at(event, complaint).to_string());
    }

    /// All that the page or the browser had to complain of so far.
    pub fn complaints(&self) -> Result<Vec<String>> {
        // What was said before an answer has arrived with it.
        self.eval("0")?;
        Ok(self.complaints.take())
    }

    /// What an expression gives.
    pub fn eval(&self, expression: &str) -> Result<Value> {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.call("Runtime.evaluate", &params)?;
        match answer.get("exceptionDetails") {
            Some(details) => Err(format!("{expression}: {details}").into()),
            None => Ok(at(&answer, "/result/value").clone()),
        }
    }

    /// A text that an expression gives.
    pub fn text(&self, expression: &str) -> Result<String> {
        Ok(self.eval(expression)?.as_str().ok_or_else(|| format!("{expression}: no text"))?.to_owned())
    }

    /// Waits until an expression holds.
    pub fn wait(&self, expression: &str) -> Result {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if self.eval(expression)? == true {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Err(format!("never came true: {expression}").into())
    }

    /// Moves the mouse over the middle of the element that an expression gives, once it is there.
    pub fn hover(&self, element: &str) -> Result<(f64, f64)> {
        self.wait(&format!("({element}) != null"))?;
        let middle = "[r.x + r.width / 2, r.y + r.height / 2]";
        let place =
            self.eval(&format!("(() => {{ const r = {element}.getBoundingClientRect(); return {middle}; }})()"))?;
        let (x, y) = serde_json::from_value(place)?;
        self.mouse("mouseMoved", x, y)?;
        Ok((x, y))
    }

    /// Clicks on the middle of an element.
    pub fn click(&self, element: &str) -> Result {
        let (x, y) = self.hover(element)?;
        self.mouse("mousePressed", x, y)?;
        self.mouse("mouseReleased", x, y)
    }

    fn mouse(&self, kind: &str, x: f64, y: f64) -> Result {
        let button = if kind == "mouseMoved" { "none" } else { "left" };
        let params = json!({"type": kind, "x": x, "y": y, "button": button, "clickCount": 1});
        self.call("Input.dispatchMouseEvent", &params).map(|_| ())
    }

    /// Presses a key, `Shift+` in front of it where that is held down.
    pub fn press(&self, key: &str) -> Result {
        let (key, modifiers) = key.strip_prefix("Shift+").map_or((key, 0), |key| (key, 8));
        for kind in ["rawKeyDown", "keyUp"] {
            self.call("Input.dispatchKeyEvent", &json!({"type": kind, "key": key, "modifiers": modifiers}))?;
        }
        Ok(())
    }

    /// Types a text into what has the focus.
    pub fn write(&self, text: &str) -> Result {
        self.call("Input.insertText", &json!({"text": text})).map(|_| ())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It is gone already where this fails.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What lies at a path in a message; null for nothing.
fn at<'v>(message: &'v Value, path: &str) -> &'v Value {
    message.pointer(path).unwrap_or(&Value::Null)
}

fn program() -> Option<PathBuf> {
    if let Some(named) = env::var_os(VARIABLE) {
        return Some(named.into());
    }
    let folders: Vec<_> = env::split_paths(&env::var_os("PATH")?).collect();
    NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|path| path.is_file())
}
