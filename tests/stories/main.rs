//! Stories on the real binary.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod assistant_conversations;
mod assistant_roads;
mod assistant_table;
mod assistant_terminal;
mod browser_chat;
mod browser_continuations;
mod browser_hall;
mod browser_pages;
mod chat_abuse;
mod chat_crashes;
mod commands;
mod continuations;
mod counter;
mod database;
mod demo;
mod faults;
mod handover;
mod kiosk_calls;
mod learning;
mod lifecycle;
mod linking;
mod mobile;
mod officers;
mod pages;
mod privacy;
mod queue;
mod ratings;
mod ratings_sms;
mod sms_codes;
mod sms_crashes;
mod sms_failover;
mod sms_http;
mod sms_keywords;
mod sms_long;
mod sms_notices;
mod sms_operators;
mod sms_portal_down;
mod sms_robots;
mod sms_smsc;
mod telegram;
mod terminals;
mod webchat;
mod zalo;
mod zalo_operators;
