//! What the demo prints: which numbers to try, ready to paste.

use std::path::Path;

use portal_simulator::Sample;

use super::Addresses;

/// The lines, addresses first.
pub(super) fn lines(addresses: &Addresses, samples: &[Sample], data: &Path) -> Vec<String> {
    let ask = ask_command(data);
    let Addresses { public, internal, portal, smsc } = addresses;
    let mut lines = vec![
        format!("Open in a browser (mở bằng trình duyệt): {public}/"),
        String::new(),
        format!("public   {public}"),
        format!("internal {internal}"),
        format!("portal   {portal}"),
        format!("smsc     {smsc}"),
        String::new(),
        "Ask, from another terminal (hỏi thử, từ một cửa sổ dòng lệnh khác):".to_owned(),
        format!("  {ask} \"làm giấy khai sinh cần gì\""),
        format!("  {ask} \"lam lai can cuoc bao nhieu tien\""),
        format!("  {ask} --lang en \"how long does a passport take\""),
        format!("  {ask}"),
        String::new(),
        "A number for every status, and its second proof (the ID's last four digits):".to_owned(),
    ];
    for sample in samples {
        lines.push(format!("  {:<16} {ask} \"{}\"", sample.what, sample.number));
        if let Some(digits) = &sample.last_four {
            lines.push(format!("  {:<16} {ask} \"{} 4 so cuoi {digits}\"", "  as its owner", sample.number));
        }
    }
    lines.push(String::new());
    lines.push("Every refusal, by its code:".to_owned());
    lines.extend(refusals(&ask, addresses, samples));
    lines.push(String::new());
    lines.push("What an officer and an operator type:".to_owned());
    let (program, folder) = (program(), data.display());
    lines.push(format!("  {program} answer --data {folder} 7K3F  # the code under an answer"));
    lines.push(format!(
        "  {program} notice add --data {folder} --until 2099-01-01T00:00 \
         --text vi=\"Chiều nay trung tâm nghỉ\" --text en=\"Closed this afternoon\""
    ));
    lines.push(String::new());
    lines.push("As a phone that texts the short code (như điện thoại nhắn tin đến đầu số):".to_owned());
    lines.extend(texts(samples, data));
    lines.push(String::new());
    lines.push("Over HTTP:".to_owned());
    if let Some(first) = samples.first() {
        lines.push(format!("  curl {public}/api/v1/dossiers/{}", first.number));
        if let Some(digits) = &first.last_four {
            lines.push(format!(
                "  curl -H 'content-type: application/json' -d '{{\"id_last_four\":\"{digits}\"}}' \
                 {public}/api/v1/dossiers/{}/disclosure",
                first.number
            ));
        }
    }
    lines.push(format!("  curl '{public}/api/v1/procedures?q=dang+ky+khai+sinh'"));
    lines.push(format!("  curl {public}/api/v1/openapi.json"));
    lines.push(format!("  curl {internal}/readyz"));
    lines.push(String::new());
    lines
}

fn texts(samples: &[Sample], data: &Path) -> Vec<String> {
    let program = program();
    let folder = if data == Path::new("demo-data") { String::new() } else { format!(" --data {}", data.display()) };
    let mut lines = Vec::new();
    let sample = |what: &str| samples.iter().find(|sample| sample.what == what);
    if let Some(sample) = sample("status_4") {
        lines.push(format!("  {program} demo sms{folder} \"HS {}\"", sample.number));
        if let Some(phone) = &sample.phone {
            lines.push(format!("  {program} demo sms{folder} --from {phone} \"BAO {}\"", sample.number));
        }
    }
    for text in ["TTHC dang ky khai sinh", "lam lai can cuoc bao nhieu tien", "TRO GIUP", "DUNG"] {
        lines.push(format!("  {program} demo sms{folder} \"{text}\""));
    }
    lines.push(format!("  {program} sms routes{folder}"));
    lines.push(format!("  {program} sms split \"Hồ sơ đang xử lý\" --policy accented"));
    lines
}

fn refusals(ask: &str, addresses: &Addresses, samples: &[Sample]) -> Vec<String> {
    let Addresses { public, portal, .. } = addresses;
    let number = |what: &str| samples.iter().find(|sample| sample.what == what).map(|sample| sample.number.as_str());
    let held = samples.iter().find(|sample| sample.last_four.is_some());
    let mut lines = Vec::new();
    let mut line = |code: &str, command: String| lines.push(format!("  {code:<20} {command}"));
    // The simulator's dossiers are at most four months old.
    line("dossier_not_found", format!("{ask} \"000.00.17.H09-260105-0001\""));
    if let Some(number) = number("just_filed") {
        line("dossier_too_new", format!("{ask} \"{number}\""));
    }
    if let Some(sample) = held {
        let wrong = if sample.last_four.as_deref() == Some("0000") { "0001" } else { "0000" };
        line("not_disclosed", format!("{ask} \"{} 4 so cuoi {wrong}\"", sample.number));
    }
    line("procedure_not_found", format!("{ask} \"9.999999\""));
    line("not_understood", format!("{ask} \"asdkjh qwe\""));
    line("not_a_number", format!("curl {public}/api/v1/dossiers/000.00.17.H09-210231-0012"));
    line(
        "too_many_requests",
        format!("for i in $(seq 200); do curl -s -o /dev/null -w '%{{http_code}} ' {public}/api/v1/agencies; done"),
    );
    line(
        "too_many_dossiers",
        format!(
            "for i in $(seq 1001 1100); do curl -s -o /dev/null -w '%{{http_code}} ' {public}/api/v1/dossiers/000.00.17.H09-260105-$i; done"
        ),
    );
    let faults =
        |json: &str| format!("curl -X PUT -H 'content-type: application/json' -d '{json}' {portal}/internal/faults");
    line("portal_down", format!("{}  # then ask for a number that was not asked before", faults("{\"stop\":true}")));
    line(
        "too_late",
        format!("{}  # then ask for a number that was not asked before", faults("{\"silence_rate\":1.0}")),
    );
    line("(all well again)", faults("{}"));
    lines
}

/// The command that asks, as it can be pasted here.
fn ask_command(data: &Path) -> String {
    let program = program();
    if data == Path::new("demo-data") {
        format!("{program} ask")
    } else {
        format!("{program} ask --data {}", data.display())
    }
}

/// This program, as it can be typed here.
fn program() -> String {
    let program = std::env::current_exe().ok();
    let here = std::env::current_dir().ok();
    match (&program, &here) {
        (Some(program), Some(here)) => program.strip_prefix(here).unwrap_or(program).display().to_string(),
        _ => "dakenh".to_owned(),
    }
}
