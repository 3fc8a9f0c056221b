//! What the citizen types: lines from a terminal, edited, or from a pipe.

use std::io::{BufRead, IsTerminal as _, Read as _};
use std::path::PathBuf;

use rustyline::config::Config;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, Editor};
use tokio::signal::unix::Signal;
use tokio::sync::mpsc;

use super::history;

/// A line of a pipe is read up to so many bytes; a gateway reads less.
const LONGEST: u64 = 64 * 1_024;
/// Lines that are remembered.
const REMEMBERED: usize = 500;
const PROMPT: &str = "> ";

/// The lines, one at a time. A thread of its own reads them: it may wait for ever
/// without holding up the end of the program.
pub(super) struct Lines {
    wanted: mpsc::Sender<()>,
    lines: mpsc::Receiver<std::io::Result<Option<String>>>,
    /// The terminal says by itself that Ctrl-C was pressed.
    edited: bool,
}

impl Lines {
    /// Lines of the standard input; edited where both ends are a terminal.
    pub(super) fn open(prompt: Option<bool>) -> anyhow::Result<Self> {
        let (wanted, wishes) = mpsc::channel(1);
        let (send, lines) = mpsc::channel(1);
        let reader = match prompt {
            Some(coloured) => Reader::Edited(Box::new(Edited::new(coloured)?)),
            None => Reader::Plain,
        };
        let edited = prompt.is_some();
        std::thread::Builder::new().name("lines".to_owned()).spawn(move || read(reader, wishes, &send))?;
        Ok(Self { wanted, lines, edited })
    }

    /// The next line; `None` where there is no more, or somebody wishes to end.
    pub(super) async fn next(&mut self, interrupts: &mut Signal) -> anyhow::Result<Option<String>> {
        if self.wanted.send(()).await.is_err() {
            return Ok(None);
        }
        let line = if self.edited {
            self.lines.recv().await
        } else {
            tokio::select! {
                line = self.lines.recv() => line,
                _ = interrupts.recv() => None,
            }
        };
        Ok(line.transpose()?.flatten())
    }
}

/// Whether standard input and output are a terminal that can do more than print.
pub(super) fn is_terminal() -> bool {
    std::io::stdin().is_terminal() && shows_terminal()
}

/// Whether the answers are read on a terminal.
pub(super) fn shows_terminal() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|name| name == "dumb");
    std::io::stdout().is_terminal() && !dumb
}

/// Whether colours are wanted: on a terminal, and not refused
/// (<https://no-color.org>).
pub(super) fn coloured() -> bool {
    shows_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

enum Reader {
    Plain,
    Edited(Box<Edited>),
}

fn read(mut reader: Reader, mut wishes: mpsc::Receiver<()>, send: &mpsc::Sender<std::io::Result<Option<String>>>) {
    while wishes.blocking_recv().is_some() {
        let line = match &mut reader {
            Reader::Plain => plain(&mut std::io::stdin().lock()),
            Reader::Edited(edited) => edited.line(),
        };
        let ends = !matches!(line, Ok(Some(_)));
        if send.blocking_send(line).is_err() || ends {
            return;
        }
    }
}

/// A line of a pipe. What is too long is read away, and what is no text is shown
/// as such: nobody's question ends the conversation.
fn plain(input: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut line = Vec::new();
    if input.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    let mut whole = line.ends_with(b"\n");
    while !whole {
        let more = input.fill_buf()?;
        let end = more.iter().position(|octet| *octet == b'\n');
        let used = end.map_or(more.len(), |end| end + 1);
        whole = end.is_some() || used == 0;
        input.consume(used);
    }
    Ok(Some(String::from_utf8_lossy(&line).into_owned()))
}

/// The terminal's line editor with its history.
struct Edited {
    editor: Editor<(), FileHistory>,
    history: Option<PathBuf>,
    prompt: (String, String),
}

impl Edited {
    fn new(coloured: bool) -> anyhow::Result<Self> {
        let config = Config::builder()
            .max_history_size(REMEMBERED)?
            .history_ignore_space(true)
            .color_mode(if coloured { ColorMode::Enabled } else { ColorMode::Disabled })
            .build();
        let remembered = FileHistory::with_config(&config);
        let mut editor = Editor::with_history(config, remembered)?;
        // Without any helper the prompt would stay plain.
        editor.set_helper(Some(()));
        // One that cannot be read is begun anew: nobody is kept from asking.
        let history = history::file().filter(|file| editor.load_history(file).is_ok() || is_empty(file));
        let styled = if coloured { format!("\u{1b}[1;36m{PROMPT}\u{1b}[0m") } else { PROMPT.to_owned() };
        Ok(Self { editor, history, prompt: (PROMPT.to_owned(), styled) })
    }

    fn line(&mut self) -> std::io::Result<Option<String>> {
        match self.editor.readline(&self.prompt) {
            Ok(line) => {
                self.keep(&line);
                Ok(Some(line))
            }
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => Ok(None),
            Err(ReadlineError::Io(problem)) => Err(problem),
            Err(problem) => Err(std::io::Error::other(problem)),
        }
    }

    /// Written at once: whoever closes the window ends no conversation politely.
    fn keep(&mut self, line: &str) {
        if !history::may_be_kept(line) {
            return;
        }
        let added = self.editor.add_history_entry(line);
        if let (Ok(true), Some(file)) = (added, &self.history) {
            // A full disk costs the history, not the answer.
            let _ = self.editor.append_history(file);
        }
    }
}

fn is_empty(file: &std::path::Path) -> bool {
    std::fs::metadata(file).is_ok_and(|about| about.len() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_read_line_by_line_whatever_it_holds() {
        let long = "a".repeat(200_000);
        let text = [b"xin ch\xc3\xa0o\r\n".as_slice(), b"\xff\xfe\n", long.as_bytes(), b"\nsau cung"].concat();
        let mut input = std::io::BufReader::with_capacity(16, text.as_slice());
        let mut lines = Vec::new();
        while let Some(line) = plain(&mut input).unwrap() {
            lines.push(line);
        }
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert_eq!(lines[0], "xin chào\r\n");
        assert_eq!(lines[2].len(), 65_536);
        assert_eq!(lines[3], "sau cung");
    }
}
