//! The numbers of SMPP 3.4 that are used here (§5.1.2.1, §5.1.3, §5.2).

/// `command_id` (SMPP 3.4 §5.1.2.1).
pub mod command {
    /// Set in the id of every response.
    pub const RESPONSE: u32 = 0x8000_0000;
    /// The answer to what cannot be read (§4.3).
    pub const GENERIC_NACK: u32 = 0x8000_0000;
    /// Bind to receive (§4.1.3).
    pub const BIND_RECEIVER: u32 = 0x0000_0001;
    /// Bind to send (§4.1.1).
    pub const BIND_TRANSMITTER: u32 = 0x0000_0002;
    /// A message to the SMSC (§4.4.1).
    pub const SUBMIT_SM: u32 = 0x0000_0004;
    /// Its response (§4.4.2).
    pub const SUBMIT_SM_RESP: u32 = RESPONSE | SUBMIT_SM;
    /// A message from the SMSC (§4.6.1).
    pub const DELIVER_SM: u32 = 0x0000_0005;
    /// Its response (§4.6.2).
    pub const DELIVER_SM_RESP: u32 = RESPONSE | DELIVER_SM;
    /// The end of a session (§4.2.1).
    pub const UNBIND: u32 = 0x0000_0006;
    /// Its response (§4.2.2).
    pub const UNBIND_RESP: u32 = RESPONSE | UNBIND;
    /// Bind to send and receive (§4.1.5).
    pub const BIND_TRANSCEIVER: u32 = 0x0000_0009;
    /// The SMSC asks for a bind; there is no response (§4.1.7).
    pub const OUTBIND: u32 = 0x0000_000B;
    /// Is anybody there? (§4.11.1)
    pub const ENQUIRE_LINK: u32 = 0x0000_0015;
    /// Its response (§4.11.2).
    pub const ENQUIRE_LINK_RESP: u32 = RESPONSE | ENQUIRE_LINK;
    /// A phone is back; there is no response (§4.12.1).
    pub const ALERT_NOTIFICATION: u32 = 0x0000_0102;
    /// A message either way, its text in a TLV (§4.7.1).
    pub const DATA_SM: u32 = 0x0000_0103;
}

/// `command_status` (SMPP 3.4 §5.1.3).
pub mod status {
    /// No error.
    pub const OK: u32 = 0x0000_0000;
    /// ESME_RINVCMDLEN: the command length is invalid.
    pub const INVALID_LENGTH: u32 = 0x0000_0002;
    /// ESME_RINVCMDID: the command id is invalid.
    pub const INVALID_COMMAND: u32 = 0x0000_0003;
    /// ESME_RINVBNDSTS: not on such a bind.
    pub const INVALID_BIND: u32 = 0x0000_0004;
    /// ESME_RSYSERR: a system error.
    pub const SYSTEM_ERROR: u32 = 0x0000_0008;
    /// ESME_RINVDSTADR: the destination is invalid.
    pub const INVALID_DESTINATION: u32 = 0x0000_000B;
    /// ESME_RBINDFAIL: the bind failed.
    pub const BIND_FAILED: u32 = 0x0000_000D;
    /// ESME_RINVPASWD: the password is wrong.
    pub const INVALID_PASSWORD: u32 = 0x0000_000E;
    /// ESME_RINVSYSID: the system id is unknown.
    pub const INVALID_SYSTEM_ID: u32 = 0x0000_000F;
    /// ESME_RMSGQFUL: the message queue is full.
    pub const QUEUE_FULL: u32 = 0x0000_0014;
    /// ESME_RTHROTTLED: more than the rate that was agreed.
    pub const THROTTLED: u32 = 0x0000_0058;
    /// ESME_RX_T_APPN: the receiver cannot take it now.
    pub const RECEIVER_TEMPORARY: u32 = 0x0000_0064;
    /// ESME_RX_R_APPN: the receiver rejects it.
    pub const RECEIVER_REJECTS: u32 = 0x0000_0066;
}

/// Tags of optional parameters (SMPP 3.4 §5.3.2).
pub mod tag {
    /// `receipted_message_id` (§5.3.2.12).
    pub const RECEIPTED_MESSAGE_ID: u16 = 0x001E;
    /// `sar_msg_ref_num`, two octets (§5.3.2.22).
    pub const SAR_REFERENCE: u16 = 0x020C;
    /// `sar_total_segments`, one octet (§5.3.2.23).
    pub const SAR_TOTAL: u16 = 0x020E;
    /// `sar_segment_seqnum`, one octet, from 1 on (§5.3.2.24).
    pub const SAR_SEQUENCE: u16 = 0x020F;
    /// `sc_interface_version` (§5.3.2.25).
    pub const INTERFACE_VERSION: u16 = 0x0210;
    /// `network_error_code`, three octets (§5.3.2.31).
    pub const NETWORK_ERROR: u16 = 0x0423;
    /// `message_payload` (§5.3.2.32).
    pub const PAYLOAD: u16 = 0x0424;
    /// `message_state`, one octet (§5.3.2.35).
    pub const MESSAGE_STATE: u16 = 0x0427;
}

/// Bits of `esm_class` (SMPP 3.4 §5.2.12).
pub mod esm_class {
    /// Where the message's type stands.
    pub const TYPE: u8 = 0b0011_1100;
    /// A delivery receipt of the SMSC.
    pub const RECEIPT: u8 = 0b0000_0100;
    /// An intermediate notification of the SMSC.
    pub const INTERMEDIATE: u8 = 0b0010_0000;
    /// A user data header stands before the text.
    pub const UDH: u8 = 0b0100_0000;
}

/// Values of `message_state` (SMPP 3.4 §5.2.28).
pub mod state {
    /// ENROUTE.
    pub const ENROUTE: u8 = 1;
    /// DELIVERED.
    pub const DELIVERED: u8 = 2;
    /// EXPIRED.
    pub const EXPIRED: u8 = 3;
    /// DELETED.
    pub const DELETED: u8 = 4;
    /// UNDELIVERABLE.
    pub const UNDELIVERABLE: u8 = 5;
    /// ACCEPTED.
    pub const ACCEPTED: u8 = 6;
    /// UNKNOWN.
    pub const UNKNOWN: u8 = 7;
    /// REJECTED.
    pub const REJECTED: u8 = 8;
}

/// The interface version that is spoken (SMPP 3.4 §5.2.4).
pub const VERSION: u8 = 0x34;
