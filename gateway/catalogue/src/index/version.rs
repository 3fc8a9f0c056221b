use std::sync::Arc;

use gateway_core::domain::{Fee, Level, Method, PaperCase, PaperItem, Procedure, ProcedureResult, ProcessingTime};

/// Bytes that are hashed at once: in small pieces it would take several times as
/// long.
const BLOCK: usize = 64 * 1024;

/// A hash of all that can be seen, so that every node and every start with the
/// same procedures has the same version (it is part of an ETag).
pub(super) fn version(procedures: &[Arc<Procedure>]) -> u64 {
    let mut seen = Seen { hasher: blake3::Hasher::new(), waiting: Vec::with_capacity(2 * BLOCK) };
    for procedure in procedures {
        seen.procedure(procedure);
    }
    seen.hasher.update(&seen.waiting);
    let mut first = [0; 8];
    first.copy_from_slice(seen.hasher.finalize().as_bytes().first_chunk::<8>().unwrap_or(&[0; 8]));
    u64::from_le_bytes(first)
}

struct Seen {
    hasher: blake3::Hasher,
    waiting: Vec<u8>,
}

impl Seen {
    /// Every field by its name: a new one does not compile until it is hashed.
    fn procedure(&mut self, procedure: &Procedure) {
        let Procedure {
            code,
            name,
            short_name,
            english_name,
            aliases,
            field,
            levels,
            applicants,
            decision,
            methods,
            papers,
            steps,
            conditions,
            results,
            legal,
            url,
            source,
            as_of,
            sensitive,
            prior,
        } = procedure;
        self.text(code.as_str());
        for text in [name, short_name, field, source] {
            self.text(text);
        }
        for text in [english_name, decision, steps, conditions, url] {
            self.maybe(text.as_deref());
        }
        for texts in [aliases, applicants, legal] {
            self.list(texts, |seen, text| seen.text(text));
        }
        self.list(levels, |seen, level| match level {
            Level::Other(text) => seen.maybe(Some(text)),
            known => {
                seen.maybe(None);
                seen.text(known.key());
            }
        });
        self.list(methods, Self::method);
        self.list(papers, |seen, PaperCase { case, items }| {
            seen.text(case);
            seen.list(items, |seen, PaperItem { name, originals, copies }| {
                seen.text(name);
                seen.figure(u64::from(*originals));
                seen.figure(u64::from(*copies));
            });
        });
        self.list(results, |seen, ProcedureResult { name, code }| {
            seen.text(name);
            seen.maybe(code.as_deref());
        });
        self.figure(as_of.map_or(0, |day| {
            let [year, month, of_month] = [i64::from(day.year()), i64::from(day.month()), i64::from(day.day())];
            1 + ((year * 16 + month) * 32 + of_month).unsigned_abs()
        }));
        self.figure(u64::from(*sensitive));
        self.figure(u64::from(prior.to_bits()));
        if self.waiting.len() >= BLOCK {
            self.hasher.update(&self.waiting);
            self.waiting.clear();
        }
    }

    fn method(&mut self, method: &Method) {
        let Method { channel, time, fee, note } = method;
        self.text(channel.key());
        match time {
            ProcessingTime::NotPublished => self.figure(0),
            ProcessingTime::Published { amount, unit } => {
                self.figure(1);
                self.figure(amount.to_bits());
                self.text(unit.key());
            }
            ProcessingTime::UnitNotPublished { amount } => {
                self.figure(2);
                self.figure(amount.to_bits());
            }
            ProcessingTime::Text(text) => {
                self.figure(3);
                self.text(text);
            }
        }
        // How a fee is read follows from its text and the note.
        let Fee { published, reading: _ } = fee;
        self.maybe(published.as_deref());
        self.maybe(note.as_deref());
    }

    /// Lengths stand before texts and lists, so that nothing moves unseen from
    /// one to the next.
    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.waiting.extend_from_slice(text.as_bytes());
    }

    fn maybe(&mut self, text: Option<&str>) {
        self.figure(u64::from(text.is_some()));
        self.text(text.unwrap_or_default());
    }

    fn list<T>(&mut self, list: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.length(list.len());
        for one in list {
            each(self, one);
        }
    }

    fn length(&mut self, length: usize) {
        self.figure(u64::try_from(length).unwrap_or(u64::MAX));
    }

    fn figure(&mut self, figure: u64) {
        self.waiting.extend_from_slice(&figure.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;

    #[test]
    fn every_change_is_seen() {
        let of = |procedures: Vec<Procedure>| version(&procedures.into_iter().map(Arc::new).collect::<Vec<_>>());
        let before = of(builtin());
        assert_eq!(before, of(builtin()));
        let changes: [fn(&mut Procedure); 10] = [
            |p| p.name.push('a'),
            |p| p.sensitive = !p.sensitive,
            |p| p.prior += 0.5,
            |p| p.as_of = None,
            |p| p.levels.push(Level::Other("commune".into())),
            |p| p.aliases.push(String::new()),
            |p| p.steps = Some(p.steps.clone().unwrap_or_default() + "."),
            |p| p.methods.iter_mut().for_each(|method| method.note = Some("x".into())),
            |p| p.papers.clear(),
            |p| (p.english_name, p.decision) = (p.decision.take(), p.english_name.take()),
        ];
        let mut seen = vec![before];
        for change in changes {
            let mut procedures = builtin();
            procedures.iter_mut().take(1).for_each(change);
            let after = of(procedures);
            assert!(!seen.contains(&after));
            seen.push(after);
        }
    }
}
