//! What a road over SMPP is told. Every setting but the name, the account and
//! the hosts has a default that works with most operators.

use std::path::PathBuf;
use std::time::Duration;

use compact_str::CompactString;
use gateway_core::domain::SenderAssurance;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::pdu::bind::BindMode;
use crate::codec::{DefaultAlphabet, ReferenceBits};

/// A setting that cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("smpp.{setting}: {problem}")]
pub struct SmppConfigProblem {
    /// The setting, from the road on (`tls.ca_file`).
    pub setting: &'static str,
    /// What is wrong, without a secret's value.
    pub problem: &'static str,
}

/// One road over SMPP 3.4: an account at an operator's SMSC.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmppRoadConfig {
    /// Its name in rows, logs and metrics. Required.
    pub name: CompactString,
    /// The SMSC's hosts, names or addresses. A bind that fails at one tries the
    /// next; several binds begin at different ones. Required.
    pub hosts: Vec<String>,
    /// The port at every host; 2775 is SMPP's own, 3550 that of SMPP over TLS.
    pub port: u16,
    /// The account, 1–15 octets (SMPP 3.4 §5.2.1). Required.
    pub system_id: String,
    /// Its password, at most 15 octets (the standard has 8, §5.2.2; many SMSCs
    /// take more). Never printed.
    pub password: SecretString,
    /// What kind of ESME this is, at most 12 octets (§5.2.3); mostly empty.
    pub system_type: String,
    /// How connections are used.
    pub bind_mode: BindModes,
    /// How many binds, 1–32. With `transmitter_receiver` each is a pair of
    /// connections.
    pub binds: u8,
    /// What the bind says of the addresses that it serves; mostly empty, at
    /// most 40 octets (§5.2.7).
    pub address_range: String,
    /// Type of number and plan of `address_range`.
    pub address_range_kind: AddressKind,
    /// Kinds of addresses in submits.
    pub addresses: AddressKinds,
    /// Submits of one bind that wait for their response, 1–10,000; at most what
    /// the SMSC grants.
    pub window: u32,
    /// Submits a second on one bind, 1–100,000; what the contract allows. It is
    /// halved where the SMSC throttles, and recovers in ten seconds.
    pub rate_per_second: u32,
    /// Deliveries of one bind that may wait to be stored, 1–100,000; beyond
    /// that the connection is not read.
    pub deliveries_in_flight: u32,
    /// Silence after which an `enquire_link` is sent, in seconds, 1–3,600.
    pub enquire_link_seconds: u64,
    /// How long a response is waited for, in seconds, 1–300. A submit without
    /// one is uncertain; three in a row, or an unanswered `enquire_link`, end
    /// the connection.
    pub response_timeout_seconds: u64,
    /// How long a connection and its TLS handshake may take, in seconds, 1–300.
    pub connect_timeout_seconds: u64,
    /// The first pause before a new connection, in seconds. Pauses double, and
    /// a part of each is drawn by lot.
    pub reconnect_from_seconds: u64,
    /// The longest pause before a new connection, in seconds.
    pub reconnect_to_seconds: u64,
    /// `service_type` of submits, at most 5 octets (§5.2.11); mostly empty.
    pub service_type: String,
    /// The data coding that is written for the GSM alphabet, mostly 0 (§5.2.19).
    pub gsm_data_coding: u8,
    /// What data coding 0 means in messages that arrive.
    pub default_alphabet: AlphabetOfZero,
    /// How wide the reference in headers of long messages is: 8 or 16 bits.
    pub reference_bits: u8,
    /// How the parts of a long message are marked.
    pub long_messages: LongMessages,
    /// Receipts are asked for where a part wants one.
    pub registered_delivery: bool,
    /// How `validity_period` is written.
    pub validity: Validity,
    /// A delivery without the receipt's mark (`esm_class` 0) counts as a
    /// receipt where its text plainly is one. Some SMSCs need it. Off by
    /// default: a citizen could write such a text too, and end somebody's
    /// message on paper whose id they guess.
    pub receipts_without_mark: bool,
    /// TLS, with the operator's own certificate authority.
    pub tls: Option<SmppTlsConfig>,
    /// The connection is a private line or a VPN of the operator: it vouches
    /// for senders as TLS does.
    pub private_line: bool,
    /// How far the road vouches for a sender, where that is not to follow from
    /// `tls` and `private_line`.
    pub sender_assurance: Option<RoadAssurance>,
}

