//! A terminal from its code to its end, on the real binary and the simulated
//! portal: signed as the wire's own crate signs.

use mobile_api_types::signature::{Nonce, PublicKey, SigningKey, Unsigned, content_digest, sign, verify_bundle};
use mobile_api_types::{CatalogueBundle, EnrolAnswer, KioskSettings};
use serde_json::{Value, json};
use test_support::{Answer, Demo, Ended, HALL, client, dakenh, eventually, get, now};

pub(crate) const SITE: &str = "000.00.17.H09";

/// Every terminal's key.
const SEED: [u8; 32] = [7; 32];

/// Where a number is taken.
const TICKETS: &str = "/api/v1/queue/tickets";

fn kiosk(demo: &Demo, arguments: &[&str]) -> Ended {
    kiosk_in(demo.folder(), arguments)
}

fn kiosk_in(folder: &str, arguments: &[&str]) -> Ended {
    let all: Vec<&str> = ["kiosk", "--data", folder].into_iter().chain(arguments.iter().copied()).collect();
    dakenh(&all)
}

/// What is answered to a code.
pub(crate) fn shows_code(public: &str, code: &str, key: &SigningKey) -> Answer {
    let body = json!({ "code": code, "public_key": key.public().to_string(), "version": "0.1.0" });
    now(test_support::post(&format!("{public}/api/v1/devices/enrol"), &body, &[]))
}

/// A terminal of a demo.
pub(crate) struct Terminal<'a> {
    public: &'a str,
    key: SigningKey,
    device: String,
    gateway: PublicKey,
    requests: std::cell::Cell<u128>,
}

impl<'a> Terminal<'a> {
    /// One of a site that shows its code.
    pub(crate) fn enrol(demo: &'a Demo, site: &str, name: &str) -> Self {
        Self::enrol_with(&demo.public, demo.folder(), (site, name), &SEED)
    }

    /// The same with a key of its own; of a demo's address and folder, which
    /// threads may share.
    pub(crate) fn enrol_with(public: &'a str, folder: &str, (site, name): (&str, &str), seed: &[u8; 32]) -> Self {
        let offered = kiosk_in(folder, &["enrol", "--site", site, "--name", name]);
        assert_eq!(offered.code, Some(0), "{offered:?}");
        let code = offered.out.lines().next().unwrap().to_owned();
        let key = SigningKey::from_seed(seed).unwrap();
        let told = shows_code(public, &code, &key);
        assert_eq!(told.status, 201, "{told:?}");
        let enrolled: EnrolAnswer<'static> = serde_json::from_str(&told.text).unwrap();
        let gateway = PublicKey::parse(&enrolled.gateway_key).unwrap();
        Self { public, key, device: enrolled.device.into_owned(), gateway, requests: std::cell::Cell::new(0) }
    }

    /// What outlives the gateway that it stands before.
    pub(crate) fn parted(&self) -> Parted {
        Parted { device: self.device.clone(), gateway: self.gateway, requests: self.requests.get() }
    }

    /// It is heard no more.
    pub(crate) fn revoke(&self, demo: &Demo) {
        assert_eq!(kiosk(demo, &["revoke", &self.device]).code, Some(0));
    }

    fn nonce(&self) -> Nonce {
        self.requests.set(self.requests.get() + 1);
        Nonce(self.requests.get().to_be_bytes())
    }

    fn ask(&self, method: &str, path: &str, body: &str, nonce: Nonce) -> Answer {
        let created = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
        let unsigned = Unsigned { method, path, query: None, body: body.as_bytes() };
        let headers = sign(&unsigned, &self.device, created, nonce, &self.key).unwrap();
        let url = format!("{}{path}", self.public);
        let mut request = client().request(method.parse().unwrap(), url).body(body.to_owned());
        request = request.header("content-type", "application/json");
        for (name, value) in headers.pairs() {
            request = request.header(name, value);
        }
        now(async {
            let answer = request.send().await.unwrap();
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            Answer { status, headers, text: answer.text().await.unwrap() }
        })
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", self.nonce())
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, &body.to_string(), self.nonce())
    }

    /// Takes a number; gives it as it is printed.
    pub(crate) fn take(&self, service: &str, priority: &str) -> String {
        // Of no other terminal.
        let key = format!("{}{:016x}", self.device.get(2..18).unwrap(), self.requests.get());
        let taken = self.post(TICKETS, &json!({ "service": service, "priority": priority, "key": key }));
        assert_eq!(taken.status, 201, "{taken:?}");
        taken.json()["ticket"].as_str().unwrap().to_owned()
    }
}

/// A terminal while its gateway is away.
pub(crate) struct Parted {
    device: String,
    gateway: PublicKey,
    requests: u128,
}

