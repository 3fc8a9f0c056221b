//! Which part of a sentence is meant, and which is denied.
//!
//! A *không* denies only where another word shows what it stands against
//! (`không hỏi X`, `không phải X mà là Y`, `chứ không phải X`). All others ask
//! (`được không`) or tell a circumstance (`không có giấy tờ`), and a
//! circumstance is what the citizen wants help with.

use super::words::Words;

/// What a sentence says and what it takes back.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Statement {
    /// The part that is meant, without the words that only set it right. All
    /// of the sentence where nothing is denied.
    pub affirmed: String,
    /// What is expressly not meant, in its order.
    pub denied: Vec<String>,
    /// The message sets an earlier one right: it begins with *nhầm*, *ý tôi
    /// là*, *không phải*, *I mean* …
    pub corrects: bool,
}

impl std::fmt::Debug for Statement {
    /// The words are the citizen's own: not for logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Statement")
            .field("affirmed", &self.affirmed.len())
            .field("denied", &self.denied.len())
            .field("corrects", &self.corrects)
            .finish()
    }
}

/// What becomes of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Meant,
    /// It only sets right.
    Dropped,
    /// It is denied, with the others of this number.
    Denied(u16),
}

/// *Not*, as people write it in chats.
const NOT: [&str; 11] = ["khong", "ko", "kg", "k", "kh", "hok", "hong", "hk", "hem", "khum", "chang"];
/// Words before a correction or a choice that say nothing.
const FILLERS: [&str; 33] = [
    "a", "ah", "o", "oh", "u", "um", "uh", "da", "vang", "ok", "xin", "loi", "sorry", "ui", "oi", "y", "thoi", "ua",
    "em", "toi", "minh", "tui", "chi", "anh", "chau", "con", "ban", "i", "am", "m", "m", "well", "please",
];
/// After *không phải* these make it *need not*.
const DUTIES: [&str; 22] = [
    "dong", "nop", "di", "tra", "mat", "ton", "mang", "den", "ra", "ve", "len", "cho", "lo", "chiu", "cong", "thi",
    "hoc", "ky", "kham", "co", "xep", "mua",
];
/// Verbs that are said twice where one thing is set against another.
const VERBS: [&str; 14] =
    ["hoi", "noi", "muon", "can", "lam", "xin", "dang", "tim", "tra", "nop", "xem", "cho", "phai", "want"];
/// Where a clause has one of these it is a condition or a question.
const ASKS: [&str; 9] = ["thi", "sao", "gi", "dau", "nao", "may", "bao", "neu", "vi"];

/// Reads a sentence.
pub(super) fn read(text: &str) -> Statement {
    let words = Words::of(text, &[]);
    let mut reader = Reader { words: &words, fates: vec![Fate::Meant; words.len()], denials: 0 };
    let (begin, corrects) = reader.opening();
    reader.corrections(begin);
    reader.contrasts();
    reader.bare_fillers();
    reader.statement(text, corrects)
}