impl Default for SmppRoadConfig {
    fn default() -> Self {
        Self {
            name: CompactString::default(),
            hosts: Vec::new(),
            port: 2775,
            system_id: String::new(),
            password: SecretString::default(),
            system_type: String::new(),
            bind_mode: BindModes::Transceiver,
            binds: 1,
            address_range: String::new(),
            address_range_kind: AddressKind::default(),
            addresses: AddressKinds::default(),
            window: 10,
            rate_per_second: 50,
            deliveries_in_flight: 1_000,
            enquire_link_seconds: 30,
            response_timeout_seconds: 10,
            connect_timeout_seconds: 10,
            reconnect_from_seconds: 1,
            reconnect_to_seconds: 60,
            service_type: String::new(),
            gsm_data_coding: 0,
            default_alphabet: AlphabetOfZero::Gsm,
            reference_bits: 8,
            long_messages: LongMessages::Udh,
            registered_delivery: true,
            validity: Validity::Relative,
            receipts_without_mark: false,
            tls: None,
            private_line: false,
            sender_assurance: None,
        }
    }
}

impl SmppRoadConfig {
    /// Checks every setting.
    ///
    /// # Errors
    /// The first [`SmppConfigProblem`].
    pub fn validate(&self) -> Result<(), SmppConfigProblem> {
        must(!self.name.trim().is_empty(), "name", "is empty")?;
        must(!self.hosts.is_empty(), "hosts", "is empty")?;
        must(self.hosts.iter().all(|host| !host.trim().is_empty()), "hosts", "holds an empty one")?;
        must(self.port > 0, "port", "is 0")?;
        must(fits(&self.system_id, 15) && !self.system_id.is_empty(), "system_id", "must be 1–15 ASCII characters")?;
        must(fits(self.password.expose_secret(), 15), "password", "must be at most 15 ASCII characters")?;
        must(fits(&self.system_type, 12), "system_type", "must be at most 12 ASCII characters")?;
        must(fits(&self.service_type, 5), "service_type", "must be at most 5 ASCII characters")?;
        must(fits(&self.address_range, 40), "address_range", "must be at most 40 ASCII characters")?;
        must((1..=32).contains(&self.binds), "binds", "must be 1–32")?;
        must((1..=10_000).contains(&self.window), "window", "must be 1–10000")?;
        must((1..=100_000).contains(&self.rate_per_second), "rate_per_second", "must be 1–100000")?;
        must((1..=100_000).contains(&self.deliveries_in_flight), "deliveries_in_flight", "must be 1–100000")?;
        must((1..=3_600).contains(&self.enquire_link_seconds), "enquire_link_seconds", "must be 1–3600")?;
        must((1..=300).contains(&self.response_timeout_seconds), "response_timeout_seconds", "must be 1–300")?;
        must((1..=300).contains(&self.connect_timeout_seconds), "connect_timeout_seconds", "must be 1–300")?;
        must((1..=3_600).contains(&self.reconnect_from_seconds), "reconnect_from_seconds", "must be 1–3600")?;
        must(
            (self.reconnect_from_seconds..=3_600).contains(&self.reconnect_to_seconds),
            "reconnect_to_seconds",
            "must be at least reconnect_from_seconds and at most 3600",
        )?;
        must(matches!(self.reference_bits, 8 | 16), "reference_bits", "must be 8 or 16")?;
        must(
            self.tls.as_ref().is_none_or(|tls| tls.certificate_file.is_some() == tls.key_file.is_some()),
            "tls",
            "certificate_file and key_file go together",
        )
    }

    /// How far the road vouches for the sender of a message: as told, else
    /// [`Carrier`](SenderAssurance::Carrier) over TLS or a private line, else
    /// [`Claimed`](SenderAssurance::Claimed): on the open network anybody
    /// between could write a number.
    pub fn assurance(&self) -> SenderAssurance {
        match self.sender_assurance {
            Some(RoadAssurance::Claimed) => SenderAssurance::Claimed,
            Some(RoadAssurance::Provider) => SenderAssurance::Provider,
            Some(RoadAssurance::Carrier) => SenderAssurance::Carrier,
            None if self.tls.is_some() || self.private_line => SenderAssurance::Carrier,
            None => SenderAssurance::Claimed,
        }
    }

    /// The reference's width for cutting texts.
    pub fn reference(&self) -> ReferenceBits {
        if self.reference_bits == 16 { ReferenceBits::Sixteen } else { ReferenceBits::Eight }
    }

