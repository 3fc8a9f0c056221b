use std::path::PathBuf;

use gateway_store::Witness;

use crate::web::now;

/// The gateway's database, looked at from outside: what is on disk, and a
/// clock that is moved by moving the times of rows.
#[derive(Debug, Clone)]
pub enum Database {
    /// Its file.
    Sqlite(PathBuf),
    /// Its URL.
    Postgres(String),
}

impl Database {
    fn witness(&self) -> Witness {
        match self {
            Self::Sqlite(file) => Witness::of(&format!("sqlite://{}", file.display())),
            Self::Postgres(url) => Witness::of(url),
        }
    }

    /// The values of the column `x` of a query, as texts; NULL is left out.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        now(self.witness().texts(sql)).expect("rows")
    }

    /// The number in the column `x` of a query.
    pub fn number(&self, sql: &str) -> i64 {
        let numbers = now(self.witness().numbers(sql)).expect("rows");
        numbers.first().copied().unwrap_or_else(|| panic!("{sql}: no number"))
    }

    /// Changes rows; tells how many.
    pub fn run(&self, sql: &str) -> u64 {
        now(self.witness().run(sql)).expect("a change")
    }
}
