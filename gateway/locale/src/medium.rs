/// What a text channel can show.
///
/// ```
/// use gateway_locale::Medium;
/// let sms = Medium::sms(true);
/// assert_eq!(sms.budget.map(|budget| budget.single), Some(160));
/// assert!(!sms.links);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Medium {
    /// How the answer is put together.
    pub voice: Voice,
    /// Which letters there are.
    pub alphabet: Alphabet,
    /// How much fits; `None` where there is no limit.
    pub budget: Option<Budget>,
    /// How many choices the channel draws as buttons; 0 where it draws none,
    /// then the choices stand in the text.
    pub buttons: u8,
    /// Whether a web address may be shown. Never in an SMS: links in messages
    /// train people for fraud.
    pub links: bool,
}

/// How an answer is put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// One fact a line, with its label: terminals, printers.
    Lines,
    /// Short paragraphs of sentences: messengers, mobile apps.
    Paragraphs,
    /// One line without air, in the shortest words: SMS.
    Dense,
    /// Sentences to be read out: no symbols, no abbreviations.
    Spoken,
}

/// Which letters a medium can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// Everything.
    Unicode,
    /// The basic set of GSM 03.38 (3GPP TS 23.038 §6.2.1), so that a part
    /// holds 160 characters: Vietnamese loses its marks.
    Gsm7,
}

/// How much fits, in the alphabet's own unit: septets for
/// [`Alphabet::Gsm7`], UTF-16 code units for [`Alphabet::Unicode`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// What fits into a message that stands alone.
    pub single: usize,
    /// What fits into one of several joined parts.
    pub part: usize,
    /// How many parts are sent at most; the rest goes to
    /// [`crate::Rendered::rest`].
    pub parts: usize,
}

impl Budget {
    /// The longest text that is sent at once.
    pub const fn most(&self) -> usize {
        let joined = self.part * self.parts;
        if self.parts < 2 || joined < self.single { self.single } else { joined }
    }

    /// The room of as many parts as a text of this length needs.
    pub(crate) const fn filled(&self, used: usize) -> usize {
        if used <= self.single || self.part == 0 {
            return self.single;
        }
        let room = used.div_ceil(self.part) * self.part;
        if room < self.most() { room } else { self.most() }
    }
}

impl Medium {
    /// A terminal: labelled lines.
    pub const PLAIN: Self =
        Self { voice: Voice::Lines, alphabet: Alphabet::Unicode, budget: None, buttons: 0, links: true };

    /// A messenger or an app: paragraphs, up to five buttons.
    pub const CHAT: Self =
        Self { voice: Voice::Paragraphs, alphabet: Alphabet::Unicode, budget: None, buttons: 5, links: true };

    /// Read out by a machine.
    pub const SPEECH: Self =
        Self { voice: Voice::Spoken, alphabet: Alphabet::Unicode, budget: None, buttons: 0, links: false };

    /// An SMS: folded to GSM-7 (160 characters, 153 a joined part), or with
    /// its marks in UCS-2 (70, and 67 a joined part).
    pub const fn sms(folded: bool) -> Self {
        let (alphabet, budget) = if folded {
            (Alphabet::Gsm7, Budget { single: 160, part: 153, parts: 3 })
        } else {
            (Alphabet::Unicode, Budget { single: 70, part: 67, parts: 4 })
        };
        Self { voice: Voice::Dense, alphabet, budget: Some(budget), buttons: 0, links: false }
    }

    /// An SMS whose channel folds and cuts by itself: everything is said, with
    /// its marks. See [`crate::Renderer::render_sms`], which also tells what may
    /// be left out.
    pub const SMS_WHOLE: Self =
        Self { voice: Voice::Dense, alphabet: Alphabet::Unicode, budget: None, buttons: 0, links: false };

    /// The same with another number of buttons.
    pub const fn with_buttons(self, buttons: u8) -> Self {
        Self { buttons, ..self }
    }

    /// The same with another budget.
    pub const fn with_budget(self, budget: Option<Budget>) -> Self {
        Self { budget, ..self }
    }
}
