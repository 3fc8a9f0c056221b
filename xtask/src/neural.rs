//! `cargo xtask neural`: fetches libtorch, tests the neural models, trains one on
//! the project's utterances and compares it with the linear one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::run::{cargo, install, must, say, target_dir};

/// What tch 0.17 is written for. The wheel is torch's with CUDA, because it is the
/// one that every index has; of CUDA only what `libtorch_cpu.so` names is kept.
const TORCH: &str = "2.4.0";
const PACKAGES: [&str; 3] = ["torch==2.4.0", "nvidia-cuda-runtime-cu12==12.1.105", "nvidia-cuda-cupti-cu12==12.1.105"];
const LIBRARIES: [&str; 5] = ["libtorch.so", "libtorch_cpu.so", "libc10.so", "libcudart.so.12", "libcupti.so.12"];

/// Unpacks what is needed of the wheels in `argv[1]` into `argv[2]`, 530 MB of three
/// gigabytes; `argv[3]` is the version, the rest the libraries.
const UNPACK: &str = r#"
import os, pathlib, sys, zipfile
wheels, folder, version, libraries = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4:]
for wheel in pathlib.Path(wheels).glob("*.whl"):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            file = os.path.basename(name)
            if name.startswith("torch/include/"):
                archive.extract(name, folder)
            elif name == "torch/version.py":
                told = {}
                exec(archive.read(name), told)
                if told["__version__"].split("+")[0] != version:
                    sys.exit("the wheel holds torch " + told["__version__"])
                (folder / "torch").mkdir(parents=True, exist_ok=True)
                (folder / "torch" / "build-version").write_text(told["__version__"])
            elif "/lib/" in name and (file in libraries or file.startswith("libgomp")):
                (folder / "torch" / "lib").mkdir(parents=True, exist_ok=True)
                (folder / "torch" / "lib" / file).write_bytes(archive.read(name))
"#;

pub(crate) fn run(arguments: &[&str]) -> anyhow::Result<()> {
    // What is asked for is known before 800 MB are fetched for it.
    let (tested, compared) = match arguments {
        [] => (true, true),
        ["fetch"] => (false, false),
        ["test"] => (true, false),
        ["compare"] => (false, true),
        _ => bail!("usage: cargo xtask neural [fetch | test | compare]"),
    };
    let torch = libtorch()?;
    if tested {
        tests(&torch)?;
    }
    if compared {
        compare(&torch)?;
    }
    if !tested && !compared {
        say(&format!("export LIBTORCH='{}' LIBTORCH_CXX11_ABI=0", torch.display()));
        say(&format!("export RUSTFLAGS='-C link-arg=-Wl,-rpath,{}'", torch.join("lib").display()));
    }
    Ok(())
}

fn folder() -> PathBuf {
    target_dir().join("neural")
}

/// The folder of libtorch, fetched once.
fn libtorch() -> anyhow::Result<PathBuf> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        bail!("the recipe for libtorch is for Linux on x86_64; elsewhere set LIBTORCH, or serve with candle");
    }
    let folder = folder();
    let torch = folder.join("torch");
    if is_complete(&torch) {
        return Ok(torch);
    }
    if !succeeds(Command::new("python3").args(["-m", "pip", "--version"])) {
        install("python3-pip")?;
    }
    let wheels = folder.join("wheels");
    std::fs::create_dir_all(&wheels).with_context(|| wheels.display().to_string())?;
    say("fetching libtorch: 800 MB");
    // For one Python, whichever is here: only the libraries are taken.
    must(
        Command::new("python3")
            .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"])
            .args(["--only-binary=:all:", "--python-version=3.11", "--implementation=cp"])
            .args(["--platform=manylinux1_x86_64", "--platform=manylinux2014_x86_64", "--dest"])
            .arg(&wheels)
            .args(PACKAGES),
    )?;
    must(Command::new("python3").args(["-c", UNPACK]).arg(&wheels).arg(&folder).arg(TORCH).args(LIBRARIES))?;
    std::fs::write(torch.join("installed"), PACKAGES.join("\n"))?;
    if !is_complete(&torch) {
        bail!("{}: a library is missing", torch.display());
    }
    std::fs::remove_dir_all(&wheels)?;
    Ok(torch)
}

