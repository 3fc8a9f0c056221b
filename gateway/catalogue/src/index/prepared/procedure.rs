//! Procedures as they lie in the prepared file. They were checked when the
//! catalogue was read; here they are only put back.

use gateway_core::domain::{
    Fee, FeeReading, Level, Method, Money, PaperCase, PaperItem, Procedure, ProcedureCode, ProcedureResult,
    ProcessingTime, SubmissionChannel, TimeUnit,
};
use gateway_core::ports::FieldCount;
use jiff::civil::Date;

use super::pack::{Bytes, Damaged, Packed, pack_text, packed};
use crate::format::LineProblem;

packed!(Procedure {
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
});
packed!(Method { channel, time, fee, note });
packed!(Fee { published, reading });
packed!(PaperCase { case, items });
packed!(PaperItem { name, originals, copies });
packed!(ProcedureResult { name, code });
packed!(FieldCount { name, count });
packed!(LineProblem { field, reason });

impl Packed for ProcedureCode {
    fn pack(&self, to: &mut Vec<u8>) {
        pack_text(self.as_str(), to);
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        Self::parse(&String::unpack(from)?).map_err(|_| Damaged)
    }
}

impl Packed for Date {
    fn pack(&self, to: &mut Vec<u8>) {
        self.year().pack(to);
        self.month().pack(to);
        self.day().pack(to);
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        Self::new(i16::unpack(from)?, i8::unpack(from)?, i8::unpack(from)?).map_err(|_| Damaged)
    }
}

impl Packed for Money {
    fn pack(&self, to: &mut Vec<u8>) {
        self.amount().pack(to);
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        Self::from_dong(i64::unpack(from)?).map_err(|_| Damaged)
    }
}

impl Packed for Level {
    fn pack(&self, to: &mut Vec<u8>) {
        match self {
            Self::Ministry => 0_u8.pack(to),
            Self::Province => 1_u8.pack(to),
            Self::District => 2_u8.pack(to),
            Self::Commune => 3_u8.pack(to),
            Self::Other(text) => {
                4_u8.pack(to);
                text.pack(to);
            }
        }
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        Ok(match u8::unpack(from)? {
            0 => Self::Ministry,
            1 => Self::Province,
            2 => Self::District,
            3 => Self::Commune,
            4 => Self::Other(String::unpack(from)?),
            _ => return Err(Damaged),
        })
    }
}

impl Packed for SubmissionChannel {
    fn pack(&self, to: &mut Vec<u8>) {
        match self {
            Self::InPerson => 0_u8.pack(to),
            Self::Online => 1_u8.pack(to),
            Self::Post => 2_u8.pack(to),
            Self::Other(text) => {
                3_u8.pack(to);
                text.pack(to);
            }
        }
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        Ok(match u8::unpack(from)? {
            0 => Self::InPerson,
            1 => Self::Online,
            2 => Self::Post,
            3 => Self::Other(String::unpack(from)?),
            _ => return Err(Damaged),
        })
    }
}

impl Packed for TimeUnit {
    fn pack(&self, to: &mut Vec<u8>) {
        let unit = match self {
            Self::Hours => 0_u8,
            Self::WorkingHours => 1,
            Self::Days => 2,
            Self::WorkingDays => 3,
            Self::Months => 4,
            Self::Years => 5,
        };
        unit.pack(to);
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        Ok(match u8::unpack(from)? {
            0 => Self::Hours,
            1 => Self::WorkingHours,
            2 => Self::Days,
            3 => Self::WorkingDays,
            4 => Self::Months,
            5 => Self::Years,
            _ => return Err(Damaged),
        })
    }
}

impl Packed for ProcessingTime {
    fn pack(&self, to: &mut Vec<u8>) {
        match self {
            Self::NotPublished => 0_u8.pack(to),
            Self::Published { amount, unit } => {
                1_u8.pack(to);
                amount.pack(to);
                unit.pack(to);
            }
            Self::UnitNotPublished { amount } => {
                2_u8.pack(to);
                amount.pack(to);
            }
            Self::Text(text) => {
                3_u8.pack(to);
                text.pack(to);
            }
        }
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        Ok(match u8::unpack(from)? {
            0 => Self::NotPublished,
            1 => Self::Published { amount: f64::unpack(from)?, unit: TimeUnit::unpack(from)? },
            2 => Self::UnitNotPublished { amount: f64::unpack(from)? },
            3 => Self::Text(String::unpack(from)?),
            _ => return Err(Damaged),
        })
    }
}

impl Packed for FeeReading {
    fn pack(&self, to: &mut Vec<u8>) {
        match self {
            Self::NotPublished => 0_u8.pack(to),
            Self::Free => 1_u8.pack(to),
            Self::SeeNote => 2_u8.pack(to),
            Self::Amount { amount, conditional, until } => {
                3_u8.pack(to);
                amount.pack(to);
                conditional.pack(to);
                until.pack(to);
            }
            Self::Text(text) => {
                4_u8.pack(to);
                text.pack(to);
            }
        }
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        Ok(match u8::unpack(from)? {
            0 => Self::NotPublished,
            1 => Self::Free,
            2 => Self::SeeNote,
            3 => Self::Amount {
                amount: Money::unpack(from)?,
                conditional: bool::unpack(from)?,
                until: Option::unpack(from)?,
            },
            4 => Self::Text(String::unpack(from)?),
            _ => return Err(Damaged),
        })
    }
}
