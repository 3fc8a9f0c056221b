//! A dossier in the wire's field names. In a tidy answer every leaf is text;
//! what is missing is empty text or an empty list.

use serde::Serialize;

use crate::days::{self, Moment};
use crate::dossiers::{Standing, Told, answer_by};
use crate::people::Owner;
use crate::timeline::{Step, wire_or_empty};
use crate::words::Words;

/// One dossier (`TraCuuHoSo`).
#[derive(Debug, Serialize)]
pub(crate) struct WireDossier<'a> {
    #[serde(rename = "MaHoSo")]
    number: &'a str,
    #[serde(rename = "MaTTHC")]
    procedure_code: String,
    #[serde(rename = "TenTTHC")]
    procedure_name: &'a str,
    #[serde(rename = "MaLinhVuc")]
    field_code: String,
    #[serde(rename = "TenLinhVuc")]
    field: &'a str,
    #[serde(rename = "SoBienNhan")]
    receipt: String,
    #[serde(rename = "ChuHoSo")]
    owner: &'a str,
    #[serde(rename = "LoaiDoiTuong")]
    owner_kind: &'static str,
    #[serde(rename = "MaDoiTuong")]
    owner_id: &'a str,
    #[serde(rename = "Email")]
    email: &'a str,
    #[serde(rename = "SoDienThoai")]
    phone: &'a str,
    #[serde(rename = "TrichYeuHoSo")]
    summary: String,
    #[serde(rename = "NgayTiepNhan")]
    received: String,
    #[serde(rename = "NgayHenTra")]
    due: String,
    #[serde(rename = "TrangThaiHoSo")]
    status: String,
    #[serde(rename = "NgayTra")]
    returned: String,
    #[serde(rename = "ThongTinTra")]
    about_result: String,
    #[serde(rename = "HinhThuc")]
    by_post: &'static str,
    #[serde(rename = "NgayKetThucXuLy")]
    finished: String,
    #[serde(rename = "DonViXuLy")]
    agency: &'a str,
    #[serde(rename = "GhiChu")]
    internal_note: &'a str,
    // The protocol's page names the list and nothing in it.
    #[serde(rename = "TaiLieuNop")]
    papers_given: [(); 0],
    #[serde(rename = "DanhSachLePhi")]
    fees: Vec<WireFee<'a>>,
    #[serde(rename = "DanhSachHoSoBoSung")]
    papers_asked: Vec<WirePaper<'a>>,
    #[serde(rename = "DanhSachGiayToKetQua")]
    results: Vec<WireResult>,
}

#[derive(Debug, Serialize)]
struct WireFee<'a> {
    #[serde(rename = "TenPhiLePhi")]
    name: &'a str,
    #[serde(rename = "MaPhiLePhi")]
    code: String,
    #[serde(rename = "HinhThucThu")]
    how: &'static str,
    #[serde(rename = "Gia")]
    amount: String,
    #[serde(rename = "LoaiPhiLePhi")]
    kind: &'static str,
}

#[derive(Debug, Serialize)]
struct WirePaper<'a> {
    #[serde(rename = "HoSoBoSungId")]
    id: String,
    #[serde(rename = "NguoiYeuCauBoSung")]
    asked_by: &'a str,
    #[serde(rename = "NoiDungBoSung")]
    what: String,
    #[serde(rename = "NgayBoSung")]
    asked_on: String,
}

#[derive(Debug, Serialize)]
struct WireResult {
    #[serde(rename = "TenGiayTo")]
    name: String,
    #[serde(rename = "MaThanhPhanHoSo")]
    code: String,
    #[serde(rename = "GiayToId")]
    id: String,
    #[serde(rename = "DuongDanTepTinKetQua")]
    file: String,
}

/// One progress entry, in the names that `CapNhatTienDoHoSoMC` writes them with.
#[derive(Debug, Serialize)]
pub(crate) struct WireProgress<'a> {
    #[serde(rename = "MaHoSo")]
    number: &'a str,
    #[serde(rename = "NguoiXuLy")]
    officer: String,
    #[serde(rename = "ChucDanh")]
    position: &'a str,
    #[serde(rename = "ThoiDiemXuLy")]
    at: String,
    #[serde(rename = "PhongBanXuLy")]
    office: &'a str,
    #[serde(rename = "NoiDungXuLy")]
    what: &'a str,
    #[serde(rename = "TrangThai")]
    status: String,
    #[serde(rename = "NgayBatDau")]
    begun: String,
    #[serde(rename = "NgayKetThucTheoQuyDinh")]
    due: String,
}

/// The code of a field of administration by its place in the catalogue.
pub(crate) fn field_code(place: usize) -> String {
    format!("LV-{:03}", place + 1)
}

