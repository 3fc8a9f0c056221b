//! What Linux tells of processes and of the machine, read from `/proc`.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;

/// A tick of the times in `/proc`: `USER_HZ` is 100 on every Linux that a user
/// program sees.
const TICK: Duration = Duration::from_millis(10);

/// CPU that processes have used so far: user and system, all their threads.
pub(crate) fn cpu_of(pids: &[u32]) -> anyhow::Result<Duration> {
    let mut ticks = 0;
    for pid in pids {
        let stat =
            fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid} has ended"))?;
        ticks += ticks_of(&stat).with_context(|| format!("/proc/{pid}/stat"))?;
    }
    Ok(TICK * ticks)
}

/// Fields 14 and 15 of `/proc/PID/stat` (proc_pid_stat(5)). The second field is
/// the program's name and may hold anything, so the fields are counted from
/// its closing bracket.
fn ticks_of(stat: &str) -> Option<u32> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// The same of a process with all its children, the ended ones included (they
/// count for the parent once it has waited for them).
pub(crate) fn cpu_of_family(pid: u32) -> anyhow::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid} has ended"))?;
    let (_, rest) = stat.rsplit_once(')').context("stat")?;
    // Fields 14 to 17: user and system, its own and those of ended children.
    let ticks: u32 = rest.split_whitespace().skip(11).take(4).filter_map(|field| field.parse::<u32>().ok()).sum();
    // One may end between the two readings.
    let living = children(pid, "").into_iter().filter_map(|child| cpu_of(&[child]).ok());
    Ok(TICK * ticks + living.sum::<Duration>())
}

/// Lets the most memory so far begin anew at what there is now (proc(5),
/// `clear_refs`).
pub(crate) fn forget_most_resident(pid: u32) -> anyhow::Result<()> {
    fs::write(format!("/proc/{pid}/clear_refs"), "5").with_context(|| format!("/proc/{pid}/clear_refs"))
}

/// The processes that a process has started and that call themselves so
/// (nginx's loader of its cache, for one, ends after a minute).
pub(crate) fn children(pid: u32, named: &str) -> Vec<u32> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let is_named =
        |child: &u32| fs::read_to_string(format!("/proc/{child}/cmdline")).is_ok_and(|line| line.contains(named));
    children.split_whitespace().filter_map(|child| child.parse().ok()).filter(is_named).collect()
}

/// Memory of a process in bytes: now, and at most so far.
pub(crate) fn resident(pid: u32) -> anyhow::Result<(u64, u64)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kib = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key));
        line.and_then(|rest| rest.trim_start_matches(':').trim().strip_suffix("kB")?.trim().parse::<u64>().ok())
    };
    let now = kib("VmRSS").context("VmRSS")?;
    Ok((now << 10, kib("VmHWM").unwrap_or(now) << 10))
}

/// Time that all processes together, and the host for other guests, have used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Busy {
    pub(crate) processes: Duration,
    pub(crate) stolen: Duration,
}

/// The first line of `/proc/stat`: user, nice, system, idle, iowait, irq,
/// softirq, steal.
pub(crate) fn busy() -> anyhow::Result<Busy> {
    let stat = fs::read_to_string("/proc/stat")?;
    let line = stat.lines().next().context("/proc/stat is empty")?;
    let fields: Vec<u32> = line.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    let field = |place: usize| fields.get(place).copied().unwrap_or_default();
    Ok(Busy { processes: TICK * (field(0) + field(1) + field(2)), stolen: TICK * field(7) })
}

/// The machine's cores, whichever of them this process may use.
pub(crate) fn cores() -> usize {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    cpus.lines().filter(|line| line.starts_with("processor")).count().max(1)
}

/// The load average of the last minute.
pub(crate) fn load_average() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().and_then(|first| first.parse().ok()).unwrap_or_default()
}

/// The machine in one line.
pub(crate) fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let after = |text: &str, key: &str, mark: char| {
        let line = text.lines().find(|line| line.starts_with(key))?;
        Some(line.split_once(mark)?.1.trim().trim_matches('"').to_owned())
    };
    let cpus = read("/proc/cpuinfo");
    let model = after(&cpus, "model name", ':').unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory = after(&read("/proc/meminfo"), "MemTotal", ':');
    let memory = memory.and_then(|text| text.trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or_default();
    let os = after(&read("/etc/os-release"), "PRETTY_NAME", '=').unwrap_or_else(|| "Linux".to_owned());
    let kernel = read("/proc/sys/kernel/osrelease");
    format!("{} cores ({model}), {} MB of memory, {os}, kernel {}", cores(), memory >> 10, kernel.trim())
}

/// Files that a child process may have open at most (its hard limit).
pub(crate) fn most_files() -> u64 {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    match line.and_then(|rest| rest.split_whitespace().nth(1)) {
        Some("unlimited") => u64::MAX,
        Some(hard) => hard.parse().unwrap_or(1_024),
        None => 1_024,
    }
}

/// Whether a program is installed, asked by running it.
pub(crate) fn is_installed(program: &str, argument: &str) -> bool {
    Command::new(program)
        .arg(argument)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// Where servers and the generator run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cores {
    /// Servers on core 0; the generator, and the portal behind, on core 1.
    Apart,
    /// Wherever the kernel puts them.
    Shared,
}

impl Cores {
    /// Puts this process on its core, where there are two and `taskset` is
    /// installed. To be called before any thread is started; children inherit
    /// the core.
    pub(crate) fn settle(wanted: bool) -> Self {
        let several = std::thread::available_parallelism().is_ok_and(|cores| cores.get() >= 2);
        if !wanted || !several {
            return Self::Shared;
        }
        let pinned = Command::new("taskset")
            .args(["--cpu-list", "--pid", "1", &std::process::id().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if pinned.is_ok_and(|status| status.success()) { Self::Apart } else { Self::Shared }
    }

    /// A command that runs a server on the servers' core.
    pub(crate) fn server(self, program: &std::path::Path) -> Command {
        match self {
            Self::Apart => {
                let mut command = Command::new("taskset");
                command.args(["--cpu-list", "0"]).arg(program);
                command
            }
            Self::Shared => Command::new(program),
        }
    }

    /// A command that may run on every core, whatever this process may.
    pub(crate) fn anywhere(self, program: &std::path::Path) -> Command {
        match self {
            Self::Apart => {
                let mut command = Command::new("taskset");
                command.arg("0xffffffff").arg(program);
                command
            }
            Self::Shared => Command::new(program),
        }
    }

    /// In words, for the table.
    pub(crate) fn told(self) -> &'static str {
        match self {
            Self::Apart => "servers on core 0; generator and simulated portal on core 1 (taskset)",
            Self::Shared => "not pinned: servers and generator share the cores",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_any_name() {
        let stat = "7 (a) R 1 (b)) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 3 0 100 1000 200";
        assert_eq!(ticks_of(stat), Some(300));
    }

    #[test]
    fn this_process_has_used_something() {
        let own = std::process::id();
        assert!(cpu_of(&[own]).is_ok());
        assert!(resident(own).unwrap().0 > 0);
        assert_eq!(children(own, "no such name"), Vec::<u32>::new());
        assert!(busy().unwrap().processes > Duration::ZERO);
        assert!(machine().contains("cores"));
    }

    #[test]
    fn a_process_that_is_no_more_is_an_error() {
        assert!(cpu_of(&[u32::MAX]).is_err());
    }
}