impl Parted {
    /// Before the gateway that has come back.
    pub(crate) fn at(self, demo: &Demo) -> Terminal<'_> {
        let Self { device, gateway, requests } = self;
        let key = SigningKey::from_seed(&SEED).unwrap();
        Terminal { public: &demo.public, key, device, gateway, requests: requests.into() }
    }
}

fn listed(demo: &Demo) -> Value {
    let listed = kiosk(demo, &["list", "--json"]);
    assert_eq!(listed.code, Some(0), "{listed:?}");
    serde_json::from_str(&listed.out).unwrap()
}

#[test]
fn a_terminal_from_its_code_to_its_end() {
    let demo = Demo::start(&[]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh tầng 1, máy 2");
    let twice = kiosk(&demo, &["enrol", "--site", SITE, "--name", "Sảnh tầng 1, máy 2"]);
    assert!(twice.code == Some(2) && twice.err.contains(&terminal.device), "{twice:?}");
    let nowhere = kiosk(&demo, &["enrol", "--site", "000.00.99.H99", "--name", "Máy 1"]);
    assert!(nowhere.code == Some(2) && nowhere.err.contains(SITE), "the known ones are named: {nowhere:?}");

    let told = terminal.get("/api/v1/kiosk/settings");
    assert_eq!(told.status, 200, "{told:?}");
    let settings: KioskSettings<'static> = serde_json::from_str(&told.text).unwrap();
    assert_eq!((settings.site.as_ref(), settings.name.as_ref()), (SITE, "Sảnh tầng 1, máy 2"));
    assert_eq!(settings.services.len(), 6);

    let beat = json!({
        "version": "0.1.7", "printer": { "state": "paper_out" }, "network": { "latency_ms": 3 },
        "screens_failed": 0, "settings_version": settings.settings_version,
    });
    let heard = terminal.post("/api/v1/kiosk/heartbeat", &beat);
    assert_eq!((heard.status, &heard.json()["settings_changed"]), (200, &json!(false)), "{heard:?}");
    let row = &listed(&demo)[0];
    assert_eq!((&row["device"], &row["state"]), (&json!(terminal.device), &json!("PRINTER")), "{row}");
    assert_eq!(
        (&row["version"], &row["printer"], &row["latency_ms"]),
        (&json!("0.1.7"), &json!("paper_out"), &json!(3))
    );

    let bundle = terminal.get("/api/v1/kiosk/catalogue");
    assert_eq!(
        (bundle.status, bundle.header("content-digest")),
        (200, content_digest(bundle.text.as_bytes()).as_str())
    );
    let signature = bundle.header("bundle-signature");
    assert_eq!(verify_bundle(bundle.text.as_bytes(), signature, &terminal.gateway), Ok(()));
    let read: CatalogueBundle<'static> = serde_json::from_str(&bundle.text).unwrap();
    assert!(read.procedures.len() >= 48 && !read.fields.is_empty());
    assert_eq!(read.fields.iter().map(|field| field.procedures as usize).sum::<usize>(), read.procedures.len());

    let called = terminal.post("/api/v1/kiosk/calls", &json!({ "reason": "help" }));
    assert_eq!((called.status, &called.json()["position"]), (202, &json!(1)), "{called:?}");
    let call = format!("/api/v1/kiosk/calls/{}", called.json()["call"].as_str().unwrap());
    assert_eq!(terminal.get(&call).json(), json!({ "state": "waiting" }));

    // Once; then revoked, at once.
    let nonce = terminal.nonce();
    assert_eq!(terminal.ask("GET", &call, "", nonce).status, 200);
    let replayed = terminal.ask("GET", &call, "", nonce);
    assert_eq!((replayed.status, &replayed.json()["code"]), (401, &json!("signature_replayed")));
    terminal.revoke(&demo);
    let refused = terminal.get(&call);
    assert_eq!((refused.status, &refused.json()["code"]), (401, &json!("terminal_revoked")));
    assert_eq!(listed(&demo)[0]["state"], "REVOKED");
    assert_eq!(kiosk(&demo, &["revoke", "k-nobody-knows-it"]).code, Some(2));
}

#[test]
fn a_rating_reaches_the_portal_once() {
    let demo = Demo::start(&[]);
    let terminal = Terminal::enrol(&demo, SITE, "Sảnh 1");
    let number = demo.number("status_4");
    let rating = json!({ "score": 4, "reasons": ["guidance"], "words": "Hướng dẫn rõ", "of": { "dossier": number } });
    let kept = terminal.post("/api/v1/ratings", &rating);
    assert_eq!(kept.status, 202, "{kept:?}");
    let writes = format!("{}/internal/writes", demo.portal);
    let written = || now(get(&writes, &[])).json();
    eventually("the rating is at the portal", || (written()["ratings"] == 1).then_some(()));
    let entry = &written()["last_ratings"][0];
    assert_eq!((&entry["MaHoSo"], &entry["DiemDanhGia"]), (&json!(number), &json!("4")), "{entry}");
    assert_eq!((&entry["LyDo"], &entry["NoiDung"]), (&json!("guidance"), &json!("Hướng dẫn rõ")));
    // Of a counter the portal hears nothing: the next of a dossier is its second.
    assert_eq!(terminal.post("/api/v1/ratings", &json!({ "score": 1, "of": { "counter": "Quầy 3" } })).status, 202);
    assert_eq!(terminal.post("/api/v1/ratings", &rating).status, 202);
    eventually("the second one as well", || (written()["ratings"] == 2).then_some(()));
}

/// The demo with a range of numbers for each terminal of its centre.
fn ranges(of: [(&str, u32, u32); 2]) -> String {
    let of = of.map(|(terminal, from, to)| format!("{{terminal=\"{terminal}\",from={from},to={to}}}"));
    format!("kiosk.sites=[{{site=\"{HALL}\",local_tickets=[{}]}}]", of.join(","))
}

/// The range that a terminal's settings tell.
fn told_range(terminal: &Terminal<'_>) -> Option<(u32, u32)> {
    let told = terminal.get("/api/v1/kiosk/settings");
    let settings: KioskSettings<'static> = serde_json::from_str(&told.text).unwrap();
    settings.local_tickets.map(|range| (range.from, range.to))
}

/// Tells numbers that were given just now: those that stand in the line, those that
/// did before, and why the others do not.
fn tell(terminal: &Terminal<'_>, numbers: &[u32]) -> (Vec<String>, Vec<String>, Vec<String>) {
    let queue = now(get(&format!("{}/api/v1/queue?site={HALL}", terminal.public), &[])).json();
    let tickets = numbers.iter().map(|number| {
        json!({
            "service": "ho-tich", "number": number, "priority": "none", "taken_at": queue["at"],
            "key": format!("{number:032x}"),
        })
    });
    let told = terminal.post("/api/v1/queue/tickets/local", &json!({ "tickets": tickets.collect::<Vec<_>>() }));
    assert_eq!(told.status, 200, "{told:?}");
    let all = |list: &str, member: &str| {
        let told = told.json()[list].as_array().unwrap().clone();
        told.iter().map(|one| one[member].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    (all("accepted", "ticket"), all("known", "ticket"), all("refused", "why"))
}

#[test]
fn a_terminal_tells_of_its_own_numbers_and_of_no_other_one_s() {
    let not_its = || vec!["not_its_range".to_owned()];
    let morning = ranges([("Sảnh 1", 900, 919), ("Sảnh 2", 920, 949)]);
    let demo = Demo::start(&["--set", &morning]);
    let (one, two) = (Terminal::enrol(&demo, HALL, "Sảnh 1"), Terminal::enrol(&demo, HALL, "Sảnh 2"));
    assert_eq!((told_range(&one), told_range(&two)), (Some((900, 919)), Some((920, 949))));
    // One that is another's is refused, and the rest goes through.
    assert_eq!(tell(&one, &[900, 925, 901]), (vec!["A900".into(), "A901".into()], vec![], not_its()));
    assert_eq!(tell(&two, &[925, 901]), (vec!["A925".into()], vec![], not_its()));
    // Told again: known, also beside a wrong one.
    assert_eq!(tell(&one, &[950, 901]), (vec![], vec!["A901".into()], not_its()));

    // The operator gives half of the first one's to the second, in mid-day.
    let (one, two) = (one.parted(), two.parted());
    let noon = ranges([("Sảnh 1", 900, 909), ("Sảnh 2", 910, 949)]);
    let demo = Demo::start_in(demo.into_folder(), &["--set", &noon]);
    let (one, two) = (one.at(&demo), two.at(&demo));
    assert_eq!(told_range(&two), None, "the first one may have given 910 and not told of it yet");
    assert_eq!(tell(&one, &[915]), (vec!["A915".into()], vec![], vec![]), "it was its own this morning");
    assert_eq!(told_range(&one), Some((900, 909)));
    assert_eq!(tell(&two, &[912, 926]), (vec!["A926".into()], vec![], not_its()));

    // The machine is enrolled anew: it tells what it gave before, and gives none today.
    one.revoke(&demo);
    let anew = Terminal::enrol(&demo, HALL, "Sảnh 1");
    assert_eq!(told_range(&anew), None);
    assert_eq!(tell(&anew, &[905, 900, 930]), (vec!["A905".into()], vec!["A900".into()], not_its()));
}