impl<'a> WireDossier<'a> {
    /// Writes a dossier as it stands. `field` is the place of its procedure's
    /// field in the catalogue of fields.
    pub(crate) fn of(
        told: &'a Told<'a>,
        standing: &Standing,
        owner: &'a Owner,
        field: usize,
        seed: u64,
        words: &'a Words,
    ) -> Self {
        // Drawn in one order whatever the status, so that no text changes
        // because the dossier moved.
        let mut dice = told.dice(seed);
        let internal_note = dice.word(&words.internal_notes);
        let amount = told.fee(&mut dice);
        let fee_name = dice.word(&words.payment.fees);
        let paper = told.paper(&mut dice, words).trim_end_matches(['.', ';', ',', ' ']);
        let paper_template = dice.word(&words.papers.asked);
        let about_result = about_result(told, standing, fee_name, words, &mut dice);

        let waits_for_desk = standing.now.status == 1;
        let index = told.place.index;
        let fee = |_| WireFee {
            name: fee_name,
            code: format!("LP-{:03}", field + 1),
            how: "1",
            amount: amount.to_string(),
            kind: "2",
        };
        let papers = |asked: Moment| WirePaper {
            id: format!("BS-{index}"),
            asked_by: &words.papers.officer_asks,
            what: paper_template.replace("{paper}", paper).replace("{date}", &days::plain_date(answer_by(asked))),
            asked_on: days::wire(asked),
        };
        let result = |_| {
            let published = told.procedure.results.first();
            WireResult {
                name: published.map_or_else(
                    || words.result_name.replace("{procedure}", &told.procedure.name),
                    |result| result.name.clone(),
                ),
                code: published.and_then(|result| result.code.clone()).unwrap_or_default(),
                id: format!("KQ-{index}"),
                file: format!("https://files.example.vn/ket-qua/{index}.pdf"),
            }
        };
        Self {
            number: &told.number,
            procedure_code: told.procedure.code.to_string(),
            procedure_name: &told.procedure.name,
            field_code: field_code(field),
            field: &told.procedure.field,
            receipt: format!("BN-{index:06}"),
            owner: &owner.name,
            owner_kind: if owner.business { "2" } else { "1" },
            owner_id: &owner.id,
            email: &owner.email,
            phone: &owner.phone,
            summary: words.summary.replace("{procedure}", &told.procedure.name).replace("{owner}", &owner.name),
            // It is not received before the desk has checked it.
            received: if waits_for_desk { String::new() } else { days::wire(standing.received) },
            due: if waits_for_desk || standing.now.status == 3 {
                String::new()
            } else {
                wire_or_empty(standing.now.due)
            },
            status: standing.now.status.to_string(),
            returned: wire_or_empty(standing.returned),
            about_result,
            by_post: if told.by_post { "1" } else { "0" },
            finished: wire_or_empty(standing.finished),
            agency: told.agency,
            internal_note,
            papers_given: [],
            fees: standing.money_asked.map(fee).into_iter().collect(),
            papers_asked: standing.papers_asked.map(papers).into_iter().collect(),
            results: standing.finished.map(result).into_iter().collect(),
        }
    }
}

fn about_result(
    told: &Told<'_>,
    standing: &Standing,
    fee: &str,
    words: &Words,
    dice: &mut crate::dice::Dice,
) -> String {
    match standing.now.status {
        3 => dice.word(&words.refused).to_owned(),
        6 => {
            let until = standing.money_asked.map(|asked| days::plain_date(answer_by(asked))).unwrap_or_default();
            dice.word(&words.payment.asked).replace("{fee}", fee).replace("{date}", &until)
        }
        7 => dice.word(&words.withdrawn).to_owned(),
        8 => dice.word(&words.stopped).to_owned(),
        9 if told.by_post => words.ready_by_post.clone(),
        9 => dice.word(&words.ready).replace("{desk}", &(1 + told.place.index % 9).to_string()),
        10 if told.by_post => words.returned_by_post.clone(),
        10 => dice.word(&words.returned).to_owned(),
        _ => String::new(),
    }
}

/// The progress of a dossier: one entry a step.
pub(crate) fn progress<'a>(told: &'a Told<'a>, steps: &[Step], seed: u64, words: &'a Words) -> Vec<WireProgress<'a>> {
    let mut dice = told.dice(seed);
    steps
        .iter()
        .map(|step| {
            let status = step.status.to_string();
            WireProgress {
                number: &told.number,
                officer: [&words.family_names, &words.female_middle, &words.male_given]
                    .map(|part| dice.word(part))
                    .join(" "),
                position: dice.word(&words.positions),
                at: days::wire(step.at),
                office: dice.word(&words.offices),
                what: words.progress.get(&status).or_else(|| words.progress.get("other")).map_or("", String::as_str),
                status,
                begun: days::wire(step.at),
                due: wire_or_empty(step.due),
            }
        })
        .collect()
}