struct Reader<'a> {
    words: &'a Words,
    fates: Vec<Fate>,
    denials: u16,
}

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.folded.as_str())
    }

    fn parts(&self, at: usize) -> bool {
        self.words.get(at).is_none_or(|word| word.gap.parts())
    }

    /// The end of the clause in which `at` stands.
    fn clause_end(&self, at: usize) -> usize {
        (at + 1..self.words.len()).find(|next| self.parts(*next)).unwrap_or(self.words.len())
    }

    fn clause_start(&self, at: usize) -> usize {
        (0..=at).rev().find(|back| self.parts(*back)).unwrap_or(0)
    }

    fn is_not(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.is_one_of(&NOT))
            && !self
                .words
                .get(at)
                .is_some_and(|word| word.is("hong") && !matches!(word.text.as_str(), "hong" | "hông" | "hổng"))
    }

    fn drop(&mut self, from: usize, to: usize) {
        for fate in self.fates.get_mut(from..to.min(self.words.len())).unwrap_or_default() {
            *fate = Fate::Dropped;
        }
    }

    fn deny(&mut self, from: usize, to: usize) {
        let number = self.denials;
        let mut any = false;
        for fate in self.fates.get_mut(from..to.min(self.words.len())).unwrap_or_default() {
            if *fate == Fate::Meant {
                *fate = Fate::Denied(number);
                any = true;
            }
        }
        self.denials += u16::from(any);
    }

    /// Drops the words at the front that set an earlier message right.
    fn opening(&mut self) -> (usize, bool) {
        const OPENINGS: [&str; 17] = [
            "y toi la",
            "y em la",
            "y minh la",
            "y tui la",
            "y chi la",
            "y anh la",
            "y chau la",
            "y la",
            "toi muon noi la",
            "i mean",
            "i meant",
            "what i mean is",
            "what i meant was",
            "my mistake",
            "actually",
            "no wait",
            "sua lai",
        ];
        let mut at = 0;
        let mut corrects = false;
        for _ in 0..4 {
            let skipped = (at..self.words.len().min(at + 4))
                .take_while(|n| self.words.get(*n).is_some_and(|w| w.is_one_of(&FILLERS)))
                .count();
            let mut found = None;
            for start in at..=at + skipped {
                let end = self.words.longest(start, &OPENINGS).map(|len| start + len).or_else(|| self.slip(start));
                let no = || self.plain_no(start).map(|len| start + len);
                let quite = || (self.word(start) == "a" && self.word(start + 1) == "quen").then_some(start + 2);
                if let Some(end) = end.or_else(no) {
                    found = Some(end);
                    corrects = true;
                } else if let Some(end) = quite() {
                    found = Some(end);
                }
                if found.is_some() {
                    break;
                }
            }
            let Some(end) = found else { break };
            let la = usize::from(self.words.next_folded(end) == "la");
            self.drop(at, end + la);
            at = end + la;
        }
        let front = (at..self.words.len())
            .take_while(|n| self.words.get(*n).is_some_and(|w| w.is_one_of(&["a", "oh", "o", "da", "u"])))
            .count();
        corrects |= self.word(at + front + 1) == "phai" && self.denies_first(at + front).is_some();
        (at, corrects)
    }

    /// `nhầm`, `em hỏi nhầm rồi`, `lộn`: the place after it. *Nhầm tên* is a
    /// matter, so it must stand for itself.
    fn slip(&self, at: usize) -> Option<usize> {
        let verb = usize::from(matches!(self.word(at), "hoi" | "noi" | "viet" | "go" | "bam" | "nhan" | "ghi"));
        let word = self.words.get(at + verb)?;
        let is_slip = (word.is("nham") && word.may_be("nhầm")) || (word.is("lon") && word.may_be("lộn"));
        if !is_slip || (verb > 0 && !word.gap.joins()) {
            return None;
        }
        let mut end = at + verb + 1;
        let after_ah = at.checked_sub(1).is_some_and(|back| matches!(self.word(back), "a" | "ua" | "o" | "oi"));
        while self
            .words
            .get(end)
            .is_some_and(|next| next.gap.joins() && next.is_one_of(&["roi", "a", "nhe", "nha", "ti", "chut"]))
        {
            end += 1;
        }
        let goes_on = ["y", "khong", "ko", "la", "toi", "em", "minh", "xin", "cai", "hoi"];
        let free = self.parts(end)
            || end > at + verb + 1
            || after_ah
            || (self.words.get(end).is_some_and(|w| w.is_one_of(&goes_on)));
        free.then_some(end)
    }

    /// `không, tôi hỏi …`, `no, I want …`: not `không, cảm ơn`.
    fn plain_no(&self, at: usize) -> Option<usize> {
        let is_no = matches!(self.word(at), "no" | "nope") || self.is_not(at);
        let next = self.words.get(at + 1).filter(|_| is_no)?;
        let after_ah = at.checked_sub(1).is_some_and(|back| matches!(self.word(back), "a" | "o" | "u" | "oh"));
        let says = ["toi", "em", "minh", "y", "hoi", "la", "tui", "chau", "i", "it", "my", "cai"];
        let speaks = next.is_one_of(&says);
        ((next.gap.parts() && speaks) || (after_ah && !next.is_one_of(&["phai", "hoi", "biet", "co", "con"])))
            .then_some(1)
    }

    /// A correction in the middle: what stands before is denied.
    fn corrections(&mut self, begin: usize) {
        const MIDDLE: [&str; 12] = [
            "y toi la",
            "y em la",
            "y minh la",
            "y tui la",
            "y chau la",
            "i mean",
            "i meant",
            "a quen",
            "a khong",
            "a ko",
            "oh no",
            "sorry i mean",
        ];
        let mut from = None;
        for at in begin + 1..self.words.len() {
            let end = self.words.longest(at, &MIDDLE).map(|len| at + len).or_else(|| {
                let apart = self.parts(at) || matches!(self.word(at.wrapping_sub(1)), "a" | "ua" | "oi");
                let end = self.slip(at).filter(|_| apart)?;
                (self.parts(end) || matches!(self.word(at.wrapping_sub(1)), "a" | "ua" | "oi")).then_some(end)
            });
            let Some(end) = end.filter(|end| *end < self.words.len()) else { continue };
            // `à quên, hỏi thêm phí` adds.
            let adds = self.word(at) == "a"
                && self.word(at + 1) == "quen"
                && self
                    .words
                    .get(end)
                    .is_some_and(|word| word.is_one_of(&["con", "them", "cho", "hoi", "mang", "dem", "nua"]));
            // `cho tôi hỏi à không biết …` is no correction.
            let knows = matches!(self.word(end), "biet" | "co" | "phai") && self.is_not(end.wrapping_sub(1));
            if !adds && !knows {
                from = Some((at, end));
            }
        }
        if let Some((at, end)) = from {
            let la = usize::from(self.words.next_folded(end) == "la");
            let lead = usize::from(matches!(self.word(at.wrapping_sub(1)), "a" | "ua" | "oi" | "sorry"));
            self.drop(at - lead.min(at), end + la);
            self.deny(begin, at - lead.min(at));
        }
    }

    fn contrasts(&mut self) {
        let mut at = 0;
        while at < self.words.len() {
            if self.fates.get(at) != Some(&Fate::Meant) {
                at += 1;
                continue;
            }
            at = match self.contrast(at) {
                Some((marker_end, from, to, after)) => {
                    self.drop(at, marker_end);
                    self.deny(from, to);
                    self.drop(to, after);
                    after.max(at + 1)
                }
                None => at + 1,
            };
        }
    }

    /// A denial that begins at `at`: the end of its marker, what is denied, and
    /// where the rest goes on.
    fn contrast(&self, at: usize) -> Option<(usize, usize, usize, usize)> {
        let end = self.denies_first(at).or_else(|| self.denies_last(at)).or_else(|| self.denies_in_english(at))?;
        let (to, after) = self.against(at, end).unwrap_or_else(|| {
            let to = self.clause_end(end.saturating_sub(1).max(at));
            (to - usize::from(self.word(to - 1) == "dau" && to > end), to)
        });
        (end < to).then_some((end, end, to, after))
    }

    /// Where what is denied ends because the other thing is named: `… mà là`,
    /// `but`, or the verb once more.
    fn against(&self, at: usize, from: usize) -> Option<(usize, usize)> {
        let clause = self.clause_end(from.saturating_sub(1).max(at));
        // `, mà là` stands after a comma, too.
        let reach = if matches!(self.word(clause), "ma" | "but" | "la" | "chi") { clause + 1 } else { clause };
        for n in from + 1..reach.min(self.words.len()) {
            let (Some(word), Some(follows)) = (self.words.get(n), self.words.get(n + 1)) else { break };
            let strong =
                follows.is_one_of(&["la", "hoi", "muon", "can", "lam", "phai", "xin", "dang", "cho", "ve", "chi"]);
            if word.text == "mà" || word.is("but") || (word.text == "ma" && (strong || self.parts(n))) {
                let la = usize::from(follows.is("la") || follows.is("rather"));
                return Some((n, n + 1 + la));
            }
            if word.is("la") && self.parts(n) {
                return Some((n, n + 1));
            }
        }
        let verb = self.words.get(from.checked_sub(1)?).filter(|verb| verb.is_one_of(&VERBS) && !verb.is("phai"))?;
        let again = (from + 1..clause).find(|n| self.words.get(*n).is_some_and(|word| word.is(&verb.folded)))?;
        Some((again, again))
    }

    /// `không phải`, `không hỏi`, `đừng`, `khỏi` with what they deny after them:
    /// the place after the marker.
    fn denies_first(&self, at: usize) -> Option<usize> {
        let word = self.words.get(at)?;
        if (word.text == "đừng" && !self.words.get(at + 1).is_some_and(|next| next.is("tuong")))
            || (word.text == "dung" && matches!(self.words.next_folded(at + 1), "hoi" | "gui"))
        {
            return Some(at + 1);
        }
        if word.is("khoi") && word.may_be("khỏi") {
            let begins =
                self.parts(at) || matches!(self.word(at.wrapping_sub(1)), "toi" | "em" | "minh" | "thoi" | "thi");
            let real = word.text == "khỏi" || matches!(self.words.next_folded(at + 1), "can" | "hoi" | "noi" | "phai");
            let other = matches!(self.words.next_folded(at + 1), "benh" | "o");
            let can = usize::from(matches!(self.words.next_folded(at + 1), "can" | "phai"));
            return (begins && real && !other).then_some(at + 1 + can);
        }
        if !self.is_not(at) {
            return None;
        }
        let next = self.words.get(at + 1).filter(|next| next.gap.joins())?;
        let end = at + 2;
        let contrasted = self.against(at, end).is_some();
        match next.folded.as_str() {
            "hoi" => {
                let about = usize::from(matches!(self.words.next_folded(end), "ve" | "den" | "toi"));
                // `không hỏi được ai` tells a trouble.
                (!matches!(self.words.next_folded(end), "duoc" | "dc")).then_some(end + about)
            }
            "noi" if matches!(self.words.next_folded(end), "ve" | "den") => Some(end + 1),
            "phai" => {
                let la = usize::from(self.words.next_folded(end) == "la");
                let clause = self.clause_end(at);
                let start = self.clause_start(at);
                let begins = (start..at)
                    .all(|n| self.words.get(n).is_some_and(|w| w.is_one_of(&["a", "o", "da", "u", "ma", "y"])));
                let after_chu = self.word(at.wrapping_sub(1)) == "chu"
                    || self.fates.get(at.wrapping_sub(1)) == Some(&Fate::Dropped);
                let duty = DUTIES.contains(&self.words.next_folded(end));
                // `không phải đổi bằng lái đâu`: the last *đâu* asks nothing.
                let last = clause - usize::from(self.word(clause.saturating_sub(1)) == "dau");
                let asks = (end..last)
                    .any(|n| self.words.get(n).is_some_and(|w| w.is_one_of(&ASKS) && !w.is("bao")) || self.is_not(n));
                let plain = begins && !duty && !asks;
                (contrasted && !duty_asked(self, end, clause) || after_chu || plain).then_some(end + la)
            }
            verb if VERBS.contains(&verb) && contrasted && self.names_another(at, end) => Some(end),
            verb if VERBS.contains(&verb) && verb != "tra" && self.said_again(at, end, verb) => Some(end),
            _ => None,
        }
    }

    /// With `mà`: what comes after it begins with a verb or *là*, and asks
    /// nothing (`không làm khai sinh mà đi học được không` is a matter).
    fn names_another(&self, at: usize, from: usize) -> bool {
        let Some((_, after)) = self.against(at, from) else { return false };
        let verb = self.words.get(from - 1);
        let la = self.word(after.wrapping_sub(1)) == "la";
        let same = self.words.get(after).is_some_and(|word| {
            verb.is_some_and(|verb| verb.folded == word.folded) || word.is_one_of(&["hoi", "muon", "chi"])
        });
        la || same
    }

    /// `không muốn X, (chỉ) muốn Y`: the same verb begins the next clause.
    fn said_again(&self, at: usize, from: usize, verb: &str) -> bool {
        let next = self.clause_end(from.saturating_sub(1).max(at));
        let lead = (next..self.words.len().min(next + 2))
            .take_while(|n| {
                self.words.get(*n).is_some_and(|w| w.is_one_of(&["chi", "toi", "em", "minh", "tui", "chau"]))
            })
            .count();
        self.word(next + lead) == verb && next < self.words.len()
    }

    /// `chứ không phải X`, `chứ không X`, `thay vì X`: what is meant came first.
    fn denies_last(&self, at: usize) -> Option<usize> {
        let word = self.words.get(at)?;
        if word.is("chu") && word.may_be("chứ") && self.is_not(at + 1) && !word.gap.parts() {
            let phai = usize::from(self.words.next_folded(at + 2) == "phai");
            let la = usize::from(phai > 0 && self.words.next_folded(at + 3) == "la");
            // `chứ không` at the end asks nothing and denies nothing.
            return (phai > 0 || self.words.get(at + 2).is_some_and(|next| next.gap.joins()))
                .then_some(at + 2 + phai + la);
        }
        None
    }

    /// `not X but Y`, `…, not X`, `instead of X`, `I don't mean X`.
    fn denies_in_english(&self, at: usize) -> Option<usize> {
        let len = self.words.longest(at, &["instead of", "rather than", "not asking about", "not about"]);
        if let Some(len) = len {
            return Some(at + len);
        }
        let word = self.words.get(at)?;
        // `don't` is read as two words.
        let dont = word.is("dont")
            || (word.is("don") && self.word(at + 1) == "t")
            || (word.is("do") && self.word(at + 1) == "not");
        if dont {
            let end = at + if word.is("dont") { 1 } else { 2 };
            let verb = self.words.get(end)?;
            if verb.is("mean") {
                return Some(end + 1);
            }
            let again = verb.is_one_of(&["want", "need"])
                && (self.against(at, end + 1).is_some() || {
                    let next = self.clause_end(end);
                    let lead = usize::from(self.word(next) == "but")
                        + usize::from(matches!(self.word(next + usize::from(self.word(next) == "but")), "i"));
                    self.word(next + lead) == verb.folded
                });
            return again.then_some(end + 1);
        }
        if !word.is("not") || matches!(self.word(at + 1), "only" | "yet" | "sure" | "just") {
            return None;
        }
        let but = self.against(at, at + 1).is_some();
        let first = self.parts(at) && self.words.get(at + 1).is_some_and(|next| next.gap.joins());
        let verbs = ["working", "ready", "possible", "received", "available", "found", "have", "able", "valid"];
        let harmless = self.words.get(at + 1).is_some_and(|next| next.is_one_of(&verbs));
        ((but || first) && !harmless).then_some(at + 1)
    }

    /// Runs of meant words that say nothing by themselves (`tôi` before a
    /// denial) are dropped.
    fn bare_fillers(&mut self) {
        if self.denials == 0 && !self.fates.contains(&Fate::Dropped) {
            return;
        }
        let mut at = 0;
        while at < self.fates.len() {
            let run = self.fates.iter().skip(at).take_while(|fate| **fate == Fate::Meant).count();
            let empty = (at..at + run).all(|n| {
                self.words.get(n).is_some_and(|word| {
                    word.is_one_of(&FILLERS) || word.is_one_of(&["chu", "la", "ma", "it", "is", "s", "nhe", "ay", "do"])
                })
            });
            if run > 0 && empty {
                self.drop(at, at + run);
            }
            at += run.max(1);
        }
    }

    fn statement(&self, text: &str, corrects: bool) -> Statement {
        if self.denials == 0 && !self.fates.contains(&Fate::Dropped) {
            return Statement { affirmed: text.trim().to_owned(), denied: Vec::new(), corrects };
        }
        let mut affirmed = String::new();
        let mut denied = vec![String::new(); usize::from(self.denials)];
        let mut at = 0;
        while let Some(fate) = self.fates.get(at) {
            let run = self.fates.iter().skip(at).take_while(|next| *next == fate).count().max(1);
            let said = text.get(self.words.span(at, at + run)).unwrap_or_default();
            let into = match fate {
                Fate::Meant => Some(&mut affirmed),
                Fate::Denied(number) => denied.get_mut(usize::from(*number)),
                Fate::Dropped => None,
            };
            if let Some(into) = into {
                if !into.is_empty() {
                    into.push_str(", ");
                }
                into.push_str(said);
            }
            at += run;
        }
        denied.retain(|said| !said.is_empty());
        Statement { affirmed, denied, corrects }
    }
}

/// `không phải đóng phí mà được cấp à`: what follows is a duty, and asked for.
fn duty_asked(reader: &Reader<'_>, end: usize, clause: usize) -> bool {
    DUTIES.contains(&reader.words.next_folded(end)) && (end..clause).any(|n| reader.is_not(n))
}
