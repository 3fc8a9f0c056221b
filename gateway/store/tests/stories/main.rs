//! One story of tests, told on both databases.
//!
//! SQLite is always there. PostgreSQL is told where `DAKENH_TEST_POSTGRES`
//! holds the URL of a server on which databases may be created; without it
//! those stories show as *ignored*, and under `CI=true` as failed.
#![expect(clippy::unwrap_used, reason = "the whole target is tests, outside of #[test] functions")]
#![expect(clippy::panic, reason = "likewise")]

mod answers;
mod audit;
mod calls;
mod chats;
mod citizens;
mod continuations;
mod conversations;
mod credentials;
mod devices;
mod disclosure;
mod handovers;
mod inbox;
mod learning;
mod links;
mod mail;
mod messages;
mod migrations;
mod notices;
mod officers;
mod opening;
mod outbox;
mod queue;
mod ranges;
mod ratings;
mod sweeping;
mod unheard;
mod world;

#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;
use std::sync::Arc;

use futures::future::BoxFuture;
use libtest_mimic::{Arguments, Failed, Trial};
use world::World;

/// A story told to a world with a migrated, empty database.
type Story = fn(Arc<World>) -> BoxFuture<'static, ()>;

macro_rules! stories {
    ($($chapter:ident :: $story:ident),+ $(,)?) => {
        [$((
            concat!(stringify!($chapter), "::", stringify!($story)),
            (|world| Box::pin($chapter::$story(world))) as Story,
        )),+]
    };
}

