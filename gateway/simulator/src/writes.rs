//! What callers wrote: dossiers, progress and ratings, bounded in number and
//! in bytes. A batch is taken whole or not at all.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};

use gateway_core::domain::wire_time;
use parking_lot::RwLock;
use serde_json::{Map, Value};

/// Items of one call.
const MOST_ITEMS: usize = 100;
/// Dossiers that are kept; a further one is refused.
const MOST_DOSSIERS: usize = 10_000;
/// Progress entries and ratings that are kept; the oldest make room.
const MOST_ENTRIES: usize = 10_000;
/// Bytes that all of it may take as JSON.
const MOST_BYTES: usize = 32 << 20;
const LONGEST_NUMBER: usize = 64;

/// Why a write is refused: for the `message` of the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WriteRefused {
    #[error("data: a list of 1 to {MOST_ITEMS} objects is expected")]
    NotAList,
    #[error("isUpdating: \"True\" or \"False\" is expected")]
    IsUpdating,
    #[error("data[{0}].{1}: missing or unreadable")]
    Field(usize, &'static str),
    #[error("data[{0}].MaHoSo: exists already")]
    Exists(usize),
    #[error("data[{0}].MaHoSo: not known")]
    NotKnown(usize),
    #[error("no room for more")]
    Full,
}

/// What was written.
#[derive(Debug, Default)]
pub(crate) struct Writes {
    kept: RwLock<Kept>,
    /// Kept beside the map so that a look-up takes no lock while it is empty.
    dossiers: AtomicUsize,
}

#[derive(Debug, Default)]
struct Kept {
    dossiers: HashMap<String, Map<String, Value>>,
    progress: VecDeque<Map<String, Value>>,
    ratings: VecDeque<Map<String, Value>>,
    bytes: usize,
}

/// A snapshot for the control endpoint: the newest hundred of each, and all counts.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Written {
    dossiers: usize,
    progress: usize,
    ratings: usize,
    last_dossiers: Vec<Map<String, Value>>,
    last_progress: Vec<Map<String, Value>>,
    last_ratings: Vec<Map<String, Value>>,
}

impl Writes {
    /// A written dossier.
    pub(crate) fn dossier(&self, number: &str) -> Option<Map<String, Value>> {
        if self.dossiers.load(Ordering::Acquire) == 0 {
            return None;
        }
        self.kept.read().dossiers.get(number).cloned()
    }

    /// `DongBoHoSoMC`. `derived` gives the portal's own dossier of a number.
    pub(crate) fn sync_dossiers(
        &self,
        is_updating: Option<&Value>,
        data: Option<Value>,
        derived: impl Fn(&str) -> Option<Map<String, Value>>,
    ) -> Result<(), WriteRefused> {
        let updating = match is_updating {
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => true,
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => false,
            _ => return Err(WriteRefused::IsUpdating),
        };
        let items = items(data)?;
        for (place, item) in items.iter().enumerate() {
            check_dossier(place, item, updating)?;
        }
        let mut kept = self.kept.write();
        let mut merged: HashMap<String, Map<String, Value>> = HashMap::new();
        for (place, item) in items.into_iter().enumerate() {
            let number = text(&item, "MaHoSo").unwrap_or_default().to_owned();
            let before =
                merged.remove(&number).or_else(|| kept.dossiers.get(&number).cloned()).or_else(|| derived(&number));
            let whole = match (updating, before) {
                (false, Some(_)) => return Err(WriteRefused::Exists(place)),
                (true, None) => return Err(WriteRefused::NotKnown(place)),
                (false, None) => item,
                (true, Some(mut before)) => {
                    before.extend(item);
                    before
                }
            };
            merged.insert(number, whole);
        }
        let new = merged.keys().filter(|number| !kept.dossiers.contains_key(*number)).count();
        let added: usize = merged.values().map(size).sum();
        let freed: usize = merged.keys().filter_map(|number| kept.dossiers.get(number)).map(size).sum();
        if kept.dossiers.len() + new > MOST_DOSSIERS || (kept.bytes + added).saturating_sub(freed) > MOST_BYTES {
            return Err(WriteRefused::Full);
        }
        kept.bytes = (kept.bytes + added).saturating_sub(freed);
        kept.dossiers.extend(merged);
        self.dossiers.store(kept.dossiers.len(), Ordering::Release);
        Ok(())
    }

