//! A child process that dies with its parent.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};

use crate::wait;

/// A running child: its output goes to a file, signals go to it, and it is killed when dropped.
pub struct Process {
    child: Child,
    // After the child, so that the leash is let go only once the child was waited for.
    _leash: Leash,
}

impl Process {
    /// Starts the command without input, its standard output and error going to the file.
    pub fn spawn(command: &mut Command, log: &Path) -> Result<Process> {
        let out = File::create(log).with_context(|| format!("cannot create {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stderr(out.try_clone()?)
            .stdout(out)
            .spawn()
            .with_context(|| format!("cannot start {command:?}"))?;
        let leash = Leash::new(child.id())?;
        Ok(Process {
            child,
            _leash: leash,
        })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGTERM: asks it to end.
    pub fn terminate(&self) -> Result<()> {
        self.signal(Signal::TERM)
    }

    /// SIGSTOP: it stands still until [`Process::go_on`], its connections open.
    pub fn stand_still(&self) -> Result<()> {
        self.signal(Signal::STOP)
    }

    /// SIGCONT.
    pub fn go_on(&self) -> Result<()> {
        self.signal(Signal::CONT)
    }

    /// SIGKILL, and waits until it is gone.
    pub fn kill(&mut self) -> Result<ExitStatus> {
        self.child.kill().context("cannot kill")?;
        Ok(self.child.wait()?)
    }

    /// Its status, if it has ended.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits until it ends by itself.
    pub fn wait(&mut self, deadline: Duration) -> Result<ExitStatus> {
        let id = self.id();
        wait::until(format!("the end of process {id}"), deadline, || {
            self.ended()
        })
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        kill_process(Pid::from_child(&self.child), signal)
            .with_context(|| format!("cannot send {signal:?} to process {}", self.id()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails only where the child was waited for already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A shell that kills a process as soon as this process is gone, however it went: it waits for a word on a pipe whose
/// other end only this process holds, and the end of the pipe without a word means that nobody is left to stop the child.
struct Leash {
    shell: Child,
    word: ChildStdin,
}

impl Leash {
    fn new(child: u32) -> Result<Leash> {
        let mut shell = Command::new("sh")
            .args(["-c", "read -r word || kill -9 \"$1\"", "leash"])
            .arg(child.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start sh")?;
        let word = shell.stdin.take().expect("its standard input is piped");
        Ok(Leash { shell, word })
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        // If the shell is gone there is nobody to tell.
        let _ = self.word.write_all(b"done\n");
        let _ = self.shell.wait();
    }
}