    pub(super) fn connections(&self) -> Vec<(CompactString, BindMode)> {
        (0..self.binds)
            .flat_map(|bind| match self.bind_mode {
                BindModes::Transceiver => vec![(compact_str::format_compact!("{bind}"), BindMode::Transceiver)],
                BindModes::TransmitterReceiver => vec![
                    (compact_str::format_compact!("{bind}-tx"), BindMode::Transmitter),
                    (compact_str::format_compact!("{bind}-rx"), BindMode::Receiver),
                ],
            })
            .collect()
    }

    pub(super) fn response_timeout(&self) -> Duration {
        Duration::from_secs(self.response_timeout_seconds)
    }
}

fn must(holds: bool, setting: &'static str, problem: &'static str) -> Result<(), SmppConfigProblem> {
    if holds { Ok(()) } else { Err(SmppConfigProblem { setting, problem }) }
}

fn fits(text: &str, most: usize) -> bool {
    text.len() <= most && text.bytes().all(|octet| octet.is_ascii() && octet != 0)
}

/// TLS to the SMSC.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmppTlsConfig {
    /// Certificates (PEM) of the authorities that may have signed the SMSC's.
    /// No others are trusted; name the system's bundle for a public one.
    pub ca_file: PathBuf,
    /// Our certificate and its chain (PEM), where the SMSC asks for one.
    #[serde(default)]
    pub certificate_file: Option<PathBuf>,
    /// Its key (PEM).
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// The name that the SMSC's certificate must hold; by default the host.
    #[serde(default)]
    pub server_name: Option<String>,
}

/// How connections are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BindModes {
    /// Each connection sends and receives.
    Transceiver,
    /// One connection sends, another receives: for SMSCs without the
    /// transceiver of SMPP 3.4.
    TransmitterReceiver,
}

/// How the parts of a long message are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LongMessages {
    /// A user data header before the text (3GPP TS 23.040 §9.2.3.24.1).
    Udh,
    /// The TLVs `sar_msg_ref_num`, `sar_total_segments`, `sar_segment_seqnum`.
    Sar,
    /// Whole in the TLV `message_payload`; the SMSC cuts. Such a message is
    /// handed to the road as one part, however long.
    MessagePayload,
}

/// How `validity_period` is written (SMPP 3.4 §7.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    /// From when the SMSC gets it: needs no common clock.
    Relative,
    /// A moment in UTC.
    Absolute,
    /// Not at all: the SMSC's own default.
    None,
}

/// What data coding 0 means in messages that arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlphabetOfZero {
    /// The default alphabet of GSM 03.38, one septet an octet.
    Gsm,
    /// ISO 8859-1, of which ASCII is a part.
    Latin1,
}

impl From<AlphabetOfZero> for DefaultAlphabet {
    fn from(alphabet: AlphabetOfZero) -> Self {
        match alphabet {
            AlphabetOfZero::Gsm => Self::Gsm7,
            AlphabetOfZero::Latin1 => Self::Latin1,
        }
    }
}

/// [`SenderAssurance`] as it is written in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoadAssurance {
    /// Nothing vouches.
    Claimed,
    /// The provider, not each field.
    Provider,
    /// The sender's phone counts as a proof.
    Carrier,
}

/// Type of number and numbering plan (SMPP 3.4 §5.2.5, §5.2.6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressKind {
    /// Type of number: 0 unknown, 1 international, 2 national, 3 network
    /// specific, 5 alphanumeric.
    pub ton: u8,
    /// Numbering plan: 0 unknown, 1 ISDN (E.164).
    pub npi: u8,
}

impl AddressKind {
    const fn new(ton: u8, npi: u8) -> Self {
        Self { ton, npi }
    }
}

/// The kinds by what an address looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AddressKinds {
    /// At most eight digits: a short code.
    pub short_code: AddressKind,
    /// Anything with a letter: a brand name.
    pub alphanumeric: AddressKind,
    /// `+` and digits, or more than eight digits without a leading 0.
    pub international: AddressKind,
    /// More than eight digits with a leading 0.
    pub national: AddressKind,
}

impl Default for AddressKinds {
    fn default() -> Self {
        Self {
            short_code: AddressKind::new(3, 0),
            alphanumeric: AddressKind::new(5, 0),
            international: AddressKind::new(1, 1),
            national: AddressKind::new(2, 1),
        }
    }
}

impl AddressKinds {
    pub(super) fn of(&self, address: &str) -> AddressKind {
        let digits = address.strip_prefix('+').unwrap_or(address);
        if !digits.bytes().all(|octet| octet.is_ascii_digit()) {
            self.alphanumeric
        } else if digits.len() < address.len() {
            self.international
        } else if digits.len() <= 8 {
            self.short_code
        } else if digits.starts_with('0') {
            self.national
        } else {
            self.international
        }
    }
}