    /// `CapNhatTienDoHoSoMC`. Gives back the statuses that the portal's own
    /// dossiers are moved to; written ones are moved here. `room_to_move` says
    /// how many of its own the portal can still move.
    pub(crate) fn sync_progress(
        &self,
        data: Option<Value>,
        is_derived: impl Fn(&str) -> bool,
        room_to_move: usize,
    ) -> Result<Vec<(String, u8)>, WriteRefused> {
        let items = items(data)?;
        let mut kept = self.kept.write();
        for (place, item) in items.iter().enumerate() {
            let number = number_of(place, item)?;
            if !kept.dossiers.contains_key(number) && !is_derived(number) {
                return Err(WriteRefused::NotKnown(place));
            }
            for field in ["ThoiDiemXuLy", "NgayBatDau", "NgayKetThucTheoQuyDinh"] {
                check_date(place, item, field)?;
            }
            if item.contains_key("TrangThai") && text(item, "TrangThai") != Some("") {
                status(item, "TrangThai").ok_or(WriteRefused::Field(place, "TrangThai"))?;
            }
        }
        let asked: Vec<(String, u8)> = items
            .iter()
            .filter_map(|item| Some((text(item, "MaHoSo")?.to_owned(), status(item, "TrangThai")?)))
            .collect();
        let (own, moved): (Vec<_>, Vec<_>) =
            asked.into_iter().partition(|(number, _)| kept.dossiers.contains_key(number));
        if moved.len() > room_to_move {
            return Err(WriteRefused::Full);
        }
        let Kept { progress, bytes, dossiers, .. } = &mut *kept;
        keep(progress, bytes, items)?;
        for (number, status) in own {
            if let Some(dossier) = dossiers.get_mut(&number) {
                dossier.insert("TrangThaiHoSo".to_owned(), Value::String(status.to_string()));
            }
        }
        Ok(moved)
    }

    /// `DongBoDanhGia`. The protocol's page names no field of a rating; only
    /// the dossier that it is for is asked for.
    pub(crate) fn sync_ratings(
        &self,
        data: Option<Value>,
        is_derived: impl Fn(&str) -> bool,
    ) -> Result<(), WriteRefused> {
        let items = items(data)?;
        let mut kept = self.kept.write();
        for (place, item) in items.iter().enumerate() {
            let number = number_of(place, item)?;
            if !kept.dossiers.contains_key(number) && !is_derived(number) {
                return Err(WriteRefused::NotKnown(place));
            }
        }
        let Kept { ratings, bytes, .. } = &mut *kept;
        keep(ratings, bytes, items)
    }

    /// Written progress entries of a dossier, oldest first.
    pub(crate) fn progress_of(&self, number: &str) -> Vec<Map<String, Value>> {
        self.kept.read().progress.iter().filter(|entry| text(entry, "MaHoSo") == Some(number)).cloned().collect()
    }

    /// What was written, for the control endpoint.
    pub(crate) fn written(&self) -> Written {
        let kept = self.kept.read();
        let last = |entries: &VecDeque<Map<String, Value>>| entries.iter().rev().take(100).cloned().collect();
        Written {
            dossiers: kept.dossiers.len(),
            progress: kept.progress.len(),
            ratings: kept.ratings.len(),
            last_dossiers: kept.dossiers.values().take(100).cloned().collect(),
            last_progress: last(&kept.progress),
            last_ratings: last(&kept.ratings),
        }
    }
}

/// Keeps entries, the oldest making room for the newest.
fn keep(
    entries: &mut VecDeque<Map<String, Value>>,
    bytes: &mut usize,
    items: Vec<Map<String, Value>>,
) -> Result<(), WriteRefused> {
    let added: usize = items.iter().map(size).sum();
    while (entries.len() + items.len() > MOST_ENTRIES || *bytes + added > MOST_BYTES)
        && let Some(oldest) = entries.pop_front()
    {
        *bytes = bytes.saturating_sub(size(&oldest));
    }
    if *bytes + added > MOST_BYTES {
        return Err(WriteRefused::Full);
    }
    *bytes += added;
    entries.extend(items);
    Ok(())
}

fn items(data: Option<Value>) -> Result<Vec<Map<String, Value>>, WriteRefused> {
    let Some(Value::Array(items)) = data else { return Err(WriteRefused::NotAList) };
    if items.is_empty() || items.len() > MOST_ITEMS {
        return Err(WriteRefused::NotAList);
    }
    items
        .into_iter()
        .map(|item| match item {
            Value::Object(fields) => Ok(fields),
            _ => Err(WriteRefused::NotAList),
        })
        .collect()
}

