//! `include_dir!` follows the contents of the files that it found, but not
//! new files: cargo is told to look at the folder itself.

fn main() {
    println!("cargo::rerun-if-changed=../../locales");
}
