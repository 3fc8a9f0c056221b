//! Officers at counters, and a hall that is open at any hour.

use crate::browser::{Browser, csrf_of};
use crate::demo::Demo;
use crate::web::Answer;

/// The agency of the demo that has a queue.
pub const HALL: &str = "001.21.31.H09";
/// The counter page.
pub const COUNTER: &str = "/officers/counter";

/// Open at any hour of any day; asked again and again; signed in quickly.
pub const ALWAYS_OPEN: [&str; 9] = [
    // The sign-in has stories of its own.
    "officers.password_memory_kib=8192",
    "calendar.weekend=[]",
    "calendar.holidays=[]",
    "calendar.makeup_days=[]",
    "queue.sites=[{code=\"001.21.31.H09\",name={vi=\"Trung tâm Phục vụ hành chính công phường Thủ Dầu Một\",\
     en=\"Public service centre of Thủ Dầu Một ward\"},hours=[{from=\"00:00\",to=\"23:59:59\"}],\
     lunch_cut_off_minutes=0,closing_cut_off_minutes=0,local=[900,999],services=[\
     {key=\"ho-tich\",prefix=\"A\",name={vi=\"Hộ tịch\",en=\"Civil status\"}},\
     {key=\"dat-dai\",prefix=\"B\",name={vi=\"Đất đai\",en=\"Land\"}},\
     {key=\"can-cuoc\",prefix=\"C\",name={vi=\"Căn cước\",en=\"Citizen identity\"}}],counters=[\
     {name=\"1\",services=[\"ho-tich\"]},{name=\"2\",services=[\"ho-tich\",\"can-cuoc\"]},\
     {name=\"3\",services=[\"dat-dai\"]},{name=\"4\"}]}]",
    "limits.any.device={per_minute=100000,burst=10000}",
    "limits.any.address={per_minute=100000,burst=10000}",
    "limits.queue.device={per_minute=100000,burst=10000}",
    "http.address_limit.exempt=[\"127.0.0.0/8\"]",
];

/// An officer at a counter.
#[derive(Debug)]
pub struct Officer {
    /// With their session.
    pub browser: Browser,
    /// Its name.
    pub counter: &'static str,
}

impl Officer {
    /// One of the demo's own.
    pub fn at(demo: &Demo, login: &str, counter: &'static str) -> Self {
        Self::with(demo, login, demo.password(login), counter)
    }

    /// The same with a password.
    pub fn with(demo: &Demo, login: &str, password: &str, counter: &'static str) -> Self {
        let mut browser = Browser::at(&demo.public);
        let entered = browser.sign_in(login, password);
        assert_eq!(entered.status, 303, "{entered:?}");
        Self { browser, counter }
    }

    /// The counter's page.
    pub fn page(&self) -> String {
        format!("{COUNTER}?site={HALL}&counter={}", self.counter)
    }

    /// What stands there.
    pub fn sees(&mut self) -> String {
        let page = self.browser.open(&self.page());
        assert_eq!(page.status, 200, "{page:?}");
        page.text
    }

    /// Sends a form of the page.
    pub fn press(&mut self, path: &str, more: &[(&str, &str)]) -> Answer {
        let csrf = csrf_of(&self.browser.open("/officers").text);
        let mut fields = vec![("csrf", csrf.as_str()), ("site", HALL), ("counter", self.counter)];
        fields.extend(more);
        self.browser.post(path, &fields)
    }

    /// Calls the next number.
    pub fn calls(&mut self) -> Answer {
        self.press(&format!("{COUNTER}/next"), &[])
    }

    /// The ticket at the counter, by its button.
    pub fn current(&mut self) -> i64 {
        let page = self.sees();
        ticket_before(&page, "/finish\"")
    }

    /// Does something with a ticket.
    pub fn does(&mut self, ticket: i64, what: &str) -> Answer {
        self.press(&format!("{COUNTER}/tickets/{ticket}/{what}"), &[])
    }

    /// The same where it must be done.
    pub fn did(&mut self, ticket: i64, what: &str) {
        let done = self.does(ticket, what);
        assert_eq!((done.status, done.header("location")), (303, self.page().as_str()), "{what}: {done:?}");
    }
}

/// The number in the first address that ends so.
pub fn ticket_before(page: &str, end: &str) -> i64 {
    let (before, _) = page.split_once(end).unwrap_or_else(|| panic!("no {end} in {page}"));
    before
        .rsplit_once('/')
        .and_then(|(_, ticket)| ticket.parse().ok())
        .unwrap_or_else(|| panic!("no ticket in {before}"))
}

/// The number that a counter page shows large.
pub fn large_number(page: &str) -> Option<&str> {
    page.split_once("class=\"ticket-number\">")?.1.split('<').next()
}