/// A new dossier needs its main fields; an update may bring any of them.
fn check_dossier(place: usize, item: &Map<String, Value>, updating: bool) -> Result<(), WriteRefused> {
    number_of(place, item)?;
    for field in ["MaTTHC", "ChuHoSo", "TrangThaiHoSo"] {
        match item.get(field) {
            None if updating => {}
            _ if field == "TrangThaiHoSo" => {
                status(item, field).ok_or(WriteRefused::Field(place, field))?;
            }
            Some(Value::String(text)) if !text.trim().is_empty() => {}
            _ => return Err(WriteRefused::Field(place, field)),
        }
    }
    for field in ["NgayTiepNhan", "NgayHenTra", "NgayTra", "NgayKetThucXuLy"] {
        check_date(place, item, field)?;
    }
    Ok(())
}

fn check_date(place: usize, item: &Map<String, Value>, field: &'static str) -> Result<(), WriteRefused> {
    match item.get(field) {
        None => Ok(()),
        Some(Value::String(text)) if text.is_empty() || wire_time::parse(text).is_ok() => Ok(()),
        _ => Err(WriteRefused::Field(place, field)),
    }
}

fn number_of(place: usize, item: &Map<String, Value>) -> Result<&str, WriteRefused> {
    text(item, "MaHoSo")
        .filter(|number| !number.trim().is_empty() && number.len() <= LONGEST_NUMBER)
        .ok_or(WriteRefused::Field(place, "MaHoSo"))
}

fn text<'a>(item: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    item.get(field).and_then(Value::as_str)
}

/// A status of 1 to 99: provinces have codes of their own.
fn status(item: &Map<String, Value>, field: &str) -> Option<u8> {
    read_status(item.get(field)?)
}

/// Reads a status, as text or as a number.
pub(crate) fn read_status(value: &Value) -> Option<u8> {
    let code = match value {
        Value::String(text) => text.trim().parse().ok()?,
        Value::Number(number) => u8::try_from(number.as_u64()?).ok()?,
        _ => return None,
    };
    (1..=99).contains(&code).then_some(code)
}

fn size(item: &Map<String, Value>) -> usize {
    serde_json::to_string(item).map_or(0, |json| json.len())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn new_dossier(number: &str) -> Value {
        json!([{ "MaHoSo": number, "MaTTHC": "1.001193", "ChuHoSo": "Lê Thị Lan", "TrangThaiHoSo": "1" }])
    }

    #[test]
    fn the_oldest_rating_makes_room() {
        let writes = Writes::default();
        for batch in 0..=(MOST_ENTRIES / MOST_ITEMS) {
            let ratings: Vec<Value> = (0..MOST_ITEMS)
                .map(|item| json!({ "MaHoSo": "x", "DiemDanhGia": batch * MOST_ITEMS + item }))
                .collect();
            writes.sync_ratings(Some(Value::Array(ratings)), |_| true).unwrap();
        }
        assert_eq!(writes.written().ratings, MOST_ENTRIES);
    }

    #[test]
    fn written_dossiers_are_bounded() {
        let writes = Writes::default();
        let write = |number: usize| {
            writes.sync_dossiers(Some(&json!("False")), Some(new_dossier(&format!("A-{number}"))), |_| None)
        };
        assert!((0..MOST_DOSSIERS).all(|number| write(number).is_ok()));
        assert_eq!(write(MOST_DOSSIERS), Err(WriteRefused::Full));
    }

    #[test]
    fn a_batch_is_taken_whole_or_not_at_all() {
        let writes = Writes::default();
        let mut batch = new_dossier("A-1");
        batch.as_array_mut().unwrap().push(json!({ "MaHoSo": "A-2" }));
        let refused = writes.sync_dossiers(Some(&json!("False")), Some(batch), |_| None);
        assert_eq!(refused, Err(WriteRefused::Field(1, "MaTTHC")));
        assert!(writes.dossier("A-1").is_none());
    }

    #[test]
    fn bytes_are_bounded() {
        let writes = Writes::default();
        let fat = "x".repeat(1 << 20);
        let write = |number: usize| {
            let mut batch = new_dossier(&format!("A-{number}"));
            batch[0]["GhiChu"] = json!(fat);
            writes.sync_dossiers(Some(&json!("False")), Some(batch), |_| None)
        };
        let taken = (0..64).take_while(|number| write(*number).is_ok()).count();
        assert!((30..=32).contains(&taken), "{taken}");
    }
}