fn main() -> ExitCode {
    let both = stories![
        answers::an_officer_sees_what_was_said_newest_first,
        answers::what_senders_asked_is_found_newest_first,
        audit::what_is_queued_is_on_disk_after_a_graceful_stop,
        audit::a_disclosure_is_on_disk_when_commit_returns,
        audit::rows_do_not_change_and_young_ones_stay,
        audit::an_insert_that_is_repeated_writes_no_row_twice,
        audit::a_restarted_writer_goes_on_where_no_row_is,
        audit::a_row_that_can_never_be_written_does_not_hold_up_the_others,
        calls::calls_stand_in_a_line_of_their_site,
        calls::of_two_officers_one_comes_and_the_terminal_sees_it,
        calls::whom_nobody_answers_in_time_may_call_again,
        calls::a_terminal_that_calls_many_times_at_once_has_one_call,
        chats::a_line_that_is_written_twice_is_one,
        chats::lines_are_read_in_their_order_and_after_one,
        chats::whoever_polls_misses_no_line_of_two_nodes,
        chats::the_house_is_silent_while_an_officer_holds,
        chats::a_claim_takes_back_what_the_house_had_queued,
        chats::a_claim_waits_for_the_last_word_of_the_house,
        chats::a_wire_that_never_answers_holds_no_officer_up_for_long,
        chats::a_message_of_the_house_is_begun_where_nobody_holds,
        chats::of_twenty_officers_one_gets_it,
        chats::there_are_never_two_voices,
        citizens::the_newest_wish_holds,
        citizens::a_refusal_that_holds_outlives_every_sweep,
        citizens::a_code_is_good_once,
        citizens::a_code_bears_five_tries_and_ends,
        citizens::codes_are_sent_seldom,
        citizens::codes_to_one_phone_are_counted_over_all_its_dossiers,
        citizens::who_has_proved_a_dossier_is_known_for_a_while,
        citizens::a_phone_subscribes_to_so_many_dossiers,
        citizens::what_is_due_first_is_looked_at_first_and_by_one,
        citizens::however_many_are_due_soon_the_others_have_their_turn,
        citizens::of_two_nodes_one_tells_that_it_moved,
        citizens::what_is_over_is_swept,
        continuations::a_page_goes_on_once_on_the_one_phone,
        continuations::every_kind_of_page_comes_back_as_it_was,
        continuations::of_twenty_phones_at_once_one_is_the_one,
        continuations::of_twenty_asks_at_once_one_goes_on,
        continuations::wrong_digits_are_counted_however_many_come_at_once,
        continuations::a_terminal_has_one_and_another_has_no_part_in_it,
        continuations::of_many_that_a_terminal_makes_at_once_one_lives,
        continuations::what_is_over_by_its_time_is_over_and_swept_a_day_later,
        continuations::under_another_key_and_without_the_table_nobody_goes_on,
        conversations::what_was_said_is_known_here_at_once_and_elsewhere_soon,
        conversations::the_last_turn_wins,
        conversations::of_two_hundred_chats_on_two_nodes_none_is_lost,
        conversations::what_has_expired_is_not_recalled_and_is_swept,
        conversations::a_sweep_of_many_goes_in_batches,
        conversations::a_stop_writes_what_waits_and_a_restart_knows_it,
        conversations::under_another_key_nothing_is_there_until_it_is_said_again,
        conversations::a_row_that_was_meddled_with_is_as_if_it_were_not_there,
        conversations::a_database_without_the_table_is_an_error_that_the_desk_hears,
        credentials::a_secret_is_replaced_by_the_version_that_was_read,
        credentials::of_twenty_that_replace_one_version_one_does,
        credentials::a_secret_that_does_not_open_is_empty_and_may_be_written_anew,
        credentials::a_lease_has_one_holder_until_its_end,
        credentials::of_twenty_that_take_a_lease_one_has_it,
        devices::a_code_makes_one_terminal_and_the_lost_answer_comes_again,
        devices::a_code_that_is_over_makes_none,
        devices::of_many_that_show_one_code_at_once_one_is_made,
        devices::revoking_acts_at_once_on_every_node,
        devices::a_nonce_is_taken_once_among_all_nodes,
        devices::nonces_that_no_clock_lets_in_go_by_themselves,
        devices::a_terminal_s_last_words_are_kept,
        devices::without_the_tables_nobody_is_let_in_and_every_call_ends,
        disclosure::of_fifty_guesses_at_once_each_gets_its_own_number,
        disclosure::a_right_proof_is_taken_back_and_a_new_day_begins_at_one,
        disclosure::tried_proofs_outlive_a_restart,
        disclosure::a_phone_that_several_owners_share_is_known,
        handovers::what_an_officer_says_is_sent_once,
        handovers::whoever_does_not_hold_it_changes_nothing,
        handovers::a_citizen_stands_in_the_line_once,
        handovers::only_who_waits_can_leave,
        handovers::who_is_left_alone_waits_again_and_one_node_tells,
        handovers::an_officer_passes_it_on,
        handovers::the_desk_tells_its_load,
        handovers::a_wish_to_be_called_back_is_answered_by_one,
        handovers::under_another_key_nothing_opens_and_nothing_fails,
        handovers::a_row_that_was_meddled_with_is_left_out,
        handovers::what_has_ended_is_swept,
        handovers::a_restart_knows_all_of_it,
        handovers::a_database_without_the_tables_is_an_error,
        inbox::a_replay_is_known_within_its_window,
        inbox::of_twenty_deliveries_at_once_one_is_new,
        inbox::many_at_once_share_transactions_and_are_all_there,
        inbox::a_message_is_settled_once,
        inbox::what_is_put_off_comes_again_when_its_time_has_come,
        inbox::what_another_start_left_is_adopted,
        inbox::a_graceful_stop_gives_back_at_once,
        inbox::parts_come_in_any_order_and_once,
        inbox::of_parts_at_once_one_completes_the_set,
        inbox::above_its_bound_nothing_is_taken,
        inbox::the_rest_of_an_answer_is_kept_until_it_is_replaced,
        inbox::one_call_that_can_never_be_written_fails_alone,
        inbox::whoever_does_not_wait_leaves_the_message_to_be_adopted,
        learning::what_was_missed_is_read_newest_first_and_by_kind,
        learning::misses_are_bounded_and_expire,
        learning::a_miss_that_was_meddled_with_or_sealed_otherwise_is_left_out,
        learning::a_second_person_decides_and_none_lower,
        learning::what_passes_goes_live_on_every_node_and_is_undone,
        learning::what_was_measured_of_other_lessons_does_not_count,
        learning::one_text_is_proposed_once_and_proposals_are_bounded,
        learning::of_two_supervisors_at_once_one_confirms,
        learning::a_lesson_leads_nowhere_else,
        links::a_right_code_links_once_and_both_sides_see_it,
        links::a_code_for_links_bears_five_tries_and_ends,
        links::codes_for_links_are_few_for_account_and_phone,
        links::of_twenty_that_confirm_one_code_one_links,
        links::of_ten_accounts_at_once_a_phone_takes_three,
        links::another_phone_takes_the_place_of_the_first,
        links::a_contact_is_taken_where_it_was_offered,
        links::either_side_breaks_its_own_links_and_no_others,
        links::a_link_that_is_used_stays_and_what_is_over_is_swept,
        links::a_link_that_was_meddled_with_shows_no_phone,
        messages::a_replay_is_known,
        messages::of_twenty_deliveries_at_once_one_is_the_first,
        migrations::a_second_run_changes_nothing,
        migrations::nodes_may_start_at_once,
        migrations::a_newer_database_is_refused,
        notices::a_notice_appears_and_ends_by_itself,
        notices::a_notice_can_be_ended_before_its_time,
        officers::an_account_is_made_once_and_found_on_every_node,
        officers::disabling_acts_at_once_on_every_node,
        officers::a_session_ends_by_itself,
        officers::a_session_is_replaced_ended_and_bounded_in_number,
        officers::new_keys_end_sessions_and_let_none_begin_with_the_old,
        officers::a_second_factor_is_sealed_for_its_account,
        officers::of_one_code_sent_twice_at_once_one_is_taken,
        officers::of_many_tries_at_once_five_are_looked_at,
        officers::each_failure_doubles_the_pause_and_a_right_one_is_taken_back,
        officers::acts_are_read_newest_first_of_one_or_of_all,
        officers::acts_do_not_change_and_young_ones_stay,
        outbox::a_message_goes_its_way_and_its_words_go_with_it,
        outbox::what_was_given_back_goes_again_and_what_was_refused_never,
        outbox::answers_go_before_notices_and_the_oldest_first,
        outbox::what_a_dead_node_was_handing_over_is_not_repeated,
        outbox::a_receipt_finds_its_message_however_the_id_is_written,
        outbox::a_final_state_never_changes,
        outbox::a_receipt_that_comes_first_is_held_until_its_message_has_the_id,
        outbox::depths_tell_what_is_under_way,
        outbox::a_notice_of_several_parts_is_traced_by_any_of_them,
        outbox::no_personal_data_is_left_when_all_is_over,
        unheard::a_message_is_adopted_at_once,
        unheard::a_hand_over_is_not_begun,
        unheard::what_was_written_as_begun_is_not,
        unheard::a_stop_leaves_no_hand_over_uncertain,
        ranges::what_a_terminal_was_given_is_its_own_that_day_whatever_changes,
        ranges::a_terminal_that_is_enrolled_anew_tells_of_the_old_one_s_and_gives_from_tomorrow,
        ranges::of_twenty_that_want_the_same_serials_at_once_one_has_them,
        ranges::without_the_table_no_range_is_given,
        ratings::a_rating_waits_for_the_portal_and_goes_once,
        ratings::what_the_portal_does_not_have_comes_again_in_its_time,
        ratings::what_a_dead_node_was_sending_is_uncertain_and_never_repeated,
        ratings::of_many_nodes_one_sends_each_rating,
        ratings::what_comes_again_counts_once_on_any_node,
        ratings::what_is_not_of_a_dossier_stays_here,
        ratings::under_another_key_a_rating_is_given_up,
        opening::a_ping_answers_and_pools_tell_their_load,
        queue::of_a_thousand_takers_on_two_nodes_each_has_its_own_number,
        queue::the_same_key_is_the_same_number,
        queue::a_full_line_takes_nobody_and_terminals_numbers_are_passed_over,
        queue::of_ten_counters_that_press_next_at_once_each_gets_another,
        queue::a_counter_has_one_ticket_at_a_time,
        queue::priority_goes_first_and_nobody_waits_for_ever,
        queue::who_comes_back_late_is_called_after_some_others,
        queue::what_is_sent_on_waits_there_by_its_own_time,
        queue::how_a_site_stands_is_read,
        queue::a_restart_loses_no_ticket,
        queue::terminals_own_numbers_stand_in_the_line_once,
        queue::a_day_ends_and_what_is_old_is_swept,
        queue::whoever_listens_hears_of_the_own_site,
        queue::one_wish_that_can_never_be_written_fails_alone,
        sweeping::what_is_older_than_the_retention_goes,
        sweeping::a_sweep_of_many_rows_goes_in_batches,
    ];
    let sqlite = stories![
        answers::a_code_is_found_by_the_index,
        answers::a_sender_is_found_by_the_index,
        audit::the_database_file_holds_no_personal_data,
        audit::while_the_file_is_locked_a_disclosure_fails_in_time_and_no_row_is_lost,
        conversations::the_database_files_tell_nothing_of_what_was_said,
        conversations::while_the_file_is_locked_answers_do_not_wait,
        credentials::the_database_files_hold_no_secret,
        handovers::the_database_files_tell_nothing_of_citizens,
        handovers::what_the_house_has_to_say_is_found_by_the_index,
        ratings::no_rating_shows_its_dossier_or_words,
        inbox::while_the_file_is_locked_calls_fail_in_time,
        learning::the_database_files_tell_nothing_of_misses,
        links::the_database_files_tell_nothing_of_links,
        opening::a_database_in_memory_is_one_for_reading_and_writing,
        opening::a_folder_that_is_not_there_is_named,
        opening::a_file_that_is_no_database_is_named,
        opening::a_url_of_another_kind_is_refused,
        queue::while_the_file_is_locked_nobody_hangs,
    ];
    let postgres = stories![
        audit::the_audit_cannot_be_emptied,
        chats::a_claim_waits_for_a_line_that_is_being_committed,
        inbox::a_database_that_may_lose_what_it_confirms_is_refused,
        outbox::a_late_repair_frees_no_later_hand_over,
        opening::a_server_without_the_database_says_so,
        opening::a_silent_or_absent_server_is_unreachable_in_time,
    ];

    let mut trials = Vec::new();
    for (name, story) in both.into_iter().chain(sqlite) {
        trials.push(Trial::test(format!("sqlite::{name}"), move || World::in_sqlite(story)));
    }
    let server = world::postgres_url();
    let required = world::is_ci();
    for (name, story) in both.into_iter().chain(postgres) {
        let server = server.clone();
        let skipped = server.is_none() && !required;
        let trial = Trial::test(format!("postgres::{name}"), move || match server {
            Some(server) => World::in_postgres(&server, story),
            None => Err(Failed::from("DAKENH_TEST_POSTGRES is not set: no server to test on")),
        });
        trials.push(trial.with_ignored_flag(skipped));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
