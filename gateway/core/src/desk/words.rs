//! Stable words of actions and replies.

/// Writes `key`, the stable word of each variant, and `WORDS`, all of them: whoever
/// has a sentence for each (the officers' console) is held to it by a test. A
/// variant whose words are those of another type stands at the end.
macro_rules! stable_words {
    ($(#[$doc:meta])* $($pattern:pat => $word:literal,)+ $(; $of:ident($inner:ident): $type:ty)?) => {
        /// The words of [`Self::key`], but for those of another type.
        pub const WORDS: &'static [&'static str] = &[$($word),+];

        $(#[$doc])*
        pub const fn key(&self) -> &'static str {
            match self {
                $($pattern => $word,)+
                $(Self::$of($inner) => $inner.key(),)?
            }
        }
    };
}

pub(super) use stable_words;