/// Whether exactly these packages were unpacked to the end.
fn is_complete(torch: &Path) -> bool {
    let read = |file: &str| std::fs::read_to_string(torch.join(file)).unwrap_or_default();
    read("installed") == PACKAGES.join("\n")
        && read("build-version").split('+').next() == Some(TORCH)
        && LIBRARIES.iter().all(|library| torch.join("lib").join(library).is_file())
}

/// A cargo command that builds against libtorch, into a folder of its own: the
/// path of the libraries is in each thing's flags, and the ordinary build would
/// begin anew.
fn cargo_with(torch: &Path, arguments: &[&str]) -> anyhow::Result<Command> {
    if !succeeds(Command::new("c++").arg("--version")) {
        install("g++")?;
    }
    let mut command = cargo(arguments);
    command
        .env("CARGO_TARGET_DIR", folder().join("build"))
        .env("LIBTORCH", torch)
        .env("LIBTORCH_CXX11_ABI", "0")
        // Optimising over the whole program takes minutes for each of three
        // programs, and gains nothing where libtorch or gemm does the work.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_ENCODED_RUSTFLAGS", format!("-C\u{1f}link-arg=-Wl,-rpath,{}", torch.join("lib").display()));
    Ok(command)
}

fn tests(torch: &Path) -> anyhow::Result<()> {
    let features = ["--release", "--features", "rust-bert,candle"];
    let mut command = cargo_with(torch, &["test", "--package", "assistant-nlu", "--lib"])?;
    must(command.args(features).args(["--", "neural::"]))
}

/// Trains both models, then measures each in a process of its own.
fn compare(torch: &Path) -> anyhow::Result<()> {
    let plain = program(torch, "candle")?;
    let heavy = program(torch, "rust-bert")?;
    let (linear, neural) = (folder().join("linear"), folder().join("model"));
    say("training the linear model");
    must(Command::new(&plain).args(["train", "linear"]).arg(&linear))?;
    say("training the neural model");
    must(Command::new(&heavy).args(["train", "neural"]).arg(&neural))?;
    let mut table = String::from(
        "| model | micro-F1 | without marks | 5 % typos | p50 ms | p99 ms | resident MB | on disk MB | training s |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for (program, kind, dir) in
        [(&plain, "linear", &linear), (&plain, "candle", &neural), (&heavy, "rust-bert", &neural)]
    {
        let mut command = Command::new(program);
        command.args(["measure", kind]).arg(dir);
        // candle has no other way to be told; the room of rust-bert tells libtorch.
        command.env("RAYON_NUM_THREADS", "1").env("OMP_NUM_THREADS", "1");
        let out = command.stderr(Stdio::inherit()).output().with_context(|| format!("{command:?}"))?;
        if !out.status.success() {
            bail!("{command:?} failed: {}", out.status);
        }
        table.push_str(&String::from_utf8(out.stdout)?);
    }
    say(&table);
    let sizes = std::fs::read_dir(torch.join("lib"))?.map(|entry| Ok(entry?.metadata()?.len()));
    let bytes = sizes.sum::<anyhow::Result<u64>>()?;
    say(&format!("rust-bert needs libtorch beside it: {} MB of libraries", bytes >> 20));
    Ok(())
}

/// The program that trains and measures, with one feature: a process that has
/// libtorch in it is large before it has loaded anything.
fn program(torch: &Path, feature: &str) -> anyhow::Result<PathBuf> {
    let arguments = ["build", "--release", "--package", "assistant-nlu", "--example", "neural", "--features", feature];
    must(&mut cargo_with(torch, &arguments)?)?;
    let built = folder().join("build").join("release").join("examples").join("neural");
    // The next feature's has the same name.
    let kept = folder().join(format!("neural-{feature}"));
    std::fs::copy(&built, &kept).with_context(|| built.display().to_string())?;
    Ok(kept)
}

fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
